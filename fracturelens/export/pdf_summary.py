"""The summary of many X-rays as PDF: one line each, the most suspicious first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fracturelens.export.pdf_page import Page, heading, table, text
from fracturelens.export.provenance import Provenance
from fracturelens.export.records import REFUSED, UNREADABLE, Report, report_record
from fracturelens.export.study_words import study_sentence
from fracturelens.export.text import printable
from fracturelens.measured.words import PRECISIONS, VERDICTS
from fracturelens.studies import Study

WORDS = VERDICTS | {REFUSED: "Not analyzed", UNREADABLE: "Not readable"}
HEADS = ("File", "Verdict", "Probability", "Places marked", "What to know")
WIDTHS = (165, 78, 58, 62, 152)
"""Of the columns, points."""
STUDY_HEADS, STUDY_WIDTHS = ("Highest view", "Verdict of the study"), (165, 350)
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
    return row_of_record(report_record(report))


def row_of_record(record: Mapping[str, Any]) -> SummaryRow:
    """The line of one file, from its record as JSON holds it."""
    name = record["file"]
    if "error" in record:
        return SummaryRow(name, UNREADABLE, remark=record["error"])
    if record["verdict"] == REFUSED:
        return SummaryRow(name, REFUSED, remark=record["reason"])
    remarks = list(record["cautions_told"])
    if despite := record.get("judged_despite"):
        remarks.insert(0, f"Analyzed although it was refused. {despite['reason']}")
    places = {finding["number"] for finding in record["findings"]}
    counted = len(places) if record["segmenters_run"] else None
    return SummaryRow(name, record["verdict"], record["gate_probability"], counted, *remarks[:1])


def summary_pdf(
    rows: Iterable[SummaryRow], made: Provenance | None, studies: Iterable[Study] = ()
) -> bytes:
    """The summary, on as many pages as it needs; the same rows give the same bytes.

    Args:
        rows: of all files, in any order.
        made: what made the results.
        studies: their studies; those of one view are left out.
    """
    ranked = sorted(rows, key=lambda row: (-(row.probability or -1), row.outcome, row.name))
    file = BytesIO()
    page = Page(file, "Summary", made)
    page.flow([
        text(_counts(ranked), 10),
        *_studies([study for study in studies if study.size > 1]),
        heading("All files, the most suspicious first"),
        *_tables(ranked),
        *_making(made),
    ])  # fmt: skip
    page.close()
    return file.getvalue()


def _counts(rows: Sequence[SummaryRow]) -> str:
    counted = Counter(row.outcome for row in rows)
    parts = [f"{words}: <b>{counted[key]:,}</b>" for key, words in WORDS.items() if counted[key]]
    files = "1 file" if len(rows) == 1 else f"{len(rows):,} files"
    return ". ".join([files, *parts]) + "."


def _studies(studies: Sequence[Study]) -> list[Any]:
    """The studies of several views, each with its verdict and the view that is highest."""
    if not studies:
        return []
    ranked = sorted(studies, key=lambda one: -one.highest.probability if one.highest else 1)
    lines = [
        (printable(study.highest.name) if study.highest else "-", study_sentence(study))
        for study in ranked
    ]
    tables = [
        table(STUDY_HEADS, lines[start : start + ROWS], STUDY_WIDTHS)
        for start in range(0, len(lines), ROWS)
    ]
    return [heading("Studies of several views"), *tables]


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
