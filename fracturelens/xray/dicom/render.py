"""From the words of a DICOM frame to the two gray pictures: for people and for the networks."""

from dataclasses import dataclass

import numpy as np

from fracturelens.xray.cautions import Caution
from fracturelens.xray.contrast import (
    FILLED_8_BIT,
    FILLED_WINDOW,
    histogram,
    is_filled,
    look_up,
    natural_shares,
    to_uint8,
)
from fracturelens.xray.dicom.header import Header
from fracturelens.xray.dicom.layout import Layout
from fracturelens.xray.dicom.lut import Values, modality_values, stored_values, windowed
from fracturelens.xray.levels import CODES, levels_of
from fracturelens.xray.radiograph import DicomSource

FOR_PROCESSING = "FOR PROCESSING"
PROCESSING_CLASSES = tuple(f"1.2.840.10008.5.1.4.1.1.1.{n}" for n in ("1.1", "2.1", "3.1"))
"""Digital X-ray, mammography and intra-oral images For Processing."""


@dataclass(frozen=True, eq=False)
class Rendered:
    """Both pictures, uint8 (H, W); one and the same array where they do not differ."""

    shown: np.ndarray
    standard: np.ndarray
    cautions: tuple[Caution, ...]


def render_gray(words: np.ndarray, layout: Layout, header: Header, source: DicomSource) -> Rendered:
    """Modality, window and photometric transforms of PS3.3 in their order.

    Args:
        words: (H, W), unsigned.
        layout: of the words.
        header: of the file.
        source: the same, cleaned.
    """
    codes, stored, padding = _codes(words, layout, header)
    counts = histogram(codes, len(stored.values))
    if counts[~padding].any():
        counts[padding] = 0
    modality = modality_values(header, stored, layout.signed)
    if source.intent == FOR_PROCESSING or source.class_uid in PROCESSING_CLASSES:
        shown = standard = _raw_shares(modality, counts, header, layout)
        cautions = [Caution("raw_detector_data")]
    else:
        shown, standard, cautions = _shares(modality, counts, header, layout)
    tables = [to_uint8(np.where(padding, 0, shares)) for shares in (shown, standard)]
    if np.array_equal(tables[0][counts > 0], tables[1][counts > 0]):
        picture = look_up(codes, tables[0])
        return Rendered(picture, picture, tuple(cautions))
    return Rendered(look_up(codes, tables[0]), look_up(codes, tables[1]), tuple(cautions))


def _codes(
    words: np.ndarray, layout: Layout, header: Header
) -> tuple[np.ndarray, Values, np.ndarray]:
    """Codes of at most 16 bits, what each is worth, and which are padding (bool)."""
    if layout.allocated <= 16:
        stored = stored_values(layout)
        padding = _padding(np.arange(float(len(stored.values))), stored.values, header, layout)
        size = max(256, len(stored.values))
        fill = (0, size - len(stored.values))
        return words, Values(np.pad(stored.values, fill), stored.scale), np.pad(padding, fill)
    levels = levels_of(words.view(np.int32) if layout.signed else words)
    ends = levels.values[0], levels.values[-1]
    return (
        levels.codes,
        Values(levels.values, ends, (ends[1] - ends[0]) / (CODES - 1)),
        _padding(levels.values, levels.values, header, layout),
    )


def _padding(words: np.ndarray, values: np.ndarray, header: Header, layout: Layout) -> np.ndarray:
    """Which codes are no picture (PS3.3 C.7.5.1.1.2), bool.

    The padding value may lie beyond the bits that are stored: the words are compared as well.
    """
    first = header.integer("PixelPaddingValue", -1, signed=layout.signed)
    if not header.raw("PixelPaddingValue"):
        return np.zeros(len(values), bool)
    last = header.integer("PixelPaddingRangeLimit", first, signed=layout.signed)
    low, high = min(first, last), max(first, last)
    same = (values >= low) & (values <= high)
    return same | ((words >= low) & (words <= high)) if not layout.signed else same


def _shares(
    modality: Values, counts: np.ndarray, header: Header, layout: Layout
) -> tuple[np.ndarray, np.ndarray, list[Caution]]:
    """What a person sees and what the networks get, as shares of white."""
    eight_bits = layout.stored <= 8
    view, key = windowed(header, modality.values, counts)
    shown = standard = _natural(modality, counts, eight_bits)
    if view is not None:
        shown = view.shown
        least = FILLED_8_BIT if eight_bits else FILLED_WINDOW
        standard = view.straight if is_filled(view.straight, counts, (0, 1), least) else standard
    if layout.photometric == "MONOCHROME1":
        shown, standard = 1 - shown, 1 - standard
    silent = not key or (key == "no_window" and eight_bits)
    cautions = [] if silent else [Caution(key)]
    if not is_filled(shown, counts, (0, 1), FILLED_8_BIT):
        cautions.append(Caution("low_contrast"))
    return shown, standard, cautions


def _natural(modality: Values, counts: np.ndarray, eight_bits: bool) -> np.ndarray:
    """Shares of white without a window; those of 8 bits as in any other file of 8 bits."""
    low, high = modality.scale
    if eight_bits and is_filled(modality.values, counts, modality.scale, FILLED_8_BIT):
        return np.clip((modality.values - low) / (high - low), 0, 1)
    return natural_shares(modality.values, counts, modality.scale, modality.step)


def _raw_shares(modality: Values, counts: np.ndarray, header: Header, layout: Layout) -> np.ndarray:
    """Raw detector data as a viewer shows it: logarithm, bone bright, stretched.

    PS3.3 C.8.11.3.1.2: LIN values rise with the beam (sign 1) or fall (sign -1); so do LOG ones.
    """
    sign = header.integer("PixelIntensityRelationshipSign", 0, signed=True)
    if not sign:
        sign = 1 if layout.photometric == "MONOCHROME1" else -1
    low, high = modality.scale
    beam = modality.values - low if sign > 0 else high - modality.values
    if header.text("PixelIntensityRelationship") != "LOG":
        beam = np.log(np.maximum(beam, 1.0))
    return 1 - natural_shares(beam, counts)
