"""Reading X-rays of any format."""

import sys
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from fracturelens.xray.read import UnreadableXrayError, decode_xray
from important_variables import UploadLimits
from tests.helpers import bad_inputs
from tests.helpers.bad_inputs import encode, gradient

LOSSLESS = ("PNG", "TIFF", "BMP")


@pytest.mark.parametrize("kind", LOSSLESS)
def test_gray_is_read_as_it_is(kind):
    radiograph = decode_xray(encode(gradient(), kind))
    assert radiograph.pixels.dtype == np.uint8
    assert radiograph.colorfulness == 0 and radiograph.source is None
    np.testing.assert_array_equal(radiograph.pixels, gradient())


@pytest.mark.parametrize("kind", LOSSLESS)
def test_color_becomes_its_luminance(kind):
    color = np.random.default_rng(1).integers(0, 256, (300, 50, 3), np.uint8)
    color[..., 0] //= 4
    radiograph = decode_xray(encode(color, kind))
    np.testing.assert_array_equal(radiograph.pixels, cv2.cvtColor(color, cv2.COLOR_RGB2GRAY))
    assert radiograph.colorfulness > 60


@pytest.mark.parametrize("kind", LOSSLESS)
def test_gray_in_three_channels_is_the_same_as_gray(kind):
    radiograph = decode_xray(encode(np.repeat(gradient()[..., None], 3, axis=2), kind))
    np.testing.assert_array_equal(radiograph.pixels, gradient())
    assert radiograph.colorfulness == 0


def test_jpeg_is_read_to_within_its_loss():
    image = decode_xray(encode(gradient(), "JPEG", quality=95)).pixels
    assert np.abs(image.astype(int) - gradient()).max() <= 4


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_sixteen_bit_files_are_rescaled_by_the_bits_in_use(kind, bits):
    deep = gradient(dtype=np.uint16, top=2**bits - 1)
    image = decode_xray(encode(deep, kind)).pixels
    np.testing.assert_array_equal(image, np.rint(deep * (255 / (2**bits - 1))))


@pytest.mark.parametrize(
    ("pixels", "darkest", "brightest"),
    [
        (gradient().astype(np.float32) / np.float32(255), 0, 255),
        (gradient().astype(np.float32) / np.float32(510), 0, 128),
        (gradient().astype(np.float32) * 40 - 1000, 0, 255),
        (gradient().astype(np.int32) - 100, 0, 255),
        (np.zeros((20, 20), np.float32), 0, 0),
        (np.full((20, 20), 7.0, np.float32), 0, 0),
    ],
    ids=["unit", "half-unit", "hounsfield", "signed", "black", "constant"],
)
def test_real_and_signed_tiffs_are_rescaled(pixels, darkest, brightest):
    image = decode_xray(encode(pixels, "TIFF")).pixels
    assert (image.min(), image.max()) == (darkest, brightest)


def test_big_endian_tiff_is_read():
    deep = gradient(dtype=np.uint16, top=65535)
    data = encode(Image.fromarray(deep.astype(">u2")), "TIFF")
    np.testing.assert_array_equal(decode_xray(data).pixels, np.rint(deep / 257))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_orientation_is_applied(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate a quarter clockwise to see it upright
    image = decode_xray(encode(gradient(96, 64), kind, exif=exif)).pixels
    assert image.shape == (64, 96)
    assert image[:8].mean() < 50 < 200 < image[-8:].mean()


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "P"])
def test_unusual_modes_are_read(mode):
    image = Image.fromarray((gradient() > 127).astype(np.uint8) * 255).convert(mode)
    np.testing.assert_array_equal(
        decode_xray(encode(image, "PNG")).pixels, (gradient() > 127) * np.uint8(255)
    )


def test_transparent_pixels_become_black():
    image = decode_xray(bad_inputs.palette_png_with_transparency()).pixels
    assert (image[0, 0], image[0, -1]) == (0, 200)


def test_cmyk_is_not_inverted():
    image = decode_xray(bad_inputs.cmyk_jpeg()).pixels
    assert np.abs(image.astype(int) - gradient()).max() <= 6


