"""Reading, letterboxing and writing X-rays."""

import sys
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from fracturelens.export.png import encode_png
from fracturelens.findings.restore import restore_probability
from fracturelens.xray.letterbox import Letterbox, letterbox_image, prepare_xray
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from important_variables import UploadLimits
from tests.helpers import bad_inputs
from tests.helpers.bad_inputs import encode, gradient

LOSSLESS = ("PNG", "TIFF", "BMP")


def frozen(array: np.ndarray) -> np.ndarray:
    """Read-only, so that writing into it raises."""
    array.setflags(write=False)
    return array


@pytest.mark.parametrize("kind", LOSSLESS)
def test_gray_becomes_three_equal_channels(kind):
    image = decode_xray(encode(gradient(), kind))
    assert image.dtype == np.uint8
    assert image.flags.writeable
    np.testing.assert_array_equal(image, np.repeat(gradient()[..., None], 3, axis=2))


@pytest.mark.parametrize("kind", LOSSLESS)
def test_colour_is_kept(kind):
    colour = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    np.testing.assert_array_equal(decode_xray(encode(colour, kind)), colour)


def test_jpeg_is_read_to_within_its_loss():
    image = decode_xray(encode(gradient(), "JPEG", quality=95))
    assert np.abs(image[..., 0].astype(int) - gradient()).max() <= 4


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_sixteen_bit_files_are_rescaled_by_the_bits_in_use(kind, bits):
    deep = gradient(dtype=np.uint16, top=2**bits - 1)
    image = decode_xray(encode(deep, kind))
    np.testing.assert_array_equal(image[..., 0], np.rint(deep * (255 / (2**bits - 1))))


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
    image = decode_xray(encode(pixels, "TIFF"))
    assert (image.min(), image.max()) == (darkest, brightest)


def test_big_endian_tiff_is_read():
    deep = gradient(dtype=np.uint16, top=65535)
    data = encode(Image.fromarray(deep.astype(">u2")), "TIFF")
    np.testing.assert_array_equal(decode_xray(data)[..., 0], np.rint(deep / 257))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_orientation_is_applied(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate a quarter clockwise to see it upright
    image = decode_xray(encode(gradient(96, 64), kind, exif=exif))
    assert image.shape == (64, 96, 3)
    assert image[:8].mean() < 50 < 200 < image[-8:].mean()


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "P"])
def test_unusual_modes_are_read(mode):
    image = Image.fromarray((gradient() > 127).astype(np.uint8) * 255).convert(mode)
    np.testing.assert_array_equal(
        decode_xray(encode(image, "PNG"))[..., 1], (gradient() > 127) * np.uint8(255)
    )


def test_transparent_pixels_become_black():
    image = decode_xray(bad_inputs.palette_png_with_transparency())
    assert image[0, 0].tolist() == [0, 0, 0]
    assert image[0, -1].tolist() == [200, 200, 200]


def test_cmyk_is_not_inverted():
    image = decode_xray(bad_inputs.cmyk_jpeg())
    assert np.abs(image[..., 0].astype(int) - gradient()).max() <= 6


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
    assert decode_xray(encode(gradient(96, 64), "PNG"), limits).shape == (96, 64, 3)
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
            outcomes.add(decode_xray(data.tobytes()).dtype.name)
        except UnreadableXrayError:
            outcomes.add("refused")
    assert "refused" in outcomes


@pytest.mark.parametrize(
    ("height", "width", "inner_height", "inner_width", "top", "left"),
    [
        (512, 512, 256, 256, 0, 0),
        (454, 373, 256, 210, 0, 23),
        (373, 454, 210, 256, 23, 0),
        (100, 50, 256, 128, 0, 64),
        (4000, 1, 256, 1, 0, 127),
    ],
)
def test_letterbox_keeps_the_aspect_and_centres(
    height, width, inner_height, inner_width, top, left
):
    box = Letterbox(height, width, 256)
    assert (box.inner_height, box.inner_width) == (inner_height, inner_width)
    assert (box.top, box.left) == (top, left)
    assert box.scale == 256 / max(height, width)


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_letterbox_image_keeps_dtype_and_channels(channels):
    image = frozen(np.ones((30, 60, *channels), np.float32))
    square = letterbox_image(image, 40, cv2.INTER_AREA)
    assert square.shape == (40, 40, *channels)
    assert square.dtype == np.float32
    assert square[10:30].min() == 1
    assert square[:10].max() == square[30:].max() == 0


def test_prepared_xray_meets_the_tensor_contract():
    image = frozen(np.full((454, 373, 3), 255, np.uint8))
    tensor = prepare_xray(image)
    assert tensor.shape == (1, 256, 256, 3)
    assert tensor.dtype == np.float32
    assert tensor[:, :, 23:233].min() == 1
    assert tensor[:, :, :23].max() == tensor[:, :, 233:].max() == 0


def test_shrinking_averages_instead_of_skipping():
    checks = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    tensor = prepare_xray(np.repeat(checks[..., None], 3, axis=2))
    np.testing.assert_allclose(tensor, 0.5, atol=0.005)


@pytest.mark.parametrize(("height", "width"), [(454, 373), (373, 454), (60, 200), (256, 256)])
def test_a_probability_comes_back_where_the_picture_had_it(height, width):
    rows, columns = np.indices((height, width))
    spot = (np.hypot(rows - height * 0.3, columns - width * 0.7) < 12).astype(np.float32)
    letterboxed = frozen(letterbox_image(spot, 256, cv2.INTER_AREA))
    restored = restore_probability(letterboxed, height, width)
    assert restored.shape == (height, width)
    assert restored.dtype == np.float32
    assert 0 <= restored.min() and restored.max() <= 1
    found = np.argwhere(restored > 0.5).mean(axis=0)
    np.testing.assert_allclose(found, [height * 0.3, width * 0.7], atol=1.0)


def test_padding_never_leaks_into_the_restored_picture():
    letterboxed = np.ones((256, 256), np.float32)
    letterboxed[Letterbox(454, 373, 256).inner] = 0
    assert restore_probability(letterboxed, 454, 373).max() == 0


def test_png_comes_back_as_it_was():
    image = frozen(np.random.default_rng(2).integers(0, 256, (30, 40, 3), np.uint8))
    np.testing.assert_array_equal(decode_xray(encode_png(image)), image)
    mask = frozen(image[..., 0] > 127)
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(encode_png(mask)))), mask * 255)


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
    plain = decode_xray(dicom_file(DEEP))
    inverted = decode_xray(dicom_file(DEEP, PhotometricInterpretation="MONOCHROME1"))
    assert plain.shape == (96, 64, 3)
    assert (plain[0, 0, 0], plain[0, -1, 0]) == (0, 255)
    np.testing.assert_array_equal(inverted, 255 - plain)


def test_dicom_window_is_applied():
    image = decode_xray(dicom_file(DEEP, WindowCenter=1000, WindowWidth=400))[0, :, 0]
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
