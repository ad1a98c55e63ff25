"""Results as CSV tables that a spreadsheet opens without harm."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import TextIO

from fracturelens.export.records import REFUSED, UNREADABLE, Report
from fracturelens.measured.shares import RegionShare, Shares
from fracturelens.results import FracturePrediction
from important_variables import DISCLAIMER

FINDING_COLUMNS = (
    "file",
    "verdict",
    "gate_probability",
    "site",
    "painted",
    "finding",
    "network",
    "marked_by",
    "measured_share",
    "measured_low",
    "measured_high",
    "measured_regions",
    "measured_on",
    "mean_probability",
    "x",
    "y",
    "width",
    "height",
    "area_pixels",
    "area_percent",
    "cautions",
    "custom_thresholds",
    "refused_as",
    "refused_because",
    "error",
    "file_sha256",
    "made_at",
    "version",
    "precision",
    "notice",
)


class RowsTo:
    """Takes the rows of a `csv.writer` that ends them with `END`, and ends them with a line feed.

    Only so does Python before 3.13 put quotes around cells that hold a carriage return, which
    readers would take for the end of the row.
    """

    END = "\r\n"

    def __init__(self, file: TextIO):
        """Begins with an open file."""
        self._file = file

    def write(self, row: str) -> int:
        """Writes one row."""
        return self._file.write(row.removesuffix(self.END) + "\n")


def results_csv(reports: Iterable[Report]) -> bytes:
    """One row for each finding, and one for each file without any; UTF-8 with a header."""
    return table_csv(FINDING_COLUMNS, [row for report in reports for row in report_rows(report)])


def report_rows(report: Report) -> list[dict[str, object]]:
    """Rows of `results_csv` for one file."""
    common: dict[str, object] = {
        "file": report.name,
        "file_sha256": report.digest,
        "notice": DISCLAIMER,
    }
    if made := report.made:
        common |= {"made_at": made.at, "version": made.version, "precision": made.precision}
    outcome = report.examination
    if outcome.error:
        return [common | {"verdict": UNREADABLE, "error": outcome.error}]
    if outcome.refusal:
        common |= {"refused_as": outcome.refusal.kind, "refused_because": outcome.refusal.seen}
    found = outcome.prediction
    if found is None:
        return [common | {"verdict": REFUSED}]
    common |= {
        "verdict": str(found.verdict),
        "gate_probability": round(found.gate_probability, 4),
        "site": found.thresholds.site,
        "painted": found.painted,
        "custom_thresholds": report.custom,
        "cautions": "+".join(caution.key for caution in outcome.cautions),
    }
    return [common | row for row in _finding_rows(found, report.shares)] or [common]


def table_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV table, UTF-8 with a header; a cell that a row lacks stays empty."""
    text = StringIO()
    writer = csv.DictWriter(RowsTo(text), list(columns), restval="", lineterminator=RowsTo.END)
    writer.writeheader()
    writer.writerows({key: inert(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def inert(value: object) -> object:
    """A cell that a spreadsheet takes for text: what it might run as a formula gets a quote.

    A file may be named so. Tab and carriage return count too: some programs drop them, and run
    what follows.
    """
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{value}" if risky else value


def _finding_rows(found: FracturePrediction, shares: Shares) -> Iterator[dict[str, object]]:
    """One row for each finding, positions and areas in pixels of the X-ray."""
    for network, segmentation in found.segmentations.items():
        for finding in segmentation.findings:
            x, y, width, height = finding.box
            yield {
                "finding": finding.number,
                "network": network,
                "marked_by": "+".join(sorted(finding.networks)),
                "mean_probability": round(finding.mean, 4),
                **{"x": x, "y": y, "width": width, "height": height},
                "area_pixels": finding.area_pixels,
                "area_percent": round(finding.area_percent, 4),
            } | _measured_cells(shares.get(finding.networks))


def _measured_cells(share: RegionShare | None) -> dict[str, object]:
    if share is None:
        return {}
    return {
        "measured_share": round(share.value, 4),
        "measured_low": round(share.low, 4),
        "measured_high": round(share.high, 4),
        "measured_regions": share.regions,
        "measured_on": share.split,
    }
