"""DICOM files by how they are packed: transfer syntaxes, preambles, frames, colors, damage."""

import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracturelens.xray.cautions import Caution
from fracturelens.xray.read import UnreadableXrayError, decode_frame, decode_xray
from tests.helpers.bad_inputs import encode
from tests.helpers.dicom_syntaxes import by_gdcm, written_as
from tests.helpers.films import dataset_of, deep, dicom_file, encapsulated, file_of, film

pydicom = pytest.importorskip("pydicom", reason="pydicom is optional")
FILM = film()
DEEP = deep(FILM)
JPEG = "1.2.840.10008.1.2.4."
COLOR = np.stack([FILM, FILM // 2, FILM // 3], axis=-1)


def networks_get_the_film(data: bytes) -> bool:
    return np.array_equal(decode_xray(data).network_pixels, FILM)


@pytest.mark.parametrize(
    "name",
    ["ImplicitVRLittleEndian", "ExplicitVRLittleEndian", "ExplicitVRBigEndian",
     "DeflatedExplicitVRLittleEndian"],
)  # fmt: skip
def test_uncompressed_syntaxes(name):
    assert networks_get_the_film(written_as(getattr(pydicom.uid, name), DEEP))


def test_run_length_encoding():
    dataset = dataset_of(DEEP)
    dataset.compress(pydicom.uid.RLELossless, encoding_plugin="pydicom")
    assert networks_get_the_film(file_of(dataset))


def test_jpeg_baseline():
    frame = encode(FILM, "JPEG", quality=98)
    found = decode_xray(encapsulated(dataset_of(FILM, 8), JPEG + "50", frame))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 4


@pytest.mark.parametrize("overlay", [0, 0x8000])
def test_jpeg_2000(overlay):
    words = DEEP | np.uint16(overlay)
    frame = encode(Image.fromarray(words), "JPEG2000", no_jp2=True)
    assert networks_get_the_film(encapsulated(dataset_of(words), JPEG + "90", frame))


@pytest.mark.parametrize(
    "name", ["JPEGLosslessProcess14", "JPEGLosslessProcess14_1", "JPEGLSLossless"]
)
def test_lossless_jpeg_and_jpeg_ls(name, tmp_path):
    assert networks_get_the_film(by_gdcm(tmp_path, name, dicom_file(DEEP)))


def test_jpeg_of_12_bits():
    pytest.importorskip("gdcm", reason="python-gdcm is optional")
    from pydicom.data import get_testdata_file

    data = Path(get_testdata_file("JPGExtended.dcm", download=False)).read_bytes()
    assert decode_xray(data).pixels.shape == (1024, 256)


def test_a_missing_decoder_is_named(tmp_path, monkeypatch):
    data = by_gdcm(tmp_path, "JPEGLSLossless", dicom_file(DEEP))
    (tmp_path / "gdcm.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("fracturelens.xray.isolated.run.ROOT", tmp_path)
    with pytest.raises(UnreadableXrayError, match="pip install python-gdcm"):
        decode_xray(data)


@pytest.mark.parametrize("syntax", [JPEG + "103", JPEG + "202", JPEG + "100"])
def test_unknown_compression_is_refused_with_a_remedy(syntax):
    with pytest.raises(UnreadableXrayError, match="export it without compression"):
        decode_xray(encapsulated(dataset_of(DEEP), syntax, b"\x00\x01" * 50))


@pytest.mark.parametrize("name", ["ImplicitVRLittleEndian", "ExplicitVRLittleEndian"])
def test_files_without_preamble_or_meta_group(name):
    data = written_as(getattr(pydicom.uid, name), DEEP)
    assert networks_get_the_film(data[132:]), "no preamble"
    start = data.index(b"\x08\x00\x16\x00", 132)
    assert networks_get_the_film(data[start:]), "no meta group"


def test_a_cut_off_copy_is_told_from_a_damaged_file():
    data = dicom_file(DEEP)
    with pytest.raises(UnreadableXrayError, match=r"cut off \(it holds .* bytes.*copy it again"):
        decode_xray(data[: len(data) * 2 // 3])


@pytest.mark.parametrize("surplus", [2, 4096, 2 * DEEP.nbytes])
def test_surplus_pixel_data_is_left_out_and_told(surplus):
    found = decode_xray(dicom_file(DEEP, PixelData=DEEP.tobytes() + bytes(surplus)))
    np.testing.assert_array_equal(found.network_pixels, FILM)
    assert "excess_data" in [caution.key for caution in found.cautions]


def test_each_frame_is_an_xray():
    both = DEEP.tobytes() + DEEP[::-1].tobytes()
    data = dicom_file(DEEP, PixelData=both, NumberOfFrames=2)
    first, second = decode_frame(data, 0), decode_frame(data, 1)
    np.testing.assert_array_equal(first.network_pixels, FILM)
    np.testing.assert_array_equal(second.network_pixels, FILM[::-1])
    assert Caution("several_frames", "2") in first.cautions
    with pytest.raises(UnreadableXrayError, match="no frame 3"):
        decode_frame(data, 2)


@pytest.mark.parametrize("planar", [0, 1])
def test_color_is_read_as_from_a_png(planar):
    pixels = np.moveaxis(COLOR, 2, 0).copy() if planar else COLOR
    data = dicom_file(
        COLOR, 8, PhotometricInterpretation="RGB", PlanarConfiguration=planar,
        PixelData=pixels.tobytes(), Modality="OT",
    )  # fmt: skip
    png = decode_xray(encode(COLOR, "PNG"))
    found = decode_xray(data)
    np.testing.assert_array_equal(found.pixels, png.pixels)
    assert found.colorfulness == png.colorfulness > 10


def test_luminance_and_chroma_are_read():
    ybr = np.stack([FILM, np.full_like(FILM, 128), np.full_like(FILM, 128)], axis=-1)
    found = decode_xray(dicom_file(ybr, 8, PhotometricInterpretation="YBR_FULL"))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 1
    halved = np.stack([FILM[:, 0::2], FILM[:, 1::2]], -1)
    packed = np.concatenate([halved, np.full_like(halved, 128)], axis=-1)
    elements = {"PhotometricInterpretation": "YBR_FULL_422", "PixelData": packed.tobytes()}
    found = decode_xray(dicom_file(ybr, 8, **elements))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 1


def test_color_in_a_jpeg():
    gray = np.repeat(FILM[..., None], 3, axis=2)
    dataset = dataset_of(gray, 8, PhotometricInterpretation="YBR_FULL_422")
    found = decode_xray(encapsulated(dataset, JPEG + "50", encode(gray, "JPEG", quality=98)))
    assert np.abs(found.pixels.astype(int) - FILM).max() <= 4
    assert found.colorfulness < 1


def test_color_in_a_jpeg_that_was_not_transformed():
    """The photometric says RGB and no marker does, so that decoders take it for YCbCr."""
    stored = Image.merge("YCbCr", [Image.fromarray(COLOR[..., n]) for n in range(3)])
    frame = encode(stored, "JPEG", quality=98, subsampling=0)
    jfif = frame[2 : 4 + int.from_bytes(frame[4:6])]
    dataset = dataset_of(COLOR, 8, PhotometricInterpretation="RGB")
    found = decode_xray(encapsulated(dataset, JPEG + "50", frame.replace(jfif, b"", 1)))
    expected = decode_xray(encode(COLOR, "PNG"))
    assert np.abs(found.pixels.astype(int) - expected.pixels).max() <= 6
    assert found.colorfulness == pytest.approx(expected.colorfulness, abs=1)


def test_a_palette_is_looked_up():
    levels = (np.arange(256) * 257).astype("<u2").tobytes()
    palette = {
        f"{color}PaletteColorLookupTable{part}": value
        for color in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", levels))
    }
    data = dicom_file(FILM, 8, PhotometricInterpretation="PALETTE COLOR", **palette)
    assert np.abs(decode_xray(data).pixels.astype(int) - FILM).max() <= 1


@pytest.mark.parametrize("bits", [8, 12])
def test_three_samples_of_gray_are_refused(bits):
    pixels = COLOR if bits == 8 else COLOR.astype(np.uint16)
    with pytest.raises(UnreadableXrayError, match="3 samples a pixel of a MONOCHROME2 picture"):
        decode_xray(dicom_file(pixels, bits))


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"BitsStored": 17}, "17 bits in 16"),
        ({"BitsAllocated": 12}, "12 bits in 12"),
        ({"SamplesPerPixel": 2}, "2 samples"),
        ({"Rows": 60_000, "Columns": 60_000}, "60,000 x 60,000"),
        ({"Rows": 2, "Columns": 2}, "2 x 2 pixels"),
        ({"PixelData": None}, "holds no picture"),
    ],
)
def test_headers_that_cannot_be_are_refused(elements, words):
    with pytest.raises(UnreadableXrayError, match=words):
        decode_xray(dicom_file(DEEP, **elements))


@pytest.mark.parametrize("syntax", ["90", "50", "70", "80"])
def test_a_header_that_lies_about_the_size_is_refused_before_decoding(syntax, monkeypatch):
    monkeypatch.setattr("fracturelens.xray.dicom.frames.run_isolated", None)
    blank = np.zeros((1500, 1500), np.uint8)
    bare = syntax == "90"
    large = encode(blank, "JPEG2000", no_jp2=True) if bare else encode(blank, "JPEG")
    with pytest.raises(UnreadableXrayError, match="it says 80 x 96 pixels and holds 1,500 x 1,500"):
        decode_xray(encapsulated(dataset_of(FILM, 8), JPEG + syntax, large))


def deflated(body: bytes, before: bytes = b"") -> bytes:
    """A deflated file; `before` stands in its meta group ahead of the transfer syntax."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    syntax = b"\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99"
    return bytes(128) + b"DICM" + before + syntax + packer.compress(body) + packer.flush()


def test_a_deflated_bomb_is_refused_wherever_its_syntax_stands():
    body = dicom_file(FILM, 8)
    body = body[body.index(b"\x08\x00\x16\x00") :]
    long = b"\x02\x00\x02\x01OB\x00\x00\x88\x13\x00\x00" + bytes(5000)
    np.testing.assert_array_equal(decode_xray(deflated(body, long)).pixels, FILM)
    with pytest.raises(UnreadableXrayError, match="unpacks to more bytes than its picture needs"):
        decode_xray(deflated(body + bytes(5_000_000), long))


def test_dicom_without_pydicom_names_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(UnreadableXrayError, match="pip install pydicom"):
        decode_xray(bytes(128) + b"DICM" + bytes(100))
