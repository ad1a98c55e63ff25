"""What the dashboard hands out: JSON, CSV and PNG files with the disclaimer inside."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO, StringIO
from pathlib import PurePath

import cv2
import numpy as np
from PIL.PngImagePlugin import PngInfo, putchunk

from app_pages.evaluations import SPLITS
from app_pages.measured import RegionShare, Shares
from important_variables import ATTRIBUTION, DISCLAIMER, TITLES
from prediction import FracturePrediction, marked_by, prediction_record
from refusal import Refusal

REFUSED = "refused"
UNREADABLE = "not read"
"""What stands for a verdict where there is none."""

PNG_HEADER = 33
"""Bytes of a PNG before the first place for text: 8 of signature, 25 of the header chunk."""

WHITE = np.uint8(255)

LESION_COLUMNS = (
    "file",
    "verdict",
    "gate_probability",
    "painted",
    "lesion",
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
    "refused_as",
    "refused_because",
    "error",
    "notice",
)


@dataclass(frozen=True)
class Report:
    """What became of one file.

    Attributes:
        name: of the file.
        prediction: None where the file was not judged.
        shares: what share of regions found a lesion under its verdict.
        refusal: why it does not look like an X-ray; with a prediction, it was judged all the same.
        error: why it could not be read.
    """

    name: str
    prediction: FracturePrediction | None = None
    shares: Shares = field(default_factory=dict)
    refusal: Refusal | None = None
    error: str = ""


def results_json(reports: Iterable[Report]) -> bytes:
    """All results as indented UTF-8 JSON."""
    content = {
        "notice": DISCLAIMER,
        "attribution": ATTRIBUTION,
        "results": [report_record(report) for report in reports],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def report_record(report: Report) -> dict:
    """One file's result ready for JSON.

    It is `prediction_record`, in which each lesion's "measured" tells what share of such regions
    found a lesion (None where that was not measured); for a file without a verdict, why.
    """
    refusal, found = report.refusal, report.prediction
    if report.error:
        return {"file": report.name, "error": report.error}
    if found is None:
        reason = {"kind": refusal.kind, "reason": refusal.seen, "remedy": refusal.remedy}
        return {"file": report.name, "verdict": REFUSED, "notice": DISCLAIMER} | reason
    record = prediction_record(report.name, found)
    for lesion in record["lesions"]:
        share = report.shares.get(lesion["marked_by"])
        lesion["measured"] = asdict(share) if share else None
    if refusal:
        record["judged_despite"] = {"kind": refusal.kind, "reason": refusal.seen}
    return record


def results_csv(reports: Iterable[Report]) -> bytes:
    """One row for each lesion, and one for each file without any; UTF-8 with a header."""
    return table_csv(LESION_COLUMNS, [row for report in reports for row in report_rows(report)])


def report_rows(report: Report) -> list[dict[str, object]]:
    """Rows of `results_csv` for one file."""
    common: dict[str, object] = {"file": report.name, "notice": DISCLAIMER}
    found, refusal = report.prediction, report.refusal
    if report.error:
        return [common | {"verdict": UNREADABLE, "error": report.error}]
    if refusal:
        common |= {"refused_as": refusal.kind, "refused_because": refusal.seen}
    if found is None:
        return [common | {"verdict": REFUSED}]
    common |= {
        "verdict": str(found.verdict),
        "gate_probability": round(found.gate_probability, 4),
        "painted": found.painted,
    }
    return [common | row for row in _lesion_rows(found, report.shares)] or [common]


def table_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV table, UTF-8 with a header; a cell that a row lacks stays empty."""
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _inert(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def notice_png(image: np.ndarray) -> bytes:
    """PNG of a picture with the disclaimer among its text fields.

    Args:
        image: uint8 (H, W, 3) or (H, W), or a bool (H, W) mask, shown as 0 and 255.
    """
    text = PngInfo()
    text.add_text("Disclaimer", DISCLAIMER)
    text.add_text("Software", "FractureLens")
    pixels = image * WHITE if image.dtype == bool else image
    pixels = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    png = cv2.imencode(".png", pixels)[1].tobytes()  # half of Pillow's time, and fewer copies
    file = BytesIO()
    file.write(png[:PNG_HEADER])
    for kind, content, *_ in text.chunks:
        putchunk(file, kind, content)
    file.write(png[PNG_HEADER:])
    return file.getvalue()


def download_name(name: str, ending: str) -> str:
    """Name of a download: the X-ray's own without its ending, then `ending`."""
    stem = PurePath(name.replace("\\", "/")).stem or "xray"
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem) + ending


def _lesion_rows(found: FracturePrediction, shares: Shares) -> Iterator[dict[str, object]]:
    """One row for each lesion, positions and areas in pixels of the X-ray."""
    for network, segmentation in found.segmentations.items():
        for lesion in segmentation.lesions:
            marked = marked_by(network, lesion)
            x, y, width, height = lesion.box
            yield {
                "lesion": lesion.number,
                "network": TITLES[network],
                "marked_by": marked,
                "mean_probability": round(lesion.mean, 4),
                **{"x": x, "y": y, "width": width, "height": height},
                "area_pixels": lesion.area_pixels,
                "area_percent": round(lesion.area_percent, 4),
            } | _measured_cells(shares.get(marked))


def _measured_cells(share: RegionShare | None) -> dict[str, object]:
    if share is None:
        return {}
    return {
        "measured_share": round(share.value, 4),
        "measured_low": round(share.low, 4),
        "measured_high": round(share.high, 4),
        "measured_regions": share.regions,
        "measured_on": SPLITS[share.split],
    }


def _inert(value: object) -> object:
    """A text that a spreadsheet would run as a formula (a file may be named so) gets a quote."""
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
    )
