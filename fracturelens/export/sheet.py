"""One X-ray side by side as PNG: the film, each network's marks, and where they agree."""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fracturelens.export.png import notice_png
from fracturelens.export.records import Report
from fracturelens.export.text import font_path, printable
from fracturelens.findings.views import (
    draw_agreement,
    draw_network,
    draw_original,
    ink_of,
    whole,
)
from fracturelens.measured.words import VERDICTS
from fracturelens.results import FracturePrediction
from important_variables import DISCLAIMER, NETWORKS, title_of

GAP = 16
"""Pixels between pictures, and around them."""
HEAD, CAPTION, FOOT = 64, 34, 40
"""Heights of the lines above and below the pictures, pixels."""
GROUND, INK = (14, 20, 24), (230, 236, 236)
LARGE, NORMAL = 26, 18
"""Sizes of letters, pixels."""


def side_by_side_png(report: Report, opacity: float) -> bytes:
    """All pictures of an X-ray in a row, each `VIEW_SIDE` pixels long, with the verdict.

    Verdict and disclaimer stand in the picture, where no program can drop them.

    Args:
        report: of an X-ray that was judged, with `read`.
        opacity: of the masks, 0 to 1.

    Raises:
        ValueError: the X-ray was not judged.
    """
    found, read = report.examination.prediction, report.read
    if found is None or read is None:
        raise ValueError("only an X-ray that was judged can be shown side by side.")
    panes = list(_panes(read(), found, opacity))
    height, width = panes[0][1].shape[:2]
    room = max(len(panes) * (width + GAP) + GAP, 900)
    sheet = Image.new("RGB", (room, HEAD + CAPTION + height + FOOT), GROUND)
    pen = ImageDraw.Draw(sheet)
    for place, (caption, picture) in enumerate(panes):
        left = GAP + place * (width + GAP)
        sheet.paste(Image.fromarray(picture), (left, HEAD + CAPTION))
        pen.text((left, HEAD + 4), caption, INK, _font(NORMAL, "bold"))
    headline = f"{VERDICTS[found.verdict]}, {found.gate_probability:.1%}"
    pen.text((GAP, 18), headline, INK, _font(LARGE, "bold"))
    after = GAP + pen.textlength(headline, _font(LARGE, "bold")) + 2 * GAP
    pen.text((after, 25), printable(report.name, 60), INK, _font(NORMAL))
    pen.text((GAP, HEAD + CAPTION + height + 10), _foot(report), INK, _font(NORMAL))
    return notice_png(np.asarray(sheet))


def _panes(
    pixels: np.ndarray, found: FracturePrediction, opacity: float
) -> Iterator[tuple[str, np.ndarray]]:
    """Caption and uint8 (h, w, 3) of each picture, all of one size."""
    view, ink = whole(*pixels.shape), ink_of(found, opacity)
    original = draw_original(pixels, view)
    yield "Original", original
    for name, segmentation in found.segmentations.items():
        caption = f"{title_of(name)}, {NETWORKS[name].color_name}"
        yield caption, draw_network(original, segmentation, view, ink)
    if len(found.segmentations) > 1:
        yield "All networks, yellow where they agree", draw_agreement(original, found, view, ink)


def _foot(report: Report) -> str:
    made = f" FractureLens {report.made.version}, {report.made.at}" if report.made else ""
    return f"{DISCLAIMER}{made}"


def _font(size: int, weight: str = "regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path(weight)), size)
