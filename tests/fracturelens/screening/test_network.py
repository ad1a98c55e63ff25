"""The screening network: its contract, its file, and what the published one says of pictures."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom.data import get_testdata_file
from skimage import data as skimage_data

from fracturelens.networks.card import sha256_of, write_card
from fracturelens.screening.network import (
    SCREENING,
    ScreeningError,
    ask_screening,
    known_probability,
    load_screening,
    stretched_square,
)
from fracturelens.screening.outcome import Outcome
from fracturelens.screening.screen import screen
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES, SAVED_MODELS
from tests.helpers.bad_inputs import lfs_pointer
from tests.helpers.fixed_screening import screening_card, screening_that_says
from tests.helpers.tiny_networks import tiny_int8_file
from training.data.dataset import read_fracatlas, usable
from training.screening.pictures import KINDS

PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket", "camera", "moon", "coins")


@pytest.fixture(scope="module")
def published():
    return load_screening(SAVED_MODELS)


def film(name) -> Radiograph:
    return decode_xray((SAMPLES / name).read_bytes())


def gradient(height, width, low, high):
    row = np.linspace(low, high, width)
    return np.repeat(row[None], height, axis=0).round().astype(np.uint8)


def test_contrast_is_stretched_within_the_picture_and_the_padding_is_black():
    square = stretched_square(gradient(40, 80, 90, 150), 64)
    assert square.shape == (64, 64) and square.dtype == np.float32
    assert square[:16].max() == square[48:].max() == 0
    assert (square[16:48].min(), square[16:48].max()) == (0, 1)
    darker = stretched_square(gradient(40, 80, 20, 80), 64)
    assert np.abs(square - darker).max() < 0.05, "the window of the file does not matter"


def test_one_bright_marker_does_not_darken_the_picture():
    plain = gradient(400, 400, 0, 120)
    marked = plain.copy()
    marked[:12, :12] = 255
    change = np.abs(stretched_square(marked, 64) - stretched_square(plain, 64))
    assert change[4:, 4:].max() < 0.05


def test_size_hardly_matters():
    small = film("hand_whole.png").pixels
    large = cv2.resize(small, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    change = np.abs(stretched_square(large, 224) - stretched_square(small, 224))
    assert change.mean() < 0.02


def test_one_gray_alone_is_no_error():
    assert stretched_square(np.full((30, 50), 77, np.uint8), 32).max() == 0


def test_answers_are_probabilities():
    said = ask_screening(gradient(50, 60, 0, 255), screening_that_says(limb=3, girdle=1, page=4))
    assert said["limb"] == pytest.approx(3 / 8, abs=1e-4)
    assert known_probability(said) == pytest.approx(0.5, abs=1e-4)
    assert known_probability({"limb": 0.7, "girdle": 0.3 + 1e-9}) == 1


def write_network(folder: Path, **changes) -> Path:
    path = folder / SCREENING / "model_int8.tflite"
    path.parent.mkdir(parents=True)
    path.write_bytes(tiny_int8_file())
    write_card(screening_card(files={path.name: sha256_of(path)}, **changes), folder)
    return path


def test_without_a_network_nothing_is_switched_off_in_silence(tmp_path):
    with pytest.raises(ScreeningError, match=r"card\.json is missing.*no X-rays of limbs would be"):
        load_screening(tmp_path)


def test_a_network_is_loaded_with_its_card(tmp_path):
    write_network(tmp_path)
    network = load_screening(tmp_path)
    assert network.name == SCREENING and network.precision == "int8"
    assert network.inference.input.stretch.high == 99.5


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("cut", "truncated, changed or swapped"),
        ("swapped", "truncated, changed or swapped"),
        ("pointer", "Git LFS pointer, not the file. Run `git lfs pull`"),
        ("missing", r"tflite is missing\. Restore it with `git checkout"),
        ("card", "no complete card"),
        ("limits", "`accept_from` for int8 is None"),
    ],
)
def test_damage_is_told_with_a_remedy(tmp_path, damage, words):
    path = write_network(tmp_path)
    card = path.with_name("card.json")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "swapped":
        path.write_bytes(b"another file")
    elif damage == "pointer":
        path.write_bytes(lfs_pointer())
    elif damage == "missing":
        path.unlink()
    elif damage == "card":
        card.write_text("{}")
    else:
        card.write_text(card.read_text().replace('"accept_from"', '"accepted"'))
    with pytest.raises(ScreeningError, match=f"{words}.*fit-screening"):
        load_screening(tmp_path)


def test_the_published_contract_is_whole(published):
    limits = published.card.thresholds_at("int8")
    assert 0 < limits["refuse_below"] < limits["accept_from"] < 1
    assert published.inference.classes == KINDS
    assert (SAVED_MODELS / SCREENING / "model_int8.tflite").stat().st_size <= 3_000_000


def test_few_held_out_xrays_are_refused_or_cautioned(published, fracatlas):
    xrays = usable(read_fracatlas(fracatlas), "val")[::10]
    films = [decode_xray(xray.path.read_bytes()) for xray in xrays]
    outcomes = [screen(found, published).outcome for found in films]
    assert len(outcomes) == 52
    assert outcomes.count(Outcome.REFUSE) == 0 and outcomes.count(Outcome.CAUTION) <= 3


def read_dicom(name) -> Radiograph:
    return decode_xray(Path(get_testdata_file(name, download=False)).read_bytes())


@pytest.mark.parametrize("name", ["MR_small.dcm", "JPEG2000.dcm", "CT_small.dcm", "RG1_UNCR.dcm"])
def test_other_scans_are_refused_by_header_and_without_one(name, published):
    scan = read_dicom(name)
    assert screen(scan, published).kind == "header"
    assert screen(replace(scan, source=None), published).outcome is Outcome.REFUSE


def test_a_tibia_of_another_hospital_is_judged(published):
    assert screen(read_dicom("RG3_UNCR.dcm"), published).outcome is not Outcome.REFUSE


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_without_their_color_too(name, published):
    picture = getattr(skimage_data, name)()
    gray = cv2.cvtColor(picture[..., :3], cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    assert screen(Radiograph(gray), published).outcome is Outcome.REFUSE


@pytest.mark.parametrize("name", ["hand_whole.png", "forearm_whole.png"])
def test_a_negative_is_told_as_one(name, published):
    negative = Radiograph(255 - film(name).pixels)
    assert screen(negative, published).kind == "negative"
