"""What is watched while training, against masks worked out by hand."""

import numpy as np
import pytest

from training.fit.epoch_metrics import MeanOnPositives, PixelAccuracy


def channels(*masks):
    masks = np.array(masks, "float32")
    return np.stack([1 - masks, masks], -1)


TRUE = channels([[1, 1], [0, 0]], [[0, 0], [0, 0]])
PRED = channels([[0.9, 0.2], [0.6, 0]], [[0.9, 0], [0, 0]])


@pytest.mark.parametrize(("kind", "expected"), [("dice", 2 / 4), ("iou", 1 / 3)])
def test_pictures_without_lesion_do_not_count(kind, expected):
    metric = MeanOnPositives(kind, kind)
    metric.update_state(TRUE, PRED)
    assert float(metric.result()) == pytest.approx(expected)


def test_batches_add_up():
    metric = MeanOnPositives("dice", "dice")
    metric.update_state(TRUE, PRED)
    metric.update_state(TRUE, TRUE)
    assert float(metric.result()) == pytest.approx(0.75)


def test_pixel_accuracy_counts_every_pixel():
    metric = PixelAccuracy()
    metric.update_state(TRUE, PRED)
    assert float(metric.result()) == pytest.approx(5 / 8)
