"""The report of one X-ray: a page of A4 with pictures, verdict, findings and what made them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np

from fracturelens.export.pdf_page import (
    SMALL,
    Page,
    cell,
    color_of,
    heading,
    picture,
    table,
    text,
    verdict_box,
)
from fracturelens.export.records import Report
from fracturelens.export.study_words import added_words, study_sentence
from fracturelens.export.text import printable
from fracturelens.findings.views import (
    draw_agreement,
    draw_original,
    encode_jpeg,
    ink_of,
    whole,
)
from fracturelens.measured.shares import share_words
from fracturelens.measured.words import PRECISIONS, VERDICTS, marked_by
from fracturelens.results import Examination, FracturePrediction, Thresholds
from fracturelens.xray.cautions import caution_words
from important_variables import NETWORKS, SEVERAL_MARK, title_of

OPACITY = 0.45
"""Of the tint on the marked copy."""
MOST_FINDINGS = 10
MOST_CAUTIONS = 6
MOST_VIEWS = 6
"""That one page has room for; the page says how many more there are."""
COLUMNS = (28, 108, 122, 105, 80, 72)
"""Widths of the table of findings, points."""
VIEW_COLUMNS = (180, 90, 60, 185)
"""Likewise of the table of views."""


def report_pdf(report: Report, opacity: float = OPACITY) -> bytes:
    """The report of one X-ray that was judged: one page.

    The same report gives the same bytes.

    Args:
        report: with the prediction, and `read` for the pictures.
        opacity: of the masks, 0 to 1.

    Raises:
        ValueError: the X-ray was not judged.
    """
    found, read = report.examination, report.read
    if found.prediction is None or read is None:
        raise ValueError("only an X-ray that was judged has a report; see `summary_pdf`.")
    pixels, file = read(), BytesIO()
    page = Page(file, "X-ray report", report.made)
    page.fill([
        *_verdict(report, found.prediction, pixels.shape),
        _pictures(pixels, found.prediction, opacity),
        *_findings(report, found.prediction),
        *_study(report),
        *_cautions(found),
        *_making(report, found.prediction.thresholds),
    ])  # fmt: skip
    page.close()
    return file.getvalue()


def _verdict(report: Report, found: FracturePrediction, shape: tuple[int, ...]) -> Iterator[Any]:
    height, width = shape
    yield text(f"<b>{cell(report.name)}</b>  {width:,} x {height:,} px")
    limits = found.thresholds
    words = [
        f"Gate's probability of a fracture: <b>{found.gate_probability:.1%}</b>. "
        f"Doubtful from {limits.doubtful:.1%}, fracture from {limits.fracture:.1%}."
    ]
    if limits.site:
        words.append(f"Calibrated for <b>{cell(limits.site)}</b> on its own X-rays.")
    if report.custom:
        words.append("<b>Custom thresholds:</b> nothing was measured at them.")
    words.append(cell(report.counted, 300))
    if refusal := report.examination.refusal:
        words.append(
            f"<b>Analyzed although it was refused.</b> {cell(refusal.seen, 200)} The networks were "
            "never measured on such pictures."
        )
    yield verdict_box(found.verdict, VERDICTS[found.verdict], [one for one in words if one])


def _pictures(pixels: np.ndarray, found: FracturePrediction, opacity: float) -> Any:
    """The film and its marked copy side by side; the film alone where no segmenter ran."""
    view = whole(*pixels.shape)
    original = draw_original(pixels, view)
    shown = [(original, "The X-ray, unmarked")]
    ran = found.segmentations
    if ran:
        marked = draw_agreement(original, found, view, ink_of(found, opacity))
        colors = [(title_of(name), NETWORKS[name].mark) for name in ran]
        if len(ran) > 1:
            colors.append(("several", SEVERAL_MARK))
        legend = ", ".join(f"{color_of(color)} {name}" for name, color in colors)
        ink = "Marked" if found.painted else "Hints, dotted and not painted"
        shown.append((marked, f"{ink}: {legend}"))
    jpegs = [(encode_jpeg(image), image.shape[:2], words) for image, words in shown]
    return picture(jpegs)


def _findings(report: Report, found: FracturePrediction) -> Iterator[Any]:
    yield heading("Findings")
    ran = found.segmentations
    marks = [(one, name) for name, seen in ran.items() for one in seen.findings]
    if not marks:
        yield text(
            "No network marked anything." if ran else
            "The segmentation networks did not run, because the gate found no fracture."
        )  # fmt: skip
        return
    marks.sort(key=lambda mark: mark[0].number)
    heads = ("No.", "Marked by", "How many such held a fracture", "Network", "Mean prob., area", "x, y (px)")  # fmt: skip # noqa: E501
    rows = [
        (
            f"{one.number}",
            marked_by(one.networks, ran),
            share_words(report.shares.get(one.networks)),
            title_of(name),
            f"{one.mean:.2f}, {one.area_percent:.2f} %",
            f"{one.box[0]:,}, {one.box[1]:,}",
        )
        for one, name in marks[:MOST_FINDINGS]
    ]
    yield table(heads, rows, COLUMNS)
    if more := len(marks) - MOST_FINDINGS:
        if more > 0:
            yield text(f"{more} more stand in the results (JSON, CSV).", SMALL)


def _study(report: Report) -> Iterator[Any]:
    """The verdict of the study that the X-ray is a view of, and what each view adds."""
    if (study := report.study) is None:
        return
    yield heading("The study")
    yield text(study_sentence(study))
    ranked = sorted(study.views, key=lambda view: -view.probability)
    rows = [
        (
            printable(view.name),
            VERDICTS[view.verdict],
            f"{view.probability:.1%}",
            added_words(study, view),
        )
        for view in ranked[:MOST_VIEWS]
    ]
    yield table(("View", "Verdict", "Probability", "What it adds"), rows, VIEW_COLUMNS)
    if (more := len(ranked) - MOST_VIEWS) > 0:
        yield text(f"{more} more views stand in the results (JSON).", SMALL)


def _cautions(found: Examination) -> Iterator[Any]:
    if not found.cautions:
        return
    yield heading("Cautions")
    for caution in found.cautions[:MOST_CAUTIONS]:
        yield text(f"• {cell(caution_words(caution), 300)}")
    if len(found.cautions) > MOST_CAUTIONS:
        yield text(f"{len(found.cautions) - MOST_CAUTIONS} more stand in the results.", SMALL)


def _making(report: Report, thresholds: Thresholds) -> Iterator[Any]:
    """How to get the same answer again."""
    yield heading("How this was made")
    masks = ", ".join(f"{title_of(name)} {cut:.1%}" for name, cut in thresholds.mask.items())
    lines = [
        ("File", f"SHA-256 {report.digest or 'not known'}"),
        ("Mask thresholds", masks),
    ]
    if made := report.made:
        lines.append(("Precision", PRECISIONS[made.precision]))
        lines += [
            (NETWORKS[name].title if name in NETWORKS else name.capitalize(), digest or "not known")
            for name, digest in made.networks.items()
        ]
    yield table(None, [(name, printable(words, 200)) for name, words in lines], (95, 420))
