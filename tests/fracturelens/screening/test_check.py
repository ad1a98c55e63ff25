"""Pictures that must be refused come with installed packages; X-rays from our own samples."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom.data import get_testdata_file
from skimage import data as skimage_data
from sklearn.datasets import load_sample_images

from fracturelens.screening.check import (
    ODD,
    REFERENCE_FILE,
    REMEDY,
    check_picture,
    check_radiograph,
    load_reference,
)
from fracturelens.screening.descriptor import GROUPS, describe_picture
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
def reference():
    found = load_reference(SAVED_MODELS)
    if found is None:
        pytest.skip(f"{SAVED_MODELS / REFERENCE_FILE} is not fitted yet: run fit-screening")
    return found


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_for_their_color(name):
    assert check_picture(read_picture(photograph(name))).kind == "color"


@pytest.mark.parametrize("index", [0, 1])
def test_sample_photographs_of_scikit_learn_are_refused(index):
    refusal = check_picture(read_picture(load_sample_images().images[index]))
    assert refusal.kind == "color" and "color picture" in refusal.seen
    assert "radiograph of a limb, hip or shoulder" in refusal.remedy


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (np.full((90, 80), 90), "blank"),
        (np.random.default_rng(0).integers(0, 256, (200, 300)), "noise"),
        (np.kron(np.eye(4), np.full((20, 20), 255)), "drawing"),
    ],
)
def test_blank_noise_and_drawings_are_told_apart(picture, kind):
    assert check_picture(gray_film(picture)).kind == kind


@pytest.mark.parametrize("name", GRAY_PICTURES)
def test_gray_pictures_of_scikit_image_are_refused(name, reference):
    refusal = check_radiograph(gray_film(getattr(skimage_data, name)()), reference)
    assert refusal is not None and refusal.seen.endswith(".")


def test_matplotlibs_portrait_is_refused_even_without_its_color(reference):
    from matplotlib import cbook
    from PIL import Image

    path = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    with Image.open(path) as portrait:
        picture = np.array(portrait.convert("RGB"))
    assert check_radiograph(read_picture(picture), reference).kind == "color"
    assert check_radiograph(grayed(picture), reference).kind == "unlike"


def test_documents_are_refused(reference):
    assert check_radiograph(gray_film(document()), reference) is not None
    assert check_radiograph(gray_film(255 - document()), reference) is not None


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_without_their_color_too(name, reference):
    assert check_radiograph(grayed(photograph(name)), reference) is not None


@pytest.mark.parametrize("path", SCREENSHOTS, ids=lambda path: path.stem)
def test_screenshots_are_refused_sharp_smaller_and_as_jpeg(path):
    gray = decode_xray(path.read_bytes()).pixels
    smaller = cv2.resize(gray, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    squeezed = cv2.imdecode(cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], 0)
    kinds = [check_picture(gray_film(shown)).kind for shown in (gray, smaller, squeezed)]
    assert kinds == ["page"] * 3


def test_there_are_screenshots_of_both_themes():
    assert {path.stem.split("-")[1] for path in SCREENSHOTS} == {"dark", "light"}


def test_a_frame_makes_no_page_of_an_xray():
    image = read_sample("hand_whole.png").pixels.copy()
    image[image < 40] = 0  # an even ground: the frame's inner border is a line without a change
    for gray in (255, 128):
        image = cv2.copyMakeBorder(image, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=gray)
    assert check_picture(gray_film(image)) is None


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
def test_other_scans_are_refused_by_header_and_without_one(name, words, reference):
    scan = read_dicom(name)
    refusal = check_radiograph(scan, reference)
    assert refusal.kind == "header" and words in refusal.seen
    assert "analyzed anyway" in refusal.remedy
    assert check_radiograph(replace(scan, source=None), reference).kind == "unlike"


def test_a_tibia_is_accepted(reference):
    assert check_radiograph(read_dicom("RG3_UNCR.dcm"), reference) is None


def test_a_refusal_says_what_was_odd_in_plain_words(reference):
    refusal = check_radiograph(replace(read_dicom("RG1_UNCR.dcm"), source=None), reference)
    assert any(words in refusal.seen for words in ODD.values())
    assert "chest" in refusal.seen and refusal.remedy == REMEDY
    assert not any(sign.isdigit() for sign in refusal.seen)
    assert ODD.keys() == GROUPS.keys()


def test_our_samples_are_accepted(reference):
    samples = sorted(SAMPLES.glob("*.png"))
    refused = {p.name for p in samples if check_radiograph(read_sample(p.name), reference)}
    assert samples and refused == set()


def test_few_real_xrays_are_refused(reference, fracatlas):
    xrays = usable(read_fracatlas(fracatlas), "val")[::20]
    films = [decode_xray(xray.path.read_bytes()) for xray in xrays]
    refused = sum(check_radiograph(film, reference) is not None for film in films)
    assert len(xrays) == 26 and refused <= 2


def test_the_descriptor_ignores_size_window_and_shutters():
    image = read_sample("hand_whole.png").pixels
    assert describe_picture(image).shape == (sum(GROUPS.values()),)
    spread = np.abs(describe_picture(image) - describe_picture((np.eye(64) * 255).astype(np.uint8)))
    darker = (image * 0.7).astype(np.uint8)
    framed = cv2.copyMakeBorder(image, 30, 30, 0, 0, cv2.BORDER_CONSTANT, value=255)
    for same in (darker, framed):
        change = np.abs(describe_picture(image) - describe_picture(same))
        assert change.mean() < 0.1 * spread.mean()


def test_without_a_reference_only_the_simple_checks_speak(tmp_path):
    assert load_reference(tmp_path) is None
    assert check_radiograph(gray_film(document()), None) is None
    assert check_radiograph(gray_film(np.zeros((50, 50))), None).kind == "blank"
