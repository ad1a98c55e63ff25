"""Views keep picture and lesions together, whatever was done to them."""

import numpy as np
import pytest

from fracturelens.xray.letterbox import prepare_xray
from training.fit.augmentation import Augmentation, Example, draw_view

OUTLINE = np.array([[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]])


def bright_lesion(height=120, width=80):
    """A picture whose lesion, and nothing else, is white."""
    image = np.full((height, width), 30, np.uint8)
    image[height // 4 : height // 2, width // 4 : width // 2] = 255
    return Example(image, (OUTLINE,), True)


def draw(example, seed=0, settings=None, **options):
    settings = settings or Augmentation()
    return draw_view(example, np.random.default_rng(seed), settings, frame=64, **options)


def test_no_augmentation_is_what_inference_sees():
    example = bright_lesion(128, 128)
    view, mask = draw(example, settings=Augmentation.none())
    seen = prepare_xray(example.image, 64)[0, ..., 0]
    assert view == pytest.approx(seen, abs=0.01)
    assert mask.sum() == pytest.approx(16 * 16, rel=0.15)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("crop", [None, 32])
def test_mask_follows_the_picture(seed, crop):
    calm = Augmentation(contrast=0, brightness=0, gamma=0, blur=0, noise=0, quarter_turn=0.5)
    view, mask = draw(bright_lesion(), seed, calm, crop=crop)
    assert view.shape == mask.shape == ((crop or 64),) * 2
    seen, drawn = view > 0.56, mask > 0.5
    # Outlines are drawn with their border, half a pixel more on each side.
    assert (seen & drawn).sum() / (seen | drawn).sum() > 0.7


@pytest.mark.parametrize("seed", range(10))
def test_crops_hold_a_lesion(seed):
    assert draw(bright_lesion(), seed, crop=32)[1].sum() > 0


def test_views_are_seeded_bounded_and_leave_the_picture_alone():
    example = bright_lesion()
    example.image.setflags(write=False)
    first, again, other = (draw(example, seed)[0] for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.dtype == np.float32 and first.min() >= 0 and first.max() <= 1
