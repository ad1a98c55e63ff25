"""Harmless changes change the file, hardly what it shows, and never the picture handed in."""

import cv2
import numpy as np
import pytest

from training.evaluate.harmless import CHANGES, JPEG, as_sent


@pytest.fixture(scope="module")
def xray():
    rough = np.random.default_rng(0).integers(20, 235, (15, 12), np.uint8)
    return cv2.resize(rough, (120, 150), interpolation=cv2.INTER_CUBIC)


def test_there_are_twelve():
    assert len(CHANGES) == 12 and JPEG.keys() < CHANGES.keys()


@pytest.mark.parametrize("change", CHANGES)
def test_the_picture_is_changed_a_little(xray, change):
    before = xray.copy()
    sent = as_sent(xray, change)
    assert sent.dtype == np.uint8 and sent.ndim == 2
    assert np.array_equal(xray, before)
    assert sent.shape != xray.shape or not np.array_equal(sent, xray)
    if sent.shape == xray.shape:
        assert np.abs(sent.astype(int) - xray)[8:-8, 8:-8].mean() < 12


def test_sizes():
    xray = np.full((200, 100), 90, np.uint8)
    sizes = {change: make(xray).shape for change, make in CHANGES.items()}
    assert sizes["row_and_column_cropped"] == (199, 99)
    assert sizes["cropped_5_percent"] == (190, 96)
    assert sizes["resized_80_percent"] == (160, 80)
    assert sizes["resized_150_percent"] == (300, 150)
    assert sizes["black_bars"] == (200, 120)


def test_gray_levels_by_hand():
    levels = np.array([[0, 100, 255]], np.uint8)
    assert CHANGES["contrast_95_percent"](levels).tolist() == [[6, 101, 249]]
    assert CHANGES["contrast_105_percent"](levels).tolist() == [[0, 99, 255]]
    assert CHANGES["gamma_0_9"](levels).tolist() == [[0, 110, 255]]


def test_a_shift_by_hand():
    assert CHANGES["shifted_1_pixel"](np.uint8([[1, 2], [3, 4]])).tolist() == [[1, 1], [1, 1]]
