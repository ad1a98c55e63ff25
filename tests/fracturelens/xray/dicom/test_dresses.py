"""One X-ray in the dresses that hospitals send: the networks get the same picture every time."""

import numpy as np
import pytest

from fracturelens.xray.read import decode_xray
from tests.helpers.films import deep, dicom_file, film, table_item

pytest.importorskip("pydicom", reason="pydicom is optional")
FILM = film()
DEEP = deep(FILM)
SIGNED = DEEP.astype(np.int16) - 2048
WINDOW = {"WindowCenter": 2048, "WindowWidth": 4096}
RAW = np.rint(16383 * np.exp(-4.0 * FILM / 255)).astype(np.uint16)
DECLARED = np.arange(4096)
PADDED = DEEP.copy()
PADDED[:, :9] = 65535


def lut(name: str, *item) -> dict:
    return {name: [table_item(*item)]}


def decode(pixels, bits=12, **elements):
    return decode_xray(dicom_file(pixels, bits, **elements))


SAME = {
    "window": (DEEP, 12, WINDOW),
    "no window": (DEEP, 12, {}),
    "MONOCHROME1": (4095 - DEEP, 12, {**WINDOW, "PhotometricInterpretation": "MONOCHROME1"}),
    "MONOCHROME1, no window": (4095 - DEEP, 12, {"PhotometricInterpretation": "MONOCHROME1"}),
    "inverse shape, as the standard has it": (
        4095 - DEEP,
        12,
        {**WINDOW, "PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"},
    ),
    "inverse shape against the standard": (DEEP, 12, {**WINDOW, "PresentationLUTShape": "INVERSE"}),
    "negative slope, window": (
        4095 - DEEP, 12, {**WINDOW, "RescaleSlope": -1, "RescaleIntercept": 4095},
    ),
    "negative slope": (4095 - DEEP, 12, {"RescaleSlope": -1, "RescaleIntercept": 4095}),
    "slope -10, window": (
        255 - FILM, 8,
        {"RescaleSlope": -10, "RescaleIntercept": 3000, "WindowCenter": 1725.5,
         "WindowWidth": 2551},
    ),
    "slope -10": (255 - FILM, 8, {"RescaleSlope": -10, "RescaleIntercept": 3000}),
    "two windows": (DEEP, 12, {"WindowCenter": [2048, 600], "WindowWidth": [4096, 200]}),
    "two centers": (DEEP, 12, {"WindowCenter": [2048, 600], "WindowWidth": 4096}),
    "empty VOI LUT, window": (DEEP, 12, {**WINDOW, "VOILUTSequence": []}),
    "empty window": (DEEP, 12, {"WindowCenter": "", "WindowWidth": ""}),
    "center only": (DEEP, 12, {"WindowCenter": 2048}),
    "width 0": (DEEP, 12, {"WindowCenter": 0, "WindowWidth": 0}),
    "width below 1": (
        DEEP, 12, {"RescaleSlope": "0.0002442", "WindowCenter": 0.5, "WindowWidth": "0.9999"},
    ),
    "LINEAR_EXACT": (DEEP, 12, {**WINDOW, "VOILUTFunction": "LINEAR_EXACT"}),
    "VOI LUT": (DEEP, 12, lut("VOILUTSequence", DECLARED, 0, 12)),
    "VOI LUT of words": (DEEP, 12, lut("VOILUTSequence", DECLARED, 0, 12, "OW")),
    "VOI LUT, 16 bits declared, 12 used": (DEEP, 12, lut("VOILUTSequence", DECLARED, 0, 16)),
    "VOI LUT, 8 bits": (DEEP, 12, lut("VOILUTSequence", DECLARED * 255 // 4095, 0, 8)),
    "VOI LUT, 8 bits packed": (DEEP, 12, lut("VOILUTSequence", DECLARED * 255 // 4095, 0, 8, "OB")),
    "VOI LUT from 50,000": (DEEP + 50_000, 16, lut("VOILUTSequence", DECLARED, 50_000, 12)),
    "modality LUT, 12 bits": (DEEP, 12, lut("ModalityLUTSequence", DECLARED, 0, 12)),
    "modality LUT, 16 bits": (DEEP, 12, lut("ModalityLUTSequence", DECLARED, 0, 16)),
    "overlay in bit 15": (DEEP | np.uint16(0x8000), 12, WINDOW),
    "signed": (SIGNED, 12, {"WindowCenter": 0, "WindowWidth": 4096}),
    "signed, no window": (SIGNED, 12, {}),
    "signed, rescaled": (SIGNED, 12, {**WINDOW, "RescaleSlope": 1, "RescaleIntercept": 2048}),
    "shifted up, high bit 15": (DEEP << np.uint16(4), 12, {"HighBit": 15}),
    "8 bits": (FILM, 8, {}),
    "8 in 16 bits": (FILM.astype(np.uint16), 8, {}),
    "odd length": (FILM[:-1, :-1], 8, {}),
    "32 bits": (DEEP.astype(np.uint32), 32, {}),
    "no photometric": (DEEP, 12, {**WINDOW, "PhotometricInterpretation": None}),
    "lower case": (DEEP, 12, {**WINDOW, "PhotometricInterpretation": "monochrome2"}),
    "unknown photometric": (DEEP, 12, {**WINDOW, "PhotometricInterpretation": "MONO![](x)"}),
}  # fmt: skip
"""Name -> pixels, bits stored, further elements."""


@pytest.mark.parametrize("name", SAME)
def test_the_networks_get_the_plain_picture(name):
    pixels, bits, elements = SAME[name]
    found = decode(pixels, bits, **elements)
    plain = FILM[: found.height, : found.width].astype(int)
    assert np.abs(found.network_pixels - plain).max() <= 1
    assert np.corrcoef(found.pixels.ravel(), plain.ravel())[0, 1] > 0.9999


def test_a_window_shows_what_it_says():
    """PS3.3 C.11.2.1.2.1: bounds, and no stretching of what does not fill the screen."""
    shown = decode(DEEP, WindowCenter=1000, WindowWidth=400).pixels
    assert (shown[DEEP <= 800] == 0).all() and (shown[DEEP > 1199] == 255).all()
    wide = decode(DEEP, 16, WindowCenter=6144, WindowWidth=12288)
    assert wide.pixels.max() == round(DEEP.max() / 12287 * 255)
    np.testing.assert_array_equal(wide.network_pixels, FILM)
    assert [caution.key for caution in wide.cautions] == ["low_contrast"]


def test_a_sigmoid_window_is_shown_and_the_networks_get_it_straight():
    found = decode(DEEP, **WINDOW, VOILUTFunction="SIGMOID")
    expected = 255 / (1 + np.exp(-4.0 * (DEEP - 2048.0) / 4096))
    assert np.abs(found.pixels - expected).max() <= 0.5 + 1e-6
    np.testing.assert_array_equal(found.network_pixels, FILM)


def test_a_dark_film_in_a_full_window_is_not_stretched():
    dark = (FILM * 0.7).astype(np.uint8)
    found = decode(deep(dark), **WINDOW)
    assert np.abs(found.network_pixels - dark.astype(int)).max() <= 1


@pytest.mark.parametrize("window", [(3174, 2426), (0, 1), (90_000, 10), (-5000, 100)])
def test_a_window_off_the_data_is_not_used_and_told(window):
    center, width = window
    found = decode(DEEP + 12_000, 16, WindowCenter=center, WindowWidth=width)
    assert [caution.key for caution in found.cautions] == ["window_off_data"]
    assert np.corrcoef(found.pixels.ravel(), FILM.ravel())[0, 1] > 0.9999


@pytest.mark.parametrize(
    ("pixels", "elements"),
    [
        (PADDED, {"PixelPaddingValue": 65535}),
        (PADDED, {"PixelPaddingValue": 65535, **WINDOW}),
        (PADDED, {"PixelPaddingValue": 65000, "PixelPaddingRangeLimit": 65535}),
        (np.where(PADDED == 65535, -32768, DEEP).astype(np.int16), {"PixelPaddingValue": -32768}),
    ],
)
def test_padding_is_black_and_no_extreme(pixels, elements):
    found = decode(pixels, 16, **elements)
    expected = FILM.copy()
    expected[:, :9] = 0
    np.testing.assert_array_equal(found.network_pixels, expected)
    np.testing.assert_array_equal(found.pixels, expected)


def test_padding_of_monochrome1_is_black_too():
    pixels = np.where(PADDED == 65535, 0, 4095 - DEEP).astype(np.uint16)
    found = decode(pixels, **WINDOW, PhotometricInterpretation="MONOCHROME1", PixelPaddingValue=0)
    assert (found.pixels[:, :9] == 0).all()
    np.testing.assert_array_equal(found.pixels[:, 9:], FILM[:, 9:])


@pytest.mark.parametrize("size", [1, 12])
def test_a_marker_or_hot_pixel_does_not_darken_the_rest(size):
    pixels = DEEP.copy()
    pixels[3 : 3 + size, 3 : 3 + size] = 65535
    found = decode(pixels, 16)
    np.testing.assert_array_equal(found.network_pixels[15:], FILM[15:])
    assert (found.pixels[3 : 3 + size, 3 : 3 + size] == 255).all()


def test_a_narrow_picture_in_14_bits_is_stretched_despite_its_marker():
    pixels = (600 + 2.5 * FILM).astype(np.uint16)
    pixels[:1], pixels[3:13, 3:13] = 0, 16383
    found = decode(pixels, 14)
    kept = found.network_pixels[14:].astype(float)
    assert np.corrcoef(kept.ravel(), FILM[14:].ravel())[0, 1] > 0.9999
    assert kept.min() < 8 and kept.max() > 250


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_raw_detector_data_is_developed_with_a_caution(photometric):
    """C.8.11.3.1.2: LIN of sign 1 grows with the beam, whatever the photometric says."""
    found = decode(
        RAW, 14, PhotometricInterpretation=photometric, PresentationIntentType="FOR PROCESSING",
        PixelIntensityRelationship="LIN", PixelIntensityRelationshipSign=1,
    )  # fmt: skip
    assert [caution.key for caution in found.cautions] == ["raw_detector_data"]
    assert np.corrcoef(found.pixels.ravel(), FILM.ravel())[0, 1] > 0.999
    assert found.pixels is found.network_pixels


@pytest.mark.parametrize(
    ("relation", "sign", "photometric"),
    [("LIN", -1, "MONOCHROME2"), ("LIN", None, "MONOCHROME1"), (None, 1, "MONOCHROME2")],
)
def test_raw_detector_data_of_other_signs(relation, sign, photometric):
    pixels = 16383 - RAW if sign == -1 else RAW
    found = decode(
        pixels, 14, PhotometricInterpretation=photometric, PresentationIntentType="FOR PROCESSING",
        **({"PixelIntensityRelationship": relation} if relation else {}),
        **({"PixelIntensityRelationshipSign": sign} if sign else {}),
    )  # fmt: skip
    assert np.corrcoef(found.pixels.ravel(), FILM.ravel())[0, 1] > 0.999


def test_raw_logarithms_are_not_taken_twice():
    found = decode(
        4095 - DEEP, PresentationIntentType="FOR PROCESSING", PixelIntensityRelationship="LOG",
        PixelIntensityRelationshipSign=1,
    )  # fmt: skip
    np.testing.assert_array_equal(found.pixels, FILM)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("window", []),
        ("8 bits", []),
        ("no window", ["no_window"]),
        ("width 0", ["no_window"]),
        ("no photometric", ["photometric_missing"]),
        ("lower case", []),
        ("unknown photometric", ["photometric_missing"]),
    ],
)
def test_what_is_unusual_is_told(name, keys):
    pixels, bits, elements = SAME[name]
    assert [caution.key for caution in decode(pixels, bits, **elements).cautions] == keys


def test_low_contrast_is_stretched_for_the_networks_alone():
    low = np.rint(50 + 0.4 * FILM).astype(np.uint8)
    found = decode(low, 8, WindowCenter=128, WindowWidth=256)
    np.testing.assert_array_equal(found.pixels, low)
    assert np.ptp(found.network_pixels) == 255
    assert [caution.key for caution in found.cautions] == ["low_contrast"]
