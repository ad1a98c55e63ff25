"""Networks trained for it see four windows of an X-ray, joined without a seam."""

import numpy as np
import pytest

from fracturelens.networks.card import ModelCard
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import (
    ENLARGEMENT,
    Look,
    join_windows,
    network_inputs,
    run_network,
    times_asked,
    windows_of,
)

SIZE = 64
SIDE = round(ENLARGEMENT * SIZE)


class Brightness:
    """Answers with the brightness of what it sees as the fracture channel; counts what it saw."""

    seen = 0

    def __call__(self, batch):
        self.seen += len(batch)
        return np.concatenate([1 - batch[..., :1], batch[..., :1]], axis=-1)


@pytest.fixture
def xray():
    random = np.random.default_rng(1)
    small = random.integers(0, 255, (40, 30, 1), np.uint8)
    return np.repeat(small.repeat(4, 0).repeat(4, 1), 3, axis=2)


def predictor(run, closeup):
    card = ModelCard("unet", "U-Net", 1, {"input_size": SIZE, "closeup": closeup})
    return Predictor(run, SIZE, card, "float32")


def test_windows_cover_the_picture_and_join_to_it():
    picture = np.random.default_rng(2).random((SIDE, SIDE, 2), np.float32)
    windows = windows_of(picture, SIZE)
    assert windows.shape == (4, SIZE, SIZE, 2)
    assert np.array_equal(windows[1], picture[:SIZE, SIDE - SIZE :])
    assert join_windows(windows, SIDE) == pytest.approx(picture, abs=1e-6)


@pytest.mark.parametrize("side", [SIZE + 1, SIDE, 2 * SIZE - 1])
def test_shares_of_overlapping_windows_sum_to_one(side):
    ones = np.ones((4, SIZE, SIZE, 1), np.float32)
    assert join_windows(ones, side) == pytest.approx(1, abs=1e-6)


def test_one_window_fades_into_the_next():
    windows = np.zeros((4, SIZE, SIZE, 1), np.float32)
    windows[[1, 3]] = 1
    row = join_windows(windows, SIDE)[0, :, 0]
    assert row[0] == 0 and row[-1] == 1
    assert (np.diff(row) >= 0).all() and np.diff(row).max() < 2 / (2 * SIZE - SIDE)


def test_a_network_trained_on_enlargements_looks_closer(xray):
    near, far = Brightness(), Brightness()
    inputs = network_inputs(xray)
    closer = run_network(predictor(near, 2.0), inputs)
    once = run_network(predictor(far, 1.0), inputs)
    assert (near.seen, far.seen) == (4, 1)
    assert closer.shape == once.shape == (SIZE, SIZE, 2)
    assert closer.dtype == np.float32 and closer.sum(axis=-1) == pytest.approx(1, abs=1e-5)
    # Brightness is the same at both scales but for the resampling.
    assert np.abs(closer - once).mean() < 0.02


def test_the_whole_alone_is_one_look(xray):
    network = Brightness()
    inputs = network_inputs(xray)
    alone = run_network(predictor(network, 2.0), inputs, Look.WHOLE)
    assert network.seen == 1
    assert np.array_equal(alone, run_network(predictor(network, 1.0), inputs))


def test_the_mirror_image_is_looked_at_closer_too(xray):
    network = Brightness()
    inputs = network_inputs(xray)
    both = run_network(predictor(network, 2.0), inputs, Look.FLIPS)
    assert network.seen == 8
    # Brightness does not depend on the side it is seen from.
    assert both == pytest.approx(run_network(predictor(network, 2.0), inputs), abs=1e-5)


def test_times_asked_are_those_that_a_network_is_asked(xray):
    for closeup in (1.0, 2.0):
        network = Brightness()
        asked = predictor(network, closeup)
        run_network(asked, network_inputs(xray))
        assert network.seen == times_asked(asked.looks_closer)