@pytest.mark.parametrize("name", bad_inputs.REFUSED)
@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
def test_bad_files_are_refused_in_one_sentence(name):
    make, words = bad_inputs.REFUSED[name]
    with pytest.raises(UnreadableXrayError, match=words) as caught:
        decode_xray(make())
    text = str(caught.value)
    assert text[0].islower() or text[0].isdigit()
    assert text.endswith(".")
    assert "; " in text, "what is wrong; what to do"
    assert "\n" not in text


def test_a_bomb_is_refused_without_decoding(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(UnreadableXrayError, match=r"at most 50\.0 megapixels"):
        decode_xray(bad_inputs.pixel_bomb())


def test_the_byte_limit_comes_first():
    data = bad_inputs.noise(3 * 1024 * 1024)
    with pytest.raises(UnreadableXrayError, match=r"3\.0 MB and at most 2\.0 MB"):
        decode_xray(data, UploadLimits(max_bytes=2 * 1024 * 1024))


def test_a_picture_at_the_pixel_limit_is_read():
    limits = UploadLimits(max_pixels=96 * 64)
    assert decode_xray(encode(gradient(96, 64), "PNG"), limits).pixels.shape == (96, 64)
    with pytest.raises(UnreadableXrayError, match="97 x 64"):
        decode_xray(encode(gradient(64, 97), "PNG"), limits)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.filterwarnings("ignore")
def test_damage_never_escapes_as_another_error(kind):
    """Cut and altered files are read or refused, nothing else."""
    whole = encode(gradient(), kind)
    rng = np.random.default_rng(7)
    outcomes = set()
    for _ in range(150):
        data = np.frombuffer(whole, np.uint8)[: rng.integers(4, len(whole) + 1)].copy()
        data[rng.integers(4, max(5, len(data)), 3) % len(data)] = rng.integers(0, 256, 3)
        try:
            outcomes.add(decode_xray(data.tobytes()).pixels.dtype.name)
        except UnreadableXrayError:
            outcomes.add("refused")
    assert "refused" in outcomes


def dicom_file(pixels: np.ndarray, **elements) -> bytes:
    """Uncompressed DICOM of a uint16 (H, W) picture; `elements` add to or replace the header."""
    pydicom = pytest.importorskip("pydicom", reason="pydicom is optional")
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = pydicom.uid.ComputedRadiographyImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.SamplesPerPixel, dataset.PixelRepresentation = 1, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = pixels.astype("<u2").tobytes()
    for name, value in elements.items():
        setattr(dataset, name, value)
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


DEEP = gradient(dtype=np.uint16, top=4095)


def test_dicom_gray_is_stretched_and_monochrome1_inverted():
    plain = decode_xray(dicom_file(DEEP)).pixels
    inverted = decode_xray(dicom_file(DEEP, PhotometricInterpretation="MONOCHROME1")).pixels
    assert plain.shape == (96, 64)
    assert (plain[0, 0], plain[0, -1]) == (0, 255)
    np.testing.assert_array_equal(inverted, 255 - plain)


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")  # of writing lower case
def test_dicom_header_is_parsed_once_beside_the_pixels():
    read = decode_xray(dicom_file(DEEP, Modality="dx", BodyPartExamined="Hand "))
    assert (read.source.modality, read.source.body_part) == ("DX", "HAND")
    assert decode_xray(dicom_file(DEEP)).source.modality == ""


def test_dicom_window_is_applied():
    image = decode_xray(dicom_file(DEEP, WindowCenter=1000, WindowWidth=400)).pixels[0]
    assert (image[DEEP[0] <= 800] == 0).all()
    assert (image[DEEP[0] >= 1200] == 255).all()


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"NumberOfFrames": 3}, "3 frames"),
        ({"PhotometricInterpretation": "RGB"}, "RGB"),
        ({"Rows": 60_000, "Columns": 60_000}, "60,000 x 60,000"),
        ({"PixelData": b"\0\0"}, "damaged"),
    ],
)
def test_bad_dicom_is_refused(elements, words):
    with pytest.raises(UnreadableXrayError, match=words):
        decode_xray(dicom_file(DEEP, **elements))


def test_deflated_dicom_is_refused():
    data = bytes(128) + b"DICM" + b"1.2.840.10008.1.2.1.99"
    with pytest.raises(UnreadableXrayError, match="deflated"):
        decode_xray(data)


def test_dicom_without_pydicom_names_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(UnreadableXrayError, match="pip install pydicom"):
        decode_xray(bytes(128) + b"DICM" + bytes(100))
