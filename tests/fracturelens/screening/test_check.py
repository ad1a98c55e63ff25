"""Pictures that must be refused come with installed packages; X-rays from our own samples."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom.data import get_testdata_file
from skimage import data as skimage_data
from sklearn.datasets import load_sample_images

from fracturelens.screening.check import STEP, STRAIGHT, check_picture, levels_held, ruled_rows
from fracturelens.screening.network import load_screening
from fracturelens.screening.outcome import Outcome
from fracturelens.screening.screen import screen
from fracturelens.screening.words import refusal_of
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import ROOT, SAMPLES, SAVED_MODELS
from tests.helpers.bad_inputs import encode
from training.data.dataset import read_fracatlas, usable

PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket", "retina", "immunohistochemistry")
GRAY_PICTURES = ("camera", "page", "text", "moon", "grass", "gravel", "brick", "coins", "clock")
SCREENSHOTS = sorted((ROOT / "assets" / "screenshots").glob("*.png"))


def gray_film(gray) -> Radiograph:
    """What is read from a gray file of these pixels."""
    return Radiograph(np.asarray(gray, np.uint8))


def read_picture(picture) -> Radiograph:
    """What is read from a PNG of uint8 (H, W, 3)."""
    return decode_xray(encode(np.ascontiguousarray(picture), "PNG"))


def grayed(picture) -> Radiograph:
    """The same without its color."""
    return gray_film(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY))


def photograph(name):
    return getattr(skimage_data, name)()[..., :3]


def read_sample(name) -> Radiograph:
    return decode_xray((SAMPLES / name).read_bytes())


def document():
    page = np.full((400, 300), 255, np.uint8)
    for row in range(12):
        cv2.putText(page, "Report: nothing new", (10, 30 + 30 * row), 0, 0.5, 0, 1, cv2.LINE_AA)
    return page


@pytest.fixture(scope="module")
def network():
    return load_screening(SAVED_MODELS)


def kind_of(radiograph) -> str:
    """What the first check that the picture fails calls it."""
    return check_picture(radiograph)[0]


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_for_their_color(name):
    assert kind_of(read_picture(photograph(name))) == "color"


@pytest.mark.parametrize("index", [0, 1])
def test_sample_photographs_of_scikit_learn_are_refused(index):
    refusal = refusal_of(screen(read_picture(load_sample_images().images[index]), None))
    assert refusal.kind == "color" and "color picture" in refusal.seen
    assert "X-ray of an arm, leg, hip or shoulder" in refusal.remedy


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (np.full((90, 80), 90), "blank"),
        (np.random.default_rng(0).integers(0, 256, (200, 300)), "noise"),
        (np.kron(np.eye(4), np.full((20, 20), 255)), "shades"),
    ],
)
def test_blank_noise_and_drawings_are_told_apart(picture, kind):
    assert kind_of(gray_film(picture)) == kind


@pytest.mark.parametrize("name", GRAY_PICTURES)
def test_gray_pictures_of_scikit_image_are_refused(name, network):
    refusal = refusal_of(screen(gray_film(getattr(skimage_data, name)()), network))
    assert refusal is not None and refusal.seen.endswith(".")


def test_matplotlibs_portrait_is_refused_even_without_its_color(network):
    from matplotlib import cbook
    from PIL import Image

    path = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    with Image.open(path) as portrait:
        picture = np.array(portrait.convert("RGB"))
    assert screen(read_picture(picture), network).kind == "color"
    assert screen(grayed(picture), network).outcome is Outcome.REFUSE


def test_documents_are_refused(network):
    assert screen(gray_film(document()), network).outcome is Outcome.REFUSE
    assert screen(gray_film(255 - document()), network).outcome is Outcome.REFUSE


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_without_their_color_too(name, network):
    assert screen(grayed(photograph(name)), network).outcome is Outcome.REFUSE


@pytest.mark.parametrize("path", SCREENSHOTS, ids=lambda path: path.stem)
def test_screenshots_are_refused_sharp_smaller_and_as_jpeg(path):
    gray = decode_xray(path.read_bytes()).pixels
    smaller = cv2.resize(gray, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    squeezed = cv2.imdecode(cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], 0)
    kinds = [kind_of(gray_film(shown)) for shown in (gray, smaller, squeezed)]
    assert kinds == ["lines"] * 3


def test_there_are_screenshots_of_both_themes():
    assert {path.stem.split("-")[1] for path in SCREENSHOTS} == {"dark", "light"}


def test_a_frame_makes_no_page_of_an_xray():
    image = read_sample("hand_whole.png").pixels.copy()
    image[image < 40] = 0  # an even ground: the frame's inner border is a line without a change
    for gray in (255, 128):
        image = cv2.copyMakeBorder(image, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=gray)
    assert check_picture(gray_film(image)) is None


def plainly_ruled_rows(gray):
    """The rows that `ruled_rows` must find, pixel by pixel and over the whole picture at once."""
    gray = gray.astype(int)
    even = np.diff(gray, axis=1) == 0
    line = (np.abs(np.diff(gray, axis=0)) >= STEP)[:, 1:] & even[1:] & even[:-1]
    runs = np.lib.stride_tricks.sliding_window_view(line, STRAIGHT, axis=1)
    return np.flatnonzero(runs.all(axis=2).any(axis=1))


def testruled_rows_are_found_wherever_they_lie():
    random = np.random.default_rng(5)
    picture = random.integers(0, 3, (600, 97)).astype(np.uint8)
    for row in (0, 40, 127, 128, 129, 254, 255, 256, 400, 598):  # strips have 128 rows
        start, length = random.integers(0, 60), random.choice([31, 32, 33, 36])
        picture[row, start : start + length + 1] = 10
        picture[row + 1, start : start + length + 1] = 200
    for gray in (picture, picture[:, :STRAIGHT], picture[:, : STRAIGHT + 1], picture[:129]):
        expected = plainly_ruled_rows(gray) if gray.shape[1] > STRAIGHT else []
        assert ruled_rows(gray).tolist() == list(expected)
    assert 3 < len(ruled_rows(picture)) < 12


def test_gray_levels_in_a_few_rows_count():
    picture = np.zeros((400, 100), np.uint8)
    picture[1:5] = np.arange(100) // 4  # 25 levels, all between the rows that are looked at first
    assert levels_held(picture) == 25
    picture[1:5] = np.arange(100) // 8
    assert levels_held(picture) == 13


def read_dicom(name) -> Radiograph:
    return decode_xray(Path(get_testdata_file(name, download=False)).read_bytes())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MR_small.dcm", "an MRI scan (Modality MR)"),
        ("MR2_UNCR.dcm", "an MRI scan (Modality MR)"),
        ("JPEG2000.dcm", "a nuclear medicine scan (Modality NM)"),
        ("CT_small.dcm", "a CT scan (Modality CT)"),
        ("RG1_UNCR.dcm", "the chest (BodyPartExamined CHEST)"),
    ],
)
def test_other_scans_are_refused_by_header_and_without_one(name, words, network):
    scan = read_dicom(name)
    refusal = refusal_of(screen(scan, network))
    assert refusal.kind == "header" and words in refusal.seen
    assert "anyway" in refusal.remedy
    assert screen(replace(scan, source=None), network).outcome is Outcome.REFUSE


def test_a_tibia_is_accepted(network):
    assert screen(read_dicom("RG3_UNCR.dcm"), network).outcome is Outcome.ACCEPT


def test_our_samples_of_limbs_are_not_refused(network):
    """The drawn hip is taken for the drawing that it is; the app does not screen its samples."""
    names = [path.name for path in sorted(SAMPLES.glob("*.png")) if "hip" not in path.name]
    outcomes = {name: screen(read_sample(name), network).outcome for name in names}
    assert names and set(outcomes.values()) <= {Outcome.ACCEPT, Outcome.CAUTION}


def test_hardly_any_real_xray_is_refused(network, fracatlas):
    xrays = usable(read_fracatlas(fracatlas), "val")[::20]
    films = [decode_xray(xray.path.read_bytes()) for xray in xrays]
    outcomes = [screen(film, network).outcome for film in films]
    assert len(films) == 26 and outcomes.count(Outcome.REFUSE) == 0
    assert outcomes.count(Outcome.CAUTION) <= 3


def test_a_negative_of_a_film_is_to_be_inverted(network, fracatlas):
    xrays = usable(read_fracatlas(fracatlas), "val")[::40]
    films = [decode_xray(xray.path.read_bytes()) for xray in xrays]
    kinds = [screen(gray_film(255 - film.pixels), network).kind for film in films]
    assert kinds.count("negative") >= 0.8 * len(films)


def test_without_a_network_only_the_exact_checks_speak():
    assert screen(gray_film(document()), None).outcome is Outcome.ACCEPT
    assert screen(gray_film(np.zeros((50, 50))), None).kind == "blank"
