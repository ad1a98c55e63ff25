"""Reading X-rays of all formats but DICOM, and what is refused or told."""

import gzip
import sys

import numpy as np
import pytest
from PIL import Image

from fracturelens.export.png import encode_png
from fracturelens.xray.cautions import WORDS, Caution, caution_words
from fracturelens.xray.radiograph import Radiograph, negative_of
from fracturelens.xray.read import UnreadableXrayError, decode_frame, decode_xray
from important_variables import UploadLimits
from tests.helpers import bad_inputs
from tests.helpers.bad_inputs import encode, gradient
from tests.helpers.films import deep, dicom_file, film

LOSSLESS = ("PNG", "TIFF", "BMP")
FILM = film()


def keys(radiograph) -> list[str]:
    return [caution.key for caution in radiograph.cautions]


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("pixels", [gradient(), FILM, np.full((40, 30), 90, np.uint8)])
def test_eight_bits_are_kept_to_the_bit_for_people_and_networks(kind, pixels):
    found = decode_xray(encode(pixels, kind))
    assert found.pixels.dtype == np.uint8
    np.testing.assert_array_equal(found.pixels, pixels)
    assert found.network_pixels is found.pixels
    assert (found.source, found.colorfulness, found.cautions) == (None, 0, ())


@pytest.mark.parametrize("kind", LOSSLESS)
def test_color_becomes_its_luminance(kind):
    color = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    found = decode_xray(encode(color, kind))
    luminance = color @ np.array([0.299, 0.587, 0.114])
    assert np.abs(found.pixels - luminance).max() <= 1
    assert found.colorfulness > 5


def test_jpeg_is_read_to_within_its_loss():
    found = decode_xray(encode(gradient(), "JPEG", quality=95))
    assert np.abs(found.pixels.astype(int) - gradient()).max() <= 4


@pytest.mark.parametrize("color", [False, True])
def test_jpeg_is_read_alike_without_the_strict_decoder(color, monkeypatch):
    pixels = np.repeat(FILM[..., None], 3, axis=2) if color else FILM
    data = encode(pixels, "JPEG", quality=80)
    strict = decode_xray(data).pixels
    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    np.testing.assert_array_equal(decode_xray(data).pixels, strict)


def tinted(height: int, width: int) -> np.ndarray:
    """uint8 (H, W, 3), bluish at its left and reddish at its right."""
    gray = gradient(height, width) // 2 + 60.0
    tint = np.linspace(-30, 30, width)[None]
    return np.rint(np.stack([gray + tint, gray, gray - tint], axis=2)).astype(np.uint8)


@pytest.mark.parametrize("size", [(64, 80), (61, 83), (17, 200), (133, 90)])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_in_color_is_as_gray_and_as_colorful_as_its_whole_colors(
    size, progressive, monkeypatch
):
    """Luminance and colors are decoded apart, the colors smaller."""
    data = encode(tinted(*size), "JPEG", quality=92, progressive=progressive)
    found = decode_xray(data)
    monkeypatch.setitem(sys.modules, "simplejpeg", None)  # Pillow decodes the whole colors
    whole = decode_xray(data)
    assert found.pixels.shape == whole.pixels.shape == size
    assert np.abs(found.pixels.astype(int) - whole.pixels).max() <= 1
    assert found.colorfulness == pytest.approx(whole.colorfulness, rel=0.15)
    assert whole.colorfulness > 5


def test_a_jpeg_with_a_block_cut_out_is_read_with_a_caution():
    pytest.importorskip("simplejpeg", reason="simplejpeg is optional")
    whole = encode(FILM, "JPEG", quality=95)
    middle = len(whole) // 2
    found = decode_xray(whole[:middle] + whole[middle + 400 :])
    assert keys(found) == ["decoder_warning"]
    assert (np.abs(found.pixels.astype(int) - FILM) > 8).mean() > 0.02


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_sixteen_bit_files_are_rescaled_by_the_bits_in_use(kind, bits):
    values = gradient(dtype=np.uint16, top=2**bits - 1)
    found = decode_xray(encode(values, kind))
    np.testing.assert_array_equal(found.pixels, np.rint(values * (255 / (2**bits - 1))))


