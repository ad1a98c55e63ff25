"""Pictures that must be refused come with installed packages; X-rays from our own samples."""

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
    Reference,
    check_file,
    check_is_xray,
    check_picture,
    load_reference,
)
from fracturelens.screening.descriptor import GROUPS, describe_picture
from fracturelens.xray.read import decode_xray
from important_variables import ROOT, SAMPLES, SAVED_MODELS
from training.data.dataset import read_fracatlas, usable
from training.fit.screening import (
    choose_limit,
    describe,
    fit_distance,
    refusal_rate,
    write_reference,
)

PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket", "retina", "immunohistochemistry")
GRAY_PICTURES = ("camera", "page", "text", "moon", "grass", "gravel", "brick", "coins", "clock")
SCREENSHOTS = sorted((ROOT / "assets" / "screenshots").glob("*.png"))


def gray_to_rgb(gray):
    return np.repeat(np.asarray(gray, np.uint8)[..., None], 3, axis=2)


def document():
    page = np.full((400, 300), 255, np.uint8)
    for row in range(12):
        cv2.putText(page, "Report: nothing new", (10, 30 + 30 * row), 0, 0.5, 0, 1, cv2.LINE_AA)
    return gray_to_rgb(page)


@pytest.fixture(scope="module")
def reference():
    found = load_reference(SAVED_MODELS)
    if found is None:
        pytest.skip(f"{SAVED_MODELS / REFERENCE_FILE} is not fitted yet: run fit-refusal")
    return found


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_for_their_colour(name):
    picture = getattr(skimage_data, name)()
    assert check_picture(np.ascontiguousarray(picture[..., :3])).kind == "colour"


@pytest.mark.parametrize("index", [0, 1])
def test_sample_photographs_of_scikit_learn_are_refused(index):
    refusal = check_picture(load_sample_images().images[index])
    assert refusal.kind == "colour" and "colour picture" in refusal.seen
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
    assert check_picture(gray_to_rgb(picture)).kind == kind


@pytest.mark.parametrize("name", GRAY_PICTURES)
def test_gray_pictures_of_scikit_image_are_refused(name, reference):
    refusal = check_is_xray(gray_to_rgb(getattr(skimage_data, name)()), reference)
    assert refusal is not None and refusal.seen.endswith(".")


def test_matplotlibs_portrait_is_refused_even_without_its_colour(reference):
    from matplotlib import cbook
    from PIL import Image

    path = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    with Image.open(path) as portrait:
        picture = np.array(portrait.convert("RGB"))
    assert check_is_xray(picture, reference).kind == "colour"
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    assert check_is_xray(gray_to_rgb(gray), reference).kind == "unlike"


def test_documents_are_refused(reference):
    assert check_is_xray(document(), reference) is not None
    assert check_is_xray(255 - document(), reference) is not None


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_refused_without_their_colour_too(name, reference):
    gray = cv2.cvtColor(np.ascontiguousarray(getattr(skimage_data, name)()[..., :3]), 7)
    assert check_is_xray(gray_to_rgb(gray), reference) is not None


@pytest.mark.parametrize("path", SCREENSHOTS, ids=lambda path: path.stem)
def test_screenshots_are_refused_sharp_smaller_and_as_jpeg(path):
    gray = cv2.cvtColor(decode_xray(path.read_bytes()), cv2.COLOR_RGB2GRAY)
    smaller = cv2.resize(gray, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    squeezed = cv2.imdecode(cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], 0)
    kinds = [check_picture(gray_to_rgb(shown)).kind for shown in (gray, smaller, squeezed)]
    assert kinds == ["page"] * 3


def test_there_are_screenshots_of_both_themes():
    assert {path.stem.split("-")[1] for path in SCREENSHOTS} == {"dark", "light"}


def test_a_frame_makes_no_page_of_an_xray():
    image = decode_xray((SAMPLES / "hand_whole.png").read_bytes())
    image[image < 40] = 0  # an even ground: the frame's inner border is a line without a change
    for colour in ((255, 255, 255), (128, 128, 128)):
        image = cv2.copyMakeBorder(image, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=colour)
    assert check_picture(image) is None


