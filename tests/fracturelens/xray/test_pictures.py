"""All the X-rays that a file holds, each by itself."""

import gzip

import numpy as np
import pytest

from fracturelens.xray.archives.zipped import ZipLimits, member_name, unpack_zip
from fracturelens.xray.pictures import read_pictures
from fracturelens.xray.read import UnreadableXrayError
from important_variables import UploadLimits
from tests.helpers.bad_inputs import encode, two_page_tiff, zip_bomb, zip_file, zip_of_texts
from tests.helpers.films import deep, dicom_file, film

FILM = film()
PNG = encode(FILM, "PNG")
DICOM = dicom_file(deep(FILM))
FRAMES = dicom_file(deep(FILM), PixelData=2 * deep(FILM).tobytes(), NumberOfFrames=2)
REPORT = dicom_file(
    deep(FILM), SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", PixelData=None, Modality="SR"
)


def names(pictures) -> list[str]:
    return [picture.name for picture in pictures]


@pytest.mark.parametrize("data", [PNG, DICOM, gzip.compress(DICOM)])
def test_an_ordinary_file_is_one_picture(data):
    (picture,) = read_pictures(data, "film")
    assert (picture.name, picture.frame, picture.error) == ("film", 0, "")
    np.testing.assert_array_equal(picture.decode().network_pixels, FILM)


@pytest.mark.parametrize("data", [FRAMES, two_page_tiff(), gzip.compress(FRAMES)])
def test_frames_and_pages_are_pictures_of_their_own(data):
    pictures = read_pictures(data, "both")
    assert names(pictures) == ["both, picture 1 of 2", "both, picture 2 of 2"]
    for picture in pictures:
        assert "several_frames" in [caution.key for caution in picture.decode().cautions]


def test_a_study_is_taken_apart_and_one_bad_file_takes_no_other_with_it():
    packed = zip_file(
        a_png=PNG, b_dcm=FRAMES, c_dcm=DICOM[:-999], d_sr=REPORT, e_gz=gzip.compress(PNG),
        readme_txt=b"Read me.", f_dcm=DICOM,
    )  # fmt: skip
    pictures = read_pictures(packed, "study.zip")
    assert names(pictures) == [
        "study.zip: a.png", "study.zip: b.dcm, picture 1 of 2", "study.zip: b.dcm, picture 2 of 2",
        "study.zip: c.dcm", "study.zip: d.sr", "study.zip: e.gz", "study.zip: f.dcm",
    ]  # fmt: skip
    report = pictures[4]
    assert report.skipped and "a structured report, not an image" in report.error
    for picture in pictures[:3] + pictures[5:]:
        np.testing.assert_array_equal(picture.decode().network_pixels, FILM)
    with pytest.raises(UnreadableXrayError, match="cut off"):
        pictures[3].decode()


def test_an_error_is_told_when_the_picture_is_asked_for():
    for data, words in ((b"", "empty"), (zip_of_texts(), "holds no X-ray"), (PNG[:50], "PNG")):
        (picture,) = read_pictures(data, "x")
        assert not picture.skipped
        with pytest.raises(UnreadableXrayError, match=words):
            picture.decode()


def test_an_index_is_skipped_with_a_word():
    (picture,) = read_pictures(REPORT, "report")
    assert picture.skipped and picture.error.startswith("the file is a structured report")


def test_what_unpacks_to_too_much_stays_shut():
    (picture,) = read_pictures(zip_bomb(), "bomb.zip")
    assert picture.name == "bomb.zip: a.png"
    assert picture.error == "the file unpacks to too many bytes; send it by itself."


@pytest.mark.parametrize(
    ("limits", "kept"), [(ZipLimits(most_bytes=len(PNG) + 10), 1), (ZipLimits(), 3)]
)
def test_a_zip_is_unpacked_within_limits(limits, kept):
    packed = zip_file(a_png=PNG, b_png=PNG, c_png=PNG)
    members = list(unpack_zip(packed, UploadLimits(), limits))
    assert [bool(member.data) for member in members] == [n < kept for n in range(3)]
    assert all(member.data or "too many bytes" in member.error for member in members)


def test_a_zip_of_too_many_files_is_refused():
    packed = zip_file(a_png=PNG, b_png=PNG, c_png=PNG)
    with pytest.raises(UnreadableXrayError, match="more than 2 files"):
        list(unpack_zip(packed, UploadLimits(), ZipLimits(most_files=2)))


def test_archives_within_archives_stay_shut():
    inner = zip_file(a_png=PNG)
    packed = zip_file(b_zip=inner, c_gz=gzip.compress(inner), d_png=PNG)
    pictures = read_pictures(packed, "outer.zip")
    assert names(pictures) == ["outer.zip: d.png"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Hände/Röntgen 1.png", "Hände/Röntgen 1.png"),
        ("../../etc/passwd", "etc/passwd"),
        ("/root/x.dcm", "root/x.dcm"),
        ("C:\\x\\..\\y.dcm", "C_/x/y.dcm"),
        ("![](//host).png", "___(/host).png"),
        ("a\x1b[31m\u202eb.png", "a__31m_b.png"),
        ("..", "unnamed"),
        ("a" * 500, "a" * 120),
    ],
)
def test_names_are_kept_and_harmless(stored, shown):
    assert member_name(stored) == shown
