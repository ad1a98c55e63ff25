"""Training pictures are changed as other hospitals export theirs; lesions stay on their bones."""

import numpy as np
import pytest

from training.fit.augmentation import Example
from training.synthetic import exported
from training.synthetic.exported import with_export_changes

OUTLINE = np.array([[0.25, 0.5], [0.35, 0.5], [0.35, 0.6], [0.25, 0.6]])


@pytest.fixture
def host():
    image = np.full((200, 160), 80, np.uint8)
    image[100:120, 40:56] = 200  # where OUTLINE lies
    return Example(image, (OUTLINE,), True, np.array([[0.5, 0.25]]))


def test_a_share_of_views_is_changed_and_the_host_never(host):
    before = host.image.copy()
    random = np.random.default_rng(1)
    changed = [with_export_changes(host, random, 0.5) is not host for _ in range(60)]
    assert 15 < sum(changed) < 45
    assert np.array_equal(host.image, before)
    assert with_export_changes(host, random, 0.0) is host


def test_bars_move_outlines_along(host, monkeypatch):
    monkeypatch.setattr(exported, "STEPS", ())
    monkeypatch.setattr(exported, "BARS", 1.0)
    monkeypatch.setattr(exported, "JPEG", 0.0)
    for seed in range(8):
        changed = with_export_changes(host, np.random.default_rng(seed), 1.0)
        height, width = changed.image.shape
        left, top = np.rint(changed.outlines[0].min(0) * (width, height)).astype(int)
        right, bottom = np.rint(changed.outlines[0].max(0) * (width, height)).astype(int)
        assert (right - left, bottom - top) == (16, 20)
        assert (changed.image[top:bottom, left:right] == 200).all()
        x, y = np.rint(changed.hard_negatives[0] * (width, height)).astype(int)
        assert (x - left, y - top) == (40, -50)


def test_changes_keep_type_and_label(host):
    random = np.random.default_rng(2)
    for _ in range(20):
        changed = with_export_changes(host, random, 1.0)
        assert changed.image.dtype == np.uint8 and changed.image.ndim == 2
        assert changed.fractured and len(changed.outlines) == 1


def test_the_same_chance_gives_the_same_picture(host):
    one, other = (with_export_changes(host, np.random.default_rng(7), 1.0) for _ in range(2))
    assert np.array_equal(one.image, other.image)
