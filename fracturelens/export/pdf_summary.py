"""The summary of many X-rays as PDF: one line each, the most suspicious first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fracturelens.export.pdf_page import Page, heading, table, text
from fracturelens.export.provenance import Provenance
from fracturelens.export.records import REFUSED, UNREADABLE, Report
from fracturelens.export.text import printable
from fracturelens.findings.numbering import places_of
from fracturelens.measured.words import PRECISIONS, VERDICTS
from fracturelens.results import FracturePrediction
from fracturelens.xray.cautions import caution_words

WORDS = VERDICTS | {REFUSED: "Not analyzed", UNREADABLE: "Not readable"}
HEADS = ("File", "Verdict", "Probability", "Places marked", "What to know")
WIDTHS = (165, 78, 58, 62, 152)
"""Of the columns, points."""
ROWS = 200
"""In one table: the time that it takes to lay out grows with the square."""
LONGEST = 110
"""Characters of a remark."""


@dataclass(frozen=True)
class SummaryRow:
    """One X-ray of a summary; small, so that a long run may keep them all.

    Attributes:
        name: of the file.
        outcome: a verdict, `REFUSED` or `UNREADABLE`.
        probability: of the gate, in [0, 1]; None without a verdict.
        places: marked by one network or more; None where none ran.
        remark: what to know of it, "" where there is nothing.
    """

    name: str
    outcome: str
    probability: float | None = None
    places: int | None = None
    remark: str = ""


def summary_row(report: Report) -> SummaryRow:
    """The line of one file."""
    found = report.examination
    if found.error:
        return SummaryRow(report.name, UNREADABLE, remark=found.error)
    if found.prediction is None:
        return SummaryRow(report.name, REFUSED, remark=found.refusal.seen if found.refusal else "")
    remarks = [caution_words(caution) for caution in found.cautions]
    if found.refusal:
        remarks.insert(0, f"Analyzed although it was refused. {found.refusal.seen}")
    verdict, probability = str(found.prediction.verdict), found.prediction.gate_probability
    return SummaryRow(report.name, verdict, probability, _places(found.prediction), *remarks[:1])


def summary_pdf(rows: Iterable[SummaryRow], made: Provenance | None) -> bytes:
    """The summary, on as many pages as it needs; the same rows give the same bytes.

    Args:
        rows: of all files, in any order.
        made: what made the results.
    """
    ranked = sorted(rows, key=lambda row: (-(row.probability or -1), row.outcome, row.name))
    file = BytesIO()
    page = Page(file, "Summary", made)
    page.flow([
        text(_counts(ranked), 10),
        heading("All files, the most suspicious first"),
        *_tables(ranked),
        *_making(made),
    ])  # fmt: skip
    page.close()
    return file.getvalue()


def _places(prediction: FracturePrediction) -> int | None:
    ran = prediction.segmentations
    if not ran:
        return None
    return len(places_of(finding for one in ran.values() for finding in one.findings))


def _counts(rows: Sequence[SummaryRow]) -> str:
    counted = Counter(row.outcome for row in rows)
    parts = [f"{words}: <b>{counted[key]:,}</b>" for key, words in WORDS.items() if counted[key]]
    files = "1 file" if len(rows) == 1 else f"{len(rows):,} files"
    return ". ".join([files, *parts]) + "."


def _tables(rows: Sequence[SummaryRow]) -> list[Any]:
    lines = [
        (
            printable(row.name),
            WORDS[row.outcome],
            "-" if row.probability is None else f"{row.probability:.1%}",
            "-" if row.places is None else f"{row.places}",
            printable(row.remark, LONGEST),
        )
        for row in rows
    ]
    return [
        table(HEADS, lines[start : start + ROWS], WIDTHS) for start in range(0, len(lines), ROWS)
    ]


def _making(made: Provenance | None) -> list[Any]:
    if made is None:
        return []
    networks = [(name, digest or "not known") for name, digest in made.networks.items()]
    lines = [("Precision", PRECISIONS[made.precision]), *networks]
    return [heading("How this was made"), table(None, lines, (95, 420))]