def marked(pixels: np.ndarray, size: int) -> np.ndarray:
    """The picture with a square of the brightest value there is."""
    pixels = pixels.copy()
    pixels[3 : 3 + size, 3 : 3 + size] = 65535
    return pixels


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("values", "largest"),
    [
        (FILM.astype(np.uint16) * 257, 0),
        (deep(FILM), 0),
        (32768 + 8 * FILM.astype(np.uint16), 1),
        (deep(FILM, 33_000), 2),
        (deep(FILM, 4500), 22),
        (marked(deep(FILM), 1), 0),
        (marked(deep(FILM), 12), 0),
    ],
    ids=["16 bits", "12 bits", "offset", "white 33,000", "white 4,500", "hot pixel", "marker"],
)
def test_one_film_in_sixteen_bits_is_one_picture(kind, values, largest):
    """A white that is no power of two becomes white: the film's own was 235 of 255."""
    found = decode_xray(encode(values, kind))
    assert found.network_pixels is found.pixels
    assert np.abs(found.pixels[16:].astype(int) - FILM[16:]).max() <= largest
    assert np.corrcoef(found.pixels[16:].ravel(), FILM[16:].ravel())[0, 1] > 0.9999


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("white", [4095, 65535])
def test_color_of_sixteen_bits_keeps_its_depth(channels, white):
    cv2 = pytest.importorskip("cv2")
    values = np.repeat(deep(FILM, white)[..., None], channels, axis=2)
    values[..., 3:] = 65535
    found = decode_xray(cv2.imencode(".png", values)[1].tobytes())
    np.testing.assert_array_equal(found.pixels, FILM)
    assert found.colorfulness < 1


def test_transparency_of_sixteen_bits_is_laid_on_black():
    cv2 = pytest.importorskip("cv2")
    values = np.repeat(deep(FILM, 65535)[..., None], 4, axis=2)
    values[..., 3] = 65535
    values[:20, :, 3] = 0
    found = decode_xray(cv2.imencode(".png", values)[1].tobytes())
    assert found.pixels[:20].max() == 0
    np.testing.assert_array_equal(found.pixels[20:], FILM[20:])


def test_low_contrast_is_shown_as_it_is_and_stretched_for_the_networks():
    low = np.rint(50 + 0.4 * FILM).astype(np.uint8)
    found = decode_xray(encode(low, "PNG"))
    np.testing.assert_array_equal(found.pixels, low)
    assert (found.network_pixels.min(), found.network_pixels.max()) == (0, 255)
    assert keys(found) == ["low_contrast"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate a quarter clockwise to see it upright
    options = {"lossless": True} if kind == "WEBP" else {}
    found = decode_xray(encode(gradient(96, 64), kind, exif=exif, **options)).pixels
    assert found.shape == (64, 96)
    assert found[:8].mean() < 50 < 200 < found[-8:].mean()


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "P"])
def test_unusual_modes_are_read(mode):
    image = Image.fromarray((gradient() > 127).astype(np.uint8) * 255).convert(mode)
    np.testing.assert_array_equal(
        decode_xray(encode(image, "PNG")).pixels, (gradient() > 127) * np.uint8(255)
    )


def test_transparent_pixels_become_black():
    pixels = decode_xray(bad_inputs.palette_png_with_transparency()).pixels
    assert (pixels[0, 0], pixels[0, -1]) == (0, 200)


def test_cmyk_is_not_inverted():
    pixels = decode_xray(bad_inputs.cmyk_jpeg()).pixels
    assert np.abs(pixels.astype(int) - gradient()).max() <= 6


@pytest.mark.parametrize(
    ("kind", "options", "largest"),
    [
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 90}, 12),
        ("JPEG2000", {}, 0),
        ("JPEG2000", {"no_jp2": True}, 0),
        ("AVIF", {"quality": 95}, 6),
    ],
)
def test_modern_formats_are_read(kind, options, largest):
    found = decode_xray(encode(FILM, kind, **options))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= largest


def test_large_jpeg_2000_is_read_at_half_its_size(monkeypatch):
    monkeypatch.setattr("fracturelens.xray.formats.jpeg2000.LARGE", 5000)
    found = decode_xray(encode(FILM, "JPEG2000"))
    assert found.pixels.shape == (48, 40)
    assert keys(found) == ["reduced"]


