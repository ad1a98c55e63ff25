from pathlib import Path

import numpy as np

from training.data.dataset import Xray
from training.evaluate.bootstrap import LONGEST_GROUP, patient_groups


def xray(number, fractured=False, part="hand"):
    attributes = {key: int(key == part) for key in ("hand", "leg", "hip", "shoulder", "mixed")}
    return Xray(f"IMG{number:07d}.jpg", Path(), "val", fractured, attributes=attributes)


def test_groups_break_at_gaps_body_parts_fracture_state_and_length():
    pictures = [xray(1), xray(2), xray(4), xray(5, True), xray(6, True), xray(7, True, "leg")]
    assert patient_groups(pictures).tolist() == [0, 0, 1, 2, 2, 3]
    run = patient_groups([xray(number) for number in range(2 * LONGEST_GROUP + 1)])
    assert np.bincount(run).tolist() == [LONGEST_GROUP, LONGEST_GROUP, 1]
