"""Batches hold the share of fractures asked for and come again with the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.synthetic.test_copy_paste import bone
from training.fit.augmentation import Augmentation, Example
from training.fit.batches import (
    Sampling,
    draw_batches,
    gate_targets,
    outlines_of,
    segmenter_targets,
    validation_arrays,
)

OUTLINE = np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]])
EXAMPLES = [Example(np.full((40, 40), 10 * i, np.uint8), (OUTLINE,), True) for i in range(3)] + [
    Example(np.full((40, 40), 100 + i, np.uint8), (), False) for i in range(9)
]


def test_epoch_has_the_share_of_fractures():
    batches = list(draw_batches(EXAMPLES, Sampling(20, 8, 0.7, 32), Augmentation(), (1, 2)))
    assert [len(images) for images, _, _ in batches] == [8, 8, 4]
    assert sum(labels.sum() for _, _, labels in batches) == 14
    images, masks, labels = batches[0]
    assert images.shape == (8, 32, 32, 3) and masks.shape == (8, 32, 32)
    assert images.dtype == masks.dtype == labels.dtype == np.float32
    assert np.array_equal(masks.any(axis=(1, 2)), labels[:, 0] == 1)


def test_every_picture_of_a_class_comes_before_one_comes_twice():
    plain = Augmentation.none()
    batches = list(draw_batches(EXAMPLES, Sampling(12, 12, 0.25, 32), plain, (0,)))
    levels = {round(float(image.max()) * 255) for image in batches[0][0]}
    assert len(levels) == 12


def test_seed_repeats_the_batches():
    def first(seed):
        return next(draw_batches(EXAMPLES, Sampling(4, 4, 0.5, 32), Augmentation(), seed))[0]

    assert np.array_equal(first((1, 2)), first((1, 2)))
    assert not np.array_equal(first((1, 2)), first((1, 3)))


def test_a_healthy_picture_with_a_pasted_lesion_counts_as_fractured():
    speck = np.array([[0.5, 0.5], [0.56, 0.5], [0.56, 0.56]])
    examples = [Example(np.full((160, 160), 90, np.uint8), (speck,), True)]
    examples.append(Example(np.full((160, 160), 90, np.uint8), (), False))
    sampling = Sampling(40, 40, 0.0, 64, copy_paste=1.0)
    [(_, masks, labels)] = draw_batches(examples, sampling, Augmentation.none(), (1,))
    assert 5 < labels.sum() < 25
    assert np.array_equal(masks.any(axis=(1, 2)), labels[:, 0] == 1)


def test_a_healthy_picture_with_a_broken_bone_counts_as_fractured():
    sampling = Sampling(40, 40, 0.0, 64, simulated_fractures=1.0)
    [(_, masks, labels)] = draw_batches([bone(20)], sampling, Augmentation.none(), (1,))
    assert 10 < labels.sum() < 30
    assert np.array_equal(masks.any(axis=(1, 2)), labels[:, 0] == 1)


def test_crops_are_enlarged_evenly_up_to_the_largest():
    random = np.random.default_rng(1)
    sampling = Sampling(1, 1, 0.0, 64, crop=32, enlargement=4.0)
    frames = np.array([sampling.frame_of_view(random) for _ in range(2000)])
    assert frames.min() >= 64 and frames.max() <= 256
    assert (frames > 128).mean() == pytest.approx(0.5, abs=0.05)
    assert Sampling(1, 1, 0.0, 64, enlargement=4.0).frame_of_view(random) == 64


def test_a_lesion_fills_more_of_an_enlarged_crop():
    def share(enlargement):
        sampling = Sampling(16, 16, 1.0, 64, crop=64, enlargement=enlargement)
        speck = np.array([[0.45, 0.45], [0.55, 0.45], [0.55, 0.55], [0.45, 0.55]])
        examples = [Example(np.full((96, 96), 90, np.uint8), (speck,), True), EXAMPLES[-1]]
        [(_, masks, _)] = draw_batches(examples, sampling, Augmentation.none(), (1,))
        return masks.mean()

    assert share(1.0) == pytest.approx(0.01, rel=0.3)
    assert share(4.0) > 2 * share(1.0)


def test_lack_of_a_class_is_told():
    with pytest.raises(ValueError, match="lack one class"):
        list(draw_batches(EXAMPLES[:3], Sampling(4, 4, 0.5, 32), Augmentation(), (1,)))


def test_validation_pictures_are_plain():
    images, masks, labels = validation_arrays(EXAMPLES, 32)
    assert images.shape == (12, 32, 32, 3)
    assert labels[:, 0].tolist() == [1] * 3 + [0] * 9
    assert set(np.unique(masks)) == {0, 1}
    assert masks[0].sum() == pytest.approx(16 * 16, rel=0.15)


def test_targets_of_both_kinds():
    masks = np.zeros((2, 64, 64), np.float32)
    masks[0, 20, 40] = 1
    two = segmenter_targets(masks)
    assert two.shape == (2, 64, 64, 2) and np.all(two.sum(-1) == 1) and two[0, 20, 40, 1] == 1
    cells = gate_targets(masks, np.array([[1], [0]]))["lesion_map"]
    assert cells.shape == (2, 4, 4, 1)
    assert np.argwhere(cells[..., 0]).tolist() == [[0, 1, 2]]


def test_outlines_draw_the_mask_again():
    mask = np.zeros((40, 40), bool)
    mask[10:30, 10:30] = True
    example = Example(np.zeros((40, 40), np.uint8), outlines_of(mask), True)
    assert validation_arrays([example], 40)[1].sum() == pytest.approx(400, rel=0.15)


def test_a_teacher_sees_the_same_view_with_its_gray_values_unchanged():
    seen = []

    def teach(images):
        seen.append(images)
        return np.full((len(images), 1), 0.25, np.float32)

    toned = Augmentation(rotate=0, quarter_turn=0, zoom=1, shift=0, blur=0, noise=0)
    sampling = Sampling(8, 8, 0.5, 40)
    [(images, _, labels)] = draw_batches(EXAMPLES, sampling, toned, (3,), teach)
    levels = {float(example.image[0, 0]) for example in EXAMPLES}
    assert labels.shape == (8, 2) and (labels[:, 1] == 0.25).all()
    assert labels[:, 0].sum() == 4
    assert {round(float(level) * 255) for level in seen[0][:, 20, 20, 0]} <= levels
    assert np.abs(images - seen[0]).max() > 0.01


def test_a_teacher_sees_the_same_move():
    image = np.zeros((64, 64), np.uint8)
    image[10:20, 30:50] = 255
    seen = []

    def teach(images):
        seen.append(images)
        return np.zeros((len(images), 1), np.float32)

    moved = Augmentation(contrast=0, brightness=0, gamma=0, blur=0, noise=0)
    examples = [Example(image, (OUTLINE,), True), Example(image, (), False)]
    [(images, _, _)] = draw_batches(examples, Sampling(6, 6, 0.5, 64), moved, (4,), teach)
    assert np.array_equal(images, seen[0])
    assert len({image.tobytes() for image in images}) > 1


def test_contrast_is_stretched_where_the_network_asks_for_it():
    ramp = np.tile(np.linspace(60, 120, 64, dtype=np.uint8), (64, 1))
    examples = [Example(ramp, (OUTLINE,), True), Example(ramp, (), False)]
    sampling = Sampling(4, 4, 0.5, 64, stretch=True)
    [(images, _, _)] = draw_batches(examples, sampling, Augmentation.none(), (5,))
    assert images.min() == 0 and images.max() > 0.95


def test_views_are_changed_as_other_hospitals_export():
    sampling = Sampling(12, 12, 0.25, 32)
    batches = [
        next(draw_batches(EXAMPLES, one, Augmentation.none(), (6,)))[0]
        for one in (sampling, replace(sampling, exports=1.0))
    ]
    assert not np.array_equal(*batches)
