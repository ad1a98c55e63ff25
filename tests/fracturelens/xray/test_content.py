"""What a file is, told by its first bytes."""

from pathlib import Path

import numpy as np
import pytest

from fracturelens.xray.content import HEAD, is_picture, kind_of, no_picture_words
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from tests.helpers import bad_inputs
from tests.helpers.bad_inputs import encode, gradient
from tests.helpers.films import deep, dicom_file, film

KINDS = {
    "PNG": "png", "JPEG": "jpeg", "TIFF": "tiff", "BMP": "bmp", "WEBP": "webp",
    "JPEG2000": "jpeg2000", "AVIF": "avif",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_are_told_by_content(kind):
    head = encode(gradient(), kind)[:HEAD]
    assert kind_of(head) == KINDS[kind]
    assert is_picture(head)


def test_files_of_a_hospital_cd_are_told_without_endings(tmp_path):
    data = dicom_file(deep(film()))
    (tmp_path / "IM000001").write_bytes(data)
    (tmp_path / "IM000002").write_bytes(data[132:])  # no preamble
    (tmp_path / "README").write_text("Open INDEX.HTM to see the images.")
    (tmp_path / "DICOMDIR").write_bytes(without_picture("1.2.840.10008.1.3.10"))
    found = {path.name for path in tmp_path.iterdir() if is_picture(head_of(path))}
    assert found == {"IM000001", "IM000002"}
    assert no_picture_words(head_of(tmp_path / "DICOMDIR")) == "the index of a CD (DICOMDIR)"


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def without_picture(class_uid: str) -> bytes:
    pydicom = pytest.importorskip("pydicom", reason="pydicom is optional")
    uid = pydicom.uid.UID(class_uid)
    return dicom_file(deep(film()), SOPClassUID=uid, PixelData=None, Modality="OT")


@pytest.mark.parametrize(
    ("class_uid", "words"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.11", "a structured report, not an image"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "a list of key images, not an image"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "a presentation state, not an image"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "a PDF in a DICOM file, not an image"),
        ("1.2.840.10008.1.3.10", r"the index of a CD \(DICOMDIR\), not an image"),
        ("1.2.840.10008.5.1.4.1.1.1", "holds no picture"),
    ],
)
def test_dicom_files_without_a_picture_are_named(class_uid, words):
    with pytest.raises(UnreadableXrayError, match=f"{words}.*; "):
        decode_xray(without_picture(class_uid))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Patient: Jane Doe\n", "a text"),
        ("Röntgenbefund: nichts Neues".encode(), "a text"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"MZ\x90\0" + bytes(60), "a Windows program"),
        (b"\0\0\0\x18ftypmp42" + bytes(60), "a film"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(60), "a 7z archive"),
        (bytes(300), "no picture that we know"),
        (bad_inputs.lfs_pointer(), "Git LFS pointer"),
    ],
)
def test_other_files_are_named_and_no_pictures(data, words):
    assert not is_picture(data)
    with pytest.raises(UnreadableXrayError, match=words) as caught:
        decode_xray(data)
    assert "; save the X-ray as PNG" in str(caught.value)


def test_no_words_of_the_file_reach_the_message():
    rng = np.random.default_rng(3)
    for start in (b"![](//host/x)", b"\x89PNG\r\n\x1a\n![](//host)", b"II*\0[a](b)", b"BM<b>"):
        with pytest.raises(UnreadableXrayError) as caught:
            decode_xray(start + rng.bytes(300))
        assert not set(str(caught.value)) & set("![]<>*`|\x1b")
