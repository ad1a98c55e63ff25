"""Everything about all X-rays as one ZIP: tables, reports and pictures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from fracturelens.export.csv import results_csv
from fracturelens.export.names import unique_stem
from fracturelens.export.pdf import report_pdf
from fracturelens.export.pdf_summary import summary_pdf, summary_row
from fracturelens.export.png import notice_png
from fracturelens.export.provenance import Provenance
from fracturelens.export.records import Report, results_json, studies_in
from fracturelens.export.sheet import side_by_side_png
from fracturelens.findings.views import full_overlay

Moment = tuple[int, int, int, int, int, int]
EPOCH: Moment = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP knows; stands where no date is known."""


def bundle_zip(
    reports: Sequence[Report], opacity: float, tell: Callable[[int], None] = lambda _: None
) -> bytes:
    """results.json, results.csv and summary.pdf, and for each X-ray that was judged its files.

    These are its report, the pictures side by side, and an overlay and a mask for each network
    that ran, named after the X-ray. No two names differ by case alone. The same reports give the
    same bytes.

    Args:
        reports: of all files of one run, the judged with `read`.
        opacity: of the masks, 0 to 1.
        tell: is called with the number of X-rays that are done.
    """
    file, taken = BytesIO(), {"results", "summary"}
    made = next((report.made for report in reports if report.made), None)
    moment = _moment(made) if made else EPOCH
    with ZipFile(file, "w") as bundle:
        for name, data in _tables(reports):
            _add(bundle, name, data, moment)
        for done, report in enumerate(reports):
            tell(done)
            stem = unique_stem(report.name, taken)
            for ending, data in _pictures(report, opacity):
                _add(bundle, stem + ending, data, moment)
    return file.getvalue()


def _tables(reports: Sequence[Report]) -> Iterator[tuple[str, bytes]]:
    made = next((report.made for report in reports if report.made), None)
    yield "results.json", results_json(reports)
    yield "results.csv", results_csv(reports)
    yield "summary.pdf", summary_pdf(map(summary_row, reports), made, studies_in(reports))


def _pictures(report: Report, opacity: float) -> Iterator[tuple[str, bytes]]:
    """Ending and content of each file of an X-ray; one at a time, since each may be large."""
    found, read = report.examination.prediction, report.read
    if found is None or read is None:
        return
    pixels = read()
    report = replace(report, read=lambda: pixels)  # read once for all files
    yield "_report.pdf", report_pdf(report, opacity)
    yield "_side_by_side.png", side_by_side_png(report, opacity)
    for name, segmentation in found.segmentations.items():
        yield f"_{name}_overlay.png", notice_png(full_overlay(pixels, found, name, opacity))
        if found.painted:
            yield f"_{name}_mask.png", notice_png(segmentation.mask)


def _moment(made: Provenance) -> Moment:
    at = made.moment
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _add(bundle: ZipFile, name: str, data: bytes, moment: Moment) -> None:
    """Adds a file with a date of its own, so that the time of writing leaves no trace."""
    entry = ZipInfo(name, moment)
    entry.external_attr = 0o644 << 16
    packed = name.endswith((".json", ".csv"))  # PNG and PDF are compressed already
    bundle.writestr(entry, data, ZIP_DEFLATED if packed else ZIP_STORED)
