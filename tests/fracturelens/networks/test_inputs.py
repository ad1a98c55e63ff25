"""Networks get one X-ray letterboxed to their size, its contrast stretched where a card says so."""

import numpy as np
import pytest

from fracturelens.networks.inference import InputContract, Stretch
from fracturelens.networks.inputs import NetworkInputs

PLAIN = InputContract(64)
STRETCHED = InputContract(64, stretch=Stretch(1.0, 99.5))


@pytest.fixture
def xray():
    ramp = np.linspace(60, 180, 120, dtype=np.uint8)
    return np.tile(ramp, (160, 1))


@pytest.mark.parametrize("contract", [PLAIN, STRETCHED], ids=["plain", "stretched"])
@pytest.mark.parametrize("side", [64, 96])
def test_inputs_of_one_size_are_made_once(xray, side, contract):
    inputs = NetworkInputs(xray)
    assert inputs(side, contract) is inputs(side, contract)
    assert inputs(side, contract).shape == (1, side, side, 3)
    assert inputs(side, contract).dtype == np.float32


@pytest.mark.parametrize("side", [64, 96])
def test_contrast_is_stretched_and_padding_stays_black(xray, side):
    square = NetworkInputs(xray)(side, STRETCHED)[0]
    assert square.dtype == np.float32 and square.shape == (side, side, 3)
    padding = (side - round(side * 120 / 160)) // 2
    assert (square[:, :padding] == 0).all() and (square[:, -padding:] == 0).all()
    assert square[side // 2, padding, 0] == 0, "60 becomes black"
    assert square[side // 2, side - padding - 1, 0] == pytest.approx(1, abs=0.02)


def test_a_stretched_picture_does_not_depend_on_its_contrast(xray):
    flat = (xray * 0.5 + 20).astype(np.uint8)
    both = [NetworkInputs(pixels)(64, STRETCHED) for pixels in (xray, flat)]
    assert np.abs(both[0] - both[1]).max() < 0.02
    assert np.abs(NetworkInputs(flat)(64, PLAIN) - NetworkInputs(xray)(64, PLAIN)).max() > 0.2


def test_a_blank_picture_stays_finite():
    square = NetworkInputs(np.full((50, 50), 77, np.uint8))(64, STRETCHED)
    assert np.isfinite(square).all() and square.max() <= 1


@pytest.mark.parametrize("wrong", [np.zeros((8, 8), np.float32), np.zeros((8, 8, 3), np.uint8)])
def test_other_pictures_are_told(wrong):
    with pytest.raises(ValueError, match="Expected a gray uint8 picture"):
        NetworkInputs(wrong)