def dicom(name):
    return Path(get_testdata_file(name, download=False)).read_bytes()


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
    image = decode_xray(dicom(name))
    refusal = check_file(dicom(name), image, reference)
    assert refusal.kind == "header" and words in refusal.seen
    assert "judged all the same" in refusal.remedy
    assert check_file(b"", image, reference).kind == "unlike"


def test_a_tibia_is_accepted(reference):
    data = dicom("RG3_UNCR.dcm")
    assert check_file(data, decode_xray(data), reference) is None


def test_a_refusal_says_what_was_odd_in_plain_words(reference):
    refusal = check_is_xray(decode_xray(dicom("RG1_UNCR.dcm")), reference)
    assert any(words in refusal.seen for words in ODD.values())
    assert "chest" in refusal.seen and refusal.remedy == REMEDY
    assert not any(sign.isdigit() for sign in refusal.seen)
    assert ODD.keys() == GROUPS.keys()


def test_our_samples_are_accepted(reference):
    samples = sorted(SAMPLES.glob("*.png"))
    refused = {p.name for p in samples if check_is_xray(decode_xray(p.read_bytes()), reference)}
    assert samples and refused == set()


def test_few_real_xrays_are_refused(reference, fracatlas):
    xrays = usable(read_fracatlas(fracatlas), "val")[::20]
    descriptors, kinds = describe(xrays)
    refused = sum(
        bool(kind) or reference.distance(row) > reference.limit
        for row, kind in zip(descriptors, kinds, strict=True)
    )
    assert len(xrays) == 26 and refused <= 2


def test_the_descriptor_ignores_size_window_and_shutters():
    image = decode_xray((SAMPLES / "hand_whole.png").read_bytes())
    assert describe_picture(image).shape == (sum(GROUPS.values()),)
    spread = np.abs(describe_picture(image) - describe_picture(gray_to_rgb(np.eye(64) * 255)))
    darker = (image * 0.7).astype(np.uint8)
    framed = cv2.copyMakeBorder(image, 30, 30, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    for same in (darker, framed):
        change = np.abs(describe_picture(image) - describe_picture(same))
        assert change.mean() < 0.1 * spread.mean()


def test_without_a_reference_only_the_simple_checks_speak(tmp_path):
    assert load_reference(tmp_path) is None
    assert check_is_xray(document(), None) is None
    assert check_is_xray(gray_to_rgb(np.zeros((50, 50))), None).kind == "blank"


def test_the_distance_is_mahalanobis():
    generator = np.random.default_rng(0)
    sample = generator.multivariate_normal([1, 2], [[4, 1.5], [1.5, 1]], 20_000)
    mean, whitening = fit_distance(sample)
    found = Reference(mean, whitening, 1.0).distance(np.array([3.0, 2.0]))
    expected = np.sqrt(np.array([2, 0]) @ np.linalg.inv([[4, 1.5], [1.5, 1]]) @ np.array([2, 0]))
    assert found == pytest.approx(expected, rel=0.06)  # shrinkage shortens it a little


def test_the_limit_counts_what_the_simple_checks_refuse():
    distances, kinds = np.arange(400.0), [""] * 400
    assert choose_limit(distances, kinds) == 393  # 1.5 % are 6
    assert refusal_rate(distances, kinds, 397)["reasons"] == {"unlike": 2}
    kinds[0] = "blank"
    assert refusal_rate(distances, kinds, choose_limit(distances, kinds)) == {
        "images": 400, "refused": 6, "share": 0.015, "reasons": {"blank": 1, "unlike": 5}
    }  # fmt: skip


def test_a_written_reference_reads_back(tmp_path):
    reference = Reference(np.array([1.0, 2.0]), np.eye(2), 3.0)
    write_reference(reference, 5, {}, tmp_path)
    found = load_reference(tmp_path)
    assert np.array_equal(found.mean, reference.mean) and found.limit == 3.0
    assert np.array_equal(found.whitening, reference.whitening)
