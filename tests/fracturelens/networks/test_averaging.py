"""A gate is asked about several views of one X-ray; the mean of their logits is its answer."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.networks.averaging import mean_probability, views_of
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import GATE_VIEWS, AveragedView, gate_inference
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode, run_network

SIZE = 64


@pytest.fixture
def square():
    return np.random.default_rng(3).random((1, SIZE, SIZE, 3), np.float32)


def view_of(square, view):
    return views_of(lambda side: square, SIZE, (view,))[0]


def test_the_plain_view_is_the_letterboxed_picture(square):
    assert np.array_equal(view_of(square, AveragedView()), square[0])


def test_a_view_is_moved_by_whole_pixels_and_open_places_are_black(square):
    moved = view_of(square, AveragedView(right=4, down=3))
    assert np.array_equal(moved[3:, 4:], square[0, :-3, :-4])
    assert (moved[:3] == 0).all() and (moved[:, :4] == 0).all()


def test_a_view_is_mirrored_after_it_was_moved(square):
    mirrored = view_of(square, AveragedView(right=4, mirrored=True))
    assert np.array_equal(mirrored[:, :-4], square[0, :, :-4][:, ::-1])


@pytest.mark.parametrize(("scale", "side"), [(0.875, 56), (1.125, 72)])
def test_a_scaled_view_is_letterboxed_to_its_own_size_and_centered(scale, side):
    asked = []

    def square_of(wanted):
        asked.append(wanted)
        return np.ones((1, wanted, wanted, 3), np.float32)

    [view] = views_of(square_of, SIZE, (AveragedView(scale=scale),))
    assert asked == [side] and view.shape == (SIZE, SIZE, 3)
    rim = max(0, (SIZE - side) // 2)
    assert view.sum() == 3 * (SIZE - 2 * rim) ** 2


def test_a_view_that_was_moved_out_is_black(square):
    for view in (AveragedView(right=SIZE + 9), AveragedView(down=-SIZE, mirrored=True)):
        assert not view_of(square, view).any()


def test_mean_of_logits_by_hand():
    odds = np.sqrt((0.2 / 0.8) * (0.6 / 0.4))
    mean = mean_probability(np.float32([[0.2], [0.6]]))
    assert mean == pytest.approx([odds / (1 + odds)]) and mean.dtype == np.float32


def test_a_view_rounded_to_zero_does_not_outweigh_all_others():
    assert mean_probability(np.float32([[0.0], [0.9], [0.9], [0.9]])) > 0.4


def test_a_card_with_views_is_asked_about_them_in_every_mode():
    seen = []

    def run(batch):
        seen.append(len(batch))
        return batch.mean(axis=(1, 2, 3))[:, None]

    contract = gate_inference(SIZE)
    inputs = NetworkInputs(np.full((80, 80), 128, np.uint8))
    gate = Predictor(run, ModelCard("gate", "Gate", 1, contract), "float32")
    answer = run_network(gate, inputs)
    assert answer.shape == (1,) and seen == [len(GATE_VIEWS)]
    assert run_network(gate, inputs, Mode.FLIPS).shape == (1,) and seen == [len(GATE_VIEWS)] * 3
    alone = replace(gate, card=replace(gate.card, inference=replace(contract, views=())))
    assert answer == pytest.approx(run_network(alone, inputs), abs=0.04)
