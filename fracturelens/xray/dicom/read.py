"""Reads one frame of a DICOM file as a radiograph."""

import numpy as np

from fracturelens.xray.cautions import Caution
from fracturelens.xray.color import gray_of_color
from fracturelens.xray.dicom.file import open_dicom
from fracturelens.xray.dicom.frames import read_frame
from fracturelens.xray.dicom.header import Header, parsing, source_of
from fracturelens.xray.dicom.layout import PALETTE, Layout, layout_of
from fracturelens.xray.dicom.render import render_gray
from fracturelens.xray.formats.decoded import Decoded, radiograph_of
from fracturelens.xray.radiograph import DicomSource, Radiograph
from important_variables import UploadLimits

ADULT = 18
"""Years; FracAtlas holds children too, but nothing was measured on them apart."""


def read_dicom(data: bytes, limits: UploadLimits, frame: int = 0) -> Radiograph:
    """One frame of a DICOM file, as its own window shows it and as the networks get it.

    Args:
        data: the whole file.
        limits: largest picture.
        frame: which one, from 0.

    Raises:
        UnreadableXrayError: the text says why; other errors (`DAMAGE`) mean a damaged file.
    """
    file = open_dicom(data, limits)
    layout = layout_of(file.header, limits)
    source = source_of(file.header, file.meta.class_uid)
    found = read_frame(file, layout, frame, limits)
    cautions = [*found.cautions, *_header_cautions(source, layout)]
    words = found.words
    if isinstance(words, Decoded):
        return _colored(words, source, cautions)
    if found.layout.samples == 3:
        return _colored(_gray(words, found.layout), source, cautions)
    if layout.photometric == PALETTE:
        return _colored(_by_palette(words, file.header), source, cautions)
    rendered = render_gray(words, found.layout, file.header, source)
    standard = None if rendered.standard is rendered.shown else rendered.standard
    radiograph = Radiograph(rendered.shown, source, standard=standard)
    return radiograph.with_cautions(*cautions, *rendered.cautions)


def frame_count(data: bytes, limits: UploadLimits) -> int:
    """How many frames a DICOM file states."""
    return layout_of(open_dicom(data, limits).header, limits).frames


def _header_cautions(source: DicomSource, layout: Layout) -> list[Caution]:
    cautions = []
    if not layout.stated:
        cautions.append(Caution("photometric_missing"))
    if layout.frames > 1:
        cautions.append(Caution("several_frames", str(layout.frames)))
    if source.age_years is not None and source.age_years < ADULT:
        cautions.append(Caution("child", str(int(source.age_years))))
    return cautions


def _colored(decoded: Decoded, source: DicomSource, cautions: list[Caution]) -> Radiograph:
    found = radiograph_of(decoded)
    radiograph = Radiograph(found.pixels, source, found.colorfulness, standard=found.standard)
    return radiograph.with_cautions(*cautions, *found.cautions)


def _gray(words: np.ndarray, layout: Layout) -> Decoded:
    """The luminance of a color frame, its lower bits dropped."""
    from pydicom.pixels import convert_color_space  # optional, and takes 0.3 s

    def rows(top: int, bottom: int) -> np.ndarray:
        strip = (words[top:bottom] >> max(0, layout.stored - 8)).astype(np.uint8)
        if layout.photometric.startswith("YBR"):
            return convert_color_space(np.ascontiguousarray(strip), "YBR_FULL", "RGB")
        return strip

    return Decoded(*gray_of_color(layout.rows, layout.columns, rows))


def _by_palette(words: np.ndarray, header: Header) -> Decoded:
    """The luminance of a frame of palette indices (PS3.3 C.7.6.3.1.5)."""
    from pydicom.pixels import apply_color_lut  # optional, and takes 0.3 s

    indices = np.arange(2 ** (8 * words.itemsize), dtype=words.dtype)
    with parsing():
        colors = apply_color_lut(indices, header.dataset)
    if colors.dtype != np.uint8:
        colors = (colors >> 8).astype(np.uint8)
    height, width = words.shape
    return Decoded(*gray_of_color(height, width, lambda a, b: colors[words[a:b], :3]))
