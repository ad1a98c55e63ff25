"""What is kept of a DICOM header: cleaned texts, identifiers, spacing, age."""

import pytest

from fracturelens.xray.cautions import caution_words
from fracturelens.xray.dicom.header import plain
from fracturelens.xray.radiograph import PixelSpacing
from fracturelens.xray.read import decode_xray
from tests.helpers.films import deep, dicom_file, film

pytest.importorskip("pydicom", reason="pydicom is optional")
DEEP = deep(film())


def source(**elements):
    return decode_xray(dicom_file(DEEP, **elements)).source


def test_a_header_is_kept():
    found = source(
        Modality="CR", BodyPartExamined="HAND", StudyInstanceUID="1.2.1", SeriesInstanceUID="1.2.2",
        Laterality="R", PatientOrientation=["L", "F"], ViewPosition="AP", PatientAge="045Y",
        PresentationIntentType="FOR PRESENTATION",
    )  # fmt: skip
    assert (found.modality, found.body_part, found.laterality) == ("CR", "HAND", "R")
    assert (found.study_uid, found.series_uid, found.instance_uid) == ("1.2.1", "1.2.2", "1.2.3")
    assert found.class_uid == "1.2.840.10008.5.1.4.1.1.1.1"
    assert (found.orientation, found.view_position) == (("L", "F"), "AP")
    assert (found.intent, found.photometric) == ("FOR PRESENTATION", "MONOCHROME2")
    assert (found.age_years, found.frames, found.spacing) == (45, 1, None)


@pytest.mark.parametrize(
    "hostile",
    ["CHEST ![](//host/x)", "[click](http://host)", "HAND <img src=x>", "\x1b[31mRED\x1b[0m",
     "`a` *b* _c_ # d | e", "www.host.example/x", "$x^2$ :red[y]", "‮DNAH"],
)  # fmt: skip
def test_texts_are_cut_to_what_harms_no_page(hostile):
    stored = hostile.encode("utf-8").decode("latin-1")
    found = source(BodyPartExamined=stored, Modality=stored[:9])
    for text in (found.body_part, found.modality):
        assert not set(text) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-")


def test_texts_are_bounded_and_words_stay_apart():
    assert plain("HAND/WRIST\\FOOT") == "HAND WRIST FOOT"
    assert len(source(BodyPartExamined="A" * 5000).body_part) == 64
    assert plain(" L-SPINE_2 \0") == "L-SPINE_2"


def test_identifiers_are_digits_and_dots():
    assert source(StudyInstanceUID="1.2.<b>3</b>").study_uid == "1.2.3"


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"ImagerPixelSpacing": [0.2, 0.1]}, PixelSpacing(0.2, 0.1, "detector")),
        ({"PixelSpacing": [0.2, 0.1]}, PixelSpacing(0.2, 0.1, "unstated")),
        (
            {"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]},
            PixelSpacing(0.2, 0.2, "detector"),
        ),
        (
            {"PixelSpacing": [0.1, 0.1], "ImagerPixelSpacing": [0.2, 0.2],
             "PixelSpacingCalibrationType": "FIDUCIAL"},
            PixelSpacing(0.1, 0.1, "fiducial"),
        ),
        ({"NominalScannedPixelSpacing": [0.3, 0.3]}, PixelSpacing(0.3, 0.3, "scanner")),
        ({"PixelSpacing": [0, 0]}, None),
        ({"PixelSpacing": "0.2"}, None),
    ],
)  # fmt: skip
def test_spacing_and_how_it_was_obtained(elements, expected):
    assert source(**elements).spacing == expected


@pytest.mark.parametrize(
    ("elements", "years"),
    [
        ({"PatientAge": "017Y"}, 17),
        ({"PatientAge": "006M"}, 0.5),
        ({"PatientAge": "old"}, None),
        ({"PatientBirthDate": "20100701", "StudyDate": "20200101"}, 9.5),
        ({"PatientBirthDate": "20200101", "StudyDate": "20100701"}, None),
        ({}, None),
    ],
)
def test_age(elements, years):
    found = source(**elements).age_years
    assert found == (None if years is None else pytest.approx(years, abs=0.01))


@pytest.mark.parametrize(("age", "told"), [("017Y", True), ("018Y", False), ("003M", True)])
def test_children_are_told(age, told):
    found = decode_xray(dicom_file(DEEP, PatientAge=age, WindowCenter=2048, WindowWidth=4096))
    assert [caution.key for caution in found.cautions] == ["child"] * told
    for caution in found.cautions:
        assert "not measured on children" in caution_words(caution)


@pytest.mark.parametrize("name", ["NumberOfFrames", "RescaleSlope", "WindowCenter", "PixelSpacing"])
def test_texts_that_should_be_numbers_are_passed_over(name):
    stored = {"NumberOfFrames": "12345678", "PixelSpacing": ["1234", "678"]}.get(name, "1234.678")
    text = "\\".join(stored) if isinstance(stored, list) else stored
    data = dicom_file(DEEP, WindowWidth=4096, **{name: stored}).replace(text.encode(), b"![](//x)")
    found = decode_xray(data)
    assert (found.source.frames, found.source.spacing) == (1, None)
    assert found.pixels.shape == DEEP.shape
