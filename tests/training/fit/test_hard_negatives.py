"""Hard negatives are the places that a network paints and no annotator did."""

import numpy as np
import pytest

from training.fit.augmentation import Augmentation, Example, draw_view
from training.fit.hard_negatives import MOST, with_hard_negatives

OUTLINE = np.array([[0.1, 0.1], [0.3, 0.1], [0.3, 0.2], [0.1, 0.2]])


class PaintsWhite:
    """A network that takes every white pixel for a lesion."""

    def predict_on_batch(self, images):
        return np.stack([1 - images[..., 0], images[..., 0]], -1)


def picture(*spots, outlines=()):
    image = np.zeros((128, 64), np.uint8)
    for row, column, value in spots:
        image[row : row + 4, column : column + 4] = value
    return Example(image, outlines, bool(outlines))


@pytest.fixture
def find(tmp_path):
    def run(*examples, network=None):
        kept = tmp_path / "found.npz"
        found = with_hard_negatives(network or PaintsWhite(), list(examples), 128, kept)
        return [example.hard_negatives for example in found]

    return run


def test_a_second_call_needs_no_network(find):
    pictures = picture((20, 8, 200), (100, 40, 255)), picture(), picture((60, 30, 255))
    first = find(*pictures)
    again = find(*pictures, network=object())
    assert [len(places) for places in first] == [2, 0, 1]
    for before, after in zip(first, again, strict=True):
        np.testing.assert_array_equal(before, after)


def test_painted_places_are_found_strongest_first(find):
    (places,) = find(picture((20, 8, 200), (100, 40, 255)))
    assert places * (64, 128) == pytest.approx(np.array([[42, 102], [10, 22]]), abs=2)


def test_lesions_faint_spots_and_padding_are_no_hard_negatives(find):
    on_lesion, faint = picture((16, 10, 255), outlines=(OUTLINE,)), picture((60, 30, 50))
    assert [places.shape for places in find(on_lesion, faint)] == [(0, 2), (0, 2)]


def test_a_crowded_picture_keeps_the_most_convincing(find):
    crowded = Example(np.full((128, 128), 255, np.uint8), (), False)
    assert len(find(crowded)[0]) == MOST


def test_crops_look_at_hard_negatives(find):
    (places,) = find(picture((20, 8, 255)))
    example = Example(picture((20, 8, 255)).image, (), False, places)
    plain = Example(example.image, (), False)

    def share_seen(example):
        random = np.random.default_rng(0)
        views = (draw_view(example, random, Augmentation(), frame=128, crop=32) for _ in range(60))
        return np.mean([view[0].max() > 0.5 for view in views])

    assert share_seen(example) > 0.6 > 0.3 > share_seen(plain)