def test_a_photo_of_a_phone_is_named(monkeypatch):
    """No library here writes HEIC: a file of the right brand that holds nothing."""
    data = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
    with pytest.raises(UnreadableXrayError, match=r"photo from an iPhone \(HEIC\)"):
        decode_xray(data)


def test_a_gzip_is_opened():
    np.testing.assert_array_equal(decode_xray(gzip.compress(encode(FILM, "PNG"))).pixels, FILM)


def test_the_first_picture_of_a_zip_is_read():
    packed = bad_inputs.zip_file(notes_txt=b"x", a_png=encode(FILM, "PNG"))
    assert keys(decode_xray(packed)) == []
    packed = bad_inputs.zip_file(a_png=encode(FILM, "PNG"), b_dcm=dicom_file(deep(FILM)))
    found = decode_xray(packed)
    np.testing.assert_array_equal(found.pixels, FILM)
    assert keys(found) == ["several_frames"]


def test_the_pages_of_a_tiff_are_read_one_by_one():
    data = bad_inputs.two_page_tiff()
    assert keys(decode_xray(data)) == ["several_frames"]
    assert decode_frame(data, 0).pixels.max() == 255
    assert decode_frame(data, 1).pixels.max() == 128
    with pytest.raises(UnreadableXrayError, match="TIFF"):
        decode_frame(data, 2)


@pytest.mark.parametrize("name", bad_inputs.REFUSED)
@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
def test_bad_files_are_refused_in_one_sentence(name):
    make, words = bad_inputs.REFUSED[name]
    with pytest.raises(UnreadableXrayError, match=words) as caught:
        decode_xray(make())
    text = str(caught.value)
    assert text[0].islower() or text[0].isdigit() or text.startswith(("PNG", "JPEG"))
    assert text.endswith(".")
    assert "; " in text, "what is wrong; what to do"
    assert "\n" not in text


@pytest.mark.parametrize("name", bad_inputs.ACCEPTED)
def test_odd_files_are_read(name):
    assert decode_xray(bad_inputs.ACCEPTED[name]()).pixels.ndim == 2


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


@pytest.mark.parametrize("error", [MemoryError, RecursionError, UserWarning, AssertionError])
def test_whatever_a_decoder_raises_becomes_a_sentence(error, monkeypatch):
    def fail(*_):
        raise error("![](//host)")

    monkeypatch.setattr("fracturelens.xray.formats.png.gray_of_image", fail)
    words = "more memory than there is" if error is MemoryError else "damaged or incomplete"
    with pytest.raises(UnreadableXrayError, match=f"the PNG .*{words}"):
        decode_xray(encode(FILM, "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "dicom", "zip"])
def test_damage_never_escapes_as_another_error(kind):
    """Cut and altered files are read or refused, nothing else."""
    small = {"dicom": lambda: dicom_file(deep(FILM)), "zip": bad_inputs.zip_of_texts}
    whole = small[kind]() if kind in small else encode(gradient(), kind)
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


def test_png_comes_back_as_it_was():
    np.testing.assert_array_equal(decode_xray(encode_png(FILM)).pixels, FILM)
    mask = FILM > 127
    np.testing.assert_array_equal(decode_xray(encode_png(mask)).pixels, mask * 255)


def test_a_negative_is_turned_round_with_a_caution():
    radiograph = Radiograph(FILM, standard=FILM // 2, cautions=(Caution("photo"),))
    negative = negative_of(radiograph)
    np.testing.assert_array_equal(negative.pixels, 255 - FILM)
    np.testing.assert_array_equal(negative.network_pixels, 255 - FILM // 2)
    assert keys(negative) == ["photo", "inverted"]
    assert negative_of(Radiograph(FILM)).standard is None


def test_each_caution_is_told_once_and_in_words():
    radiograph = Radiograph(FILM).with_cautions(Caution("child", "9"), Caution("child", "8"))
    assert radiograph.cautions == (Caution("child", "9"),)
    assert "9 years old" in caution_words(radiograph.cautions[0])
    for key in WORDS:
        text = caution_words(Caution(key, "x"))
        assert text.endswith(".") and text[0].isupper() and "{" not in text
