"""Networks trained for it are asked about overlapping tiles, joined without a seam."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import Tiling, gate_inference, segmenter_inference
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode, cut_tiles, join_tiles, run_network

SIZE = 64
SIDE = round(Tiling().enlargement * SIZE)
PER_SIDE = (2, 3)


class Brightness:
    """Answers with the brightness of what it sees as the fracture channel; counts what it saw."""

    seen = 0

    def __call__(self, batch):
        self.seen += len(batch)
        return np.concatenate([1 - batch[..., :1], batch[..., :1]], axis=-1)


@pytest.fixture
def xray():
    random = np.random.default_rng(1)
    return random.integers(0, 255, (40, 30), np.uint8).repeat(4, 0).repeat(4, 1)


def predictor(run, tiling=None, flips=False):
    contract = replace(segmenter_inference(SIZE, enlarged=False), tiling=tiling, flips=flips)
    return Predictor(run, ModelCard("unet", "U-Net", 1, contract), "float32")


@pytest.mark.parametrize("per_side", PER_SIDE)
def test_tiles_cover_the_picture_and_join_to_it(per_side):
    picture = np.random.default_rng(2).random((SIDE, SIDE, 2), np.float32)
    tiles = cut_tiles(picture, SIZE, per_side)
    assert tiles.shape == (per_side**2, SIZE, SIZE, 2)
    assert np.array_equal(tiles[per_side - 1], picture[:SIZE, SIDE - SIZE :])
    assert np.array_equal(tiles[-1], picture[SIDE - SIZE :, SIDE - SIZE :])
    assert join_tiles(tiles, SIDE, per_side) == pytest.approx(picture, abs=1e-6)


@pytest.mark.parametrize("per_side", PER_SIDE)
@pytest.mark.parametrize("side", [SIZE + 3, SIDE, 2 * SIZE - 1])
def test_shares_of_overlapping_tiles_sum_to_one(side, per_side):
    ones = np.ones((per_side**2, SIZE, SIZE, 1), np.float32)
    assert join_tiles(ones, side, per_side) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("per_side", PER_SIDE)
def test_every_tile_counts_somewhere(per_side):
    for place in range(per_side**2):
        tiles = np.zeros((per_side**2, SIZE, SIZE, 1), np.float32)
        tiles[place] = 1
        share = join_tiles(tiles, SIDE, per_side)
        assert 0 <= share.min() and 0.1 < share.max() <= 1


def test_one_tile_fades_into_the_next():
    tiles = np.zeros((4, SIZE, SIZE, 1), np.float32)
    tiles[[1, 3]] = 1
    row = join_tiles(tiles, SIDE, 2)[0, :, 0]
    assert row[0] == 0 and row[-1] == 1
    assert (np.diff(row) >= 0).all() and np.diff(row).max() < 2 / (2 * SIZE - SIDE)


@pytest.mark.parametrize("per_side", PER_SIDE)
def test_a_network_trained_on_enlargements_is_asked_about_tiles(xray, per_side):
    near, far = Brightness(), Brightness()
    inputs, tiling = NetworkInputs(xray), Tiling(per_side=per_side)
    tiled = run_network(predictor(near, tiling), inputs)
    once = run_network(predictor(far), inputs)
    assert (near.seen, far.seen) == (per_side**2, 1)
    assert near.seen == tiling.tiles
    assert tiled.shape == once.shape == (SIZE, SIZE, 2)
    assert tiled.dtype == np.float32 and tiled.sum(axis=-1) == pytest.approx(1, abs=1e-5)
    # Brightness is the same at both scales but for the resampling.
    assert np.abs(tiled - once).mean() < 0.02


def test_the_whole_alone_is_asked_about_once(xray):
    network = Brightness()
    inputs = NetworkInputs(xray)
    alone = run_network(predictor(network, Tiling()), inputs, Mode.WHOLE)
    assert network.seen == 1
    assert np.array_equal(alone, run_network(predictor(network), inputs))


def test_the_mirror_image_is_tiled_too(xray):
    network = Brightness()
    inputs = NetworkInputs(xray)
    both = run_network(predictor(network, Tiling()), inputs, Mode.FLIPS)
    assert network.seen == 8
    # Brightness does not depend on the side it is seen from.
    assert both == pytest.approx(run_network(predictor(network, Tiling()), inputs), abs=1e-5)


def left_half(batch):
    """A network that marks the left half, whatever it sees."""
    maps = np.zeros((*batch.shape[:3], 2), np.float32)
    maps[:, :, : SIZE // 2, 1] = 1
    return maps


def test_a_card_that_asks_for_flips_gets_them_as_usual(xray):
    inputs = NetworkInputs(xray)
    flipped = run_network(predictor(left_half, flips=True), inputs)
    assert (flipped[..., 1] == 0.5).all(), "the answer for the mirror image is mirrored back"
    assert np.array_equal(flipped, run_network(predictor(left_half), inputs, Mode.FLIPS))
    assert not np.array_equal(flipped, run_network(predictor(left_half), inputs))


def test_a_gate_that_asks_for_flips_gets_their_mean(xray):
    def left_brightness(batch):
        return batch[:, :, : SIZE // 2].mean(axis=(1, 2, 3))[:, None]

    contract = replace(gate_inference(SIZE), views=(), flips=True)
    gate = Predictor(left_brightness, ModelCard("gate", "Gate", 1, contract), "float32")
    inputs = NetworkInputs(xray)
    assert run_network(gate, inputs) == pytest.approx([inputs(SIZE, contract.input).mean()])
