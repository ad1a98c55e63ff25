"""Calibration moves the logit, and stays a probability."""

import numpy as np
import pytest

from fracturelens.networks.calibration import calibrated
from fracturelens.networks.inference import Calibration


def test_calibration_moves_the_logit():
    assert calibrated(np.array([0.5]), Calibration(2.0, -1.0)) == pytest.approx(1 / (1 + np.e))
    assert calibrated(np.array([0.3]), Calibration()) == pytest.approx(0.3)


@pytest.mark.parametrize("raw", [0.0, 1.0])
def test_certain_outputs_stay_finite(raw):
    [probability] = calibrated(np.array([raw]), Calibration(1.5, 1.0))
    assert 0 <= probability <= 1 and abs(probability - raw) < 1e-6
