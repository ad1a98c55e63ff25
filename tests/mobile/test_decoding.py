"""The phone reads the same gray values from a file as Python does, within one gray level."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from fracturelens.xray.read import UnreadableXrayError, decode_xray
from tests.helpers import bad_inputs
from tests.helpers.dicom_syntaxes import by_gdcm, written_as
from tests.helpers.films import (
    dataset_of,
    deep,
    dicom_file,
    encapsulated,
    file_of,
    film,
    table_item,
)

pydicom = pytest.importorskip("pydicom", reason="pydicom is optional")
JPEG = "1.2.840.10008.1.2.4."
GRAY = film(200, 160)
DEEP = deep(GRAY)


def saved(image, kind, **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def colored():
    """Hardly colored, as a film that was saved as a color picture is."""
    return Image.fromarray(np.stack([GRAY, GRAY, np.minimum(GRAY + 3, 255)], axis=-1))


def rotated_jpeg():
    exif = Image.Exif()
    exif[274] = 6
    return saved(Image.fromarray(GRAY), "JPEG", quality=95, exif=exif)


PICTURES = {
    "png": lambda: saved(Image.fromarray(GRAY), "PNG"),
    "png, 16 bits": lambda: saved(Image.fromarray(DEEP * 16), "PNG"),
    "png, 12 bits in 16": lambda: saved(Image.fromarray(DEEP), "PNG"),
    "png, color": lambda: saved(colored(), "PNG"),
    "png, palette": lambda: saved(colored().quantize(64), "PNG"),
    "png, opacity": lambda: saved(colored().convert("RGBA"), "PNG"),
    "png, gray and opacity": lambda: saved(Image.fromarray(GRAY).convert("LA"), "PNG"),
    "jpeg": lambda: saved(Image.fromarray(GRAY), "JPEG", quality=90),
    "jpeg, color": lambda: saved(colored(), "JPEG", quality=90),
    "jpeg, progressive": lambda: saved(colored(), "JPEG", quality=80, progressive=True),
    "jpeg, turned": rotated_jpeg,
    "webp": lambda: saved(colored(), "WEBP", lossless=True),
    "bmp": lambda: saved(Image.fromarray(GRAY), "BMP"),
}


def window(**more):
    return dicom_file(DEEP, WindowCenter="2048", WindowWidth="4096", **more)


DICOMS = {
    "window": window,
    "no window": lambda: dicom_file(DEEP),
    "narrow window": lambda: dicom_file(DEEP, WindowCenter="1500", WindowWidth="1200"),
    "window of no use": lambda: dicom_file(DEEP, WindowCenter="60000", WindowWidth="2"),
    "sigmoid": lambda: window(VOILUTFunction="SIGMOID"),
    "linear exact": lambda: window(VOILUTFunction="LINEAR_EXACT"),
    "monochrome1": lambda: window(PhotometricInterpretation="MONOCHROME1"),
    "rescaled": lambda: dicom_file(
        DEEP, RescaleSlope="0.5", RescaleIntercept="-100", WindowCenter="900", WindowWidth="2000"
    ),
    "signed": lambda: dicom_file(
        DEEP.astype(np.int16) - 2048, WindowCenter="0", WindowWidth="4096"
    ),
    "8 bits": lambda: dicom_file(GRAY, bits=8),
    "padding": lambda: window(PixelPaddingValue=0),
    "for processing": lambda: dicom_file(DEEP, PresentationIntentType="FOR PROCESSING"),
    "voi table": lambda: dicom_file(
        DEEP, VOILUTSequence=[table_item(np.arange(4096, dtype=np.uint16), 0, 12)]
    ),
}


def difference(worker, data):
    """Largest difference in gray levels between phone and Python."""
    ours, theirs = decode_xray(data).pixels, worker.picture(data)
    assert theirs.shape == ours.shape
    return int(np.abs(theirs.astype(int) - ours).max())


@pytest.mark.parametrize("name", PICTURES)
def test_pictures(worker, name):
    assert difference(worker, PICTURES[name]()) <= 1


@pytest.mark.parametrize("name", DICOMS)
def test_dicom(worker, name):
    assert difference(worker, DICOMS[name]()) <= 1


UNCOMPRESSED = (
    "ImplicitVRLittleEndian",
    "ExplicitVRLittleEndian",
    "ExplicitVRBigEndian",
    "DeflatedExplicitVRLittleEndian",
)


@pytest.mark.parametrize("name", UNCOMPRESSED)
def test_dicom_uncompressed(worker, name):
    assert difference(worker, written_as(getattr(pydicom.uid, name), DEEP)) <= 1


@pytest.mark.parametrize("name", ["JPEGLosslessProcess14_1", "JPEGLSLossless"])
def test_dicom_by_gdcm(worker, name, tmp_path):
    assert difference(worker, by_gdcm(tmp_path, name, window())) <= 1


def test_dicom_run_length(worker):
    dataset = dataset_of(DEEP)
    dataset.compress(pydicom.uid.RLELossless, encoding_plugin="pydicom")
    assert difference(worker, file_of(dataset)) <= 1


def test_dicom_jpeg_2000(worker):
    frame = bad_inputs.encode(Image.fromarray(DEEP), "JPEG2000", no_jp2=True)
    assert difference(worker, encapsulated(dataset_of(DEEP), JPEG + "90", frame)) <= 1


def test_dicom_jpeg_baseline(worker):
    frame = bad_inputs.encode(GRAY, "JPEG", quality=98)
    assert difference(worker, encapsulated(dataset_of(GRAY, 8), JPEG + "50", frame)) <= 1


BAD = {
    "text": lambda: b"no picture at all",
    "empty": bad_inputs.empty_file,
    "cut off png": bad_inputs.truncated_png,
    "cut off jpeg": bad_inputs.truncated_jpeg,
    "gif": bad_inputs.animated_gif,
    "animated png": bad_inputs.animated_png,
    "too large": bad_inputs.pixel_bomb,
    "tiny": bad_inputs.tiny_png,
    "cut off dicom": lambda: window()[:-1000],
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_and_harms_no_other(worker, name):
    data = BAD[name]()
    with pytest.raises(UnreadableXrayError):
        decode_xray(data)
    assert worker.examine(data)["error"]
    assert worker.examine(PICTURES["png"]())["error"] == ""
