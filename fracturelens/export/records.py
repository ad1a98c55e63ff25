"""What the dashboard hands out: JSON, CSV and PNG files with the disclaimer inside."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import PurePath

from fracturelens.measured.shares import Shares
from fracturelens.results import FracturePrediction, marked_by
from fracturelens.screening.check import Refusal
from important_variables import ATTRIBUTION, DISCLAIMER

REFUSED = "refused"
UNREADABLE = "not read"
"""What stands for a verdict where there is none."""


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


def download_name(name: str, ending: str) -> str:
    """Name of a download: the X-ray's own without its ending, then `ending`."""
    stem = PurePath(name.replace("\\", "/")).stem or "xray"
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem) + ending


def prediction_record(name: str, prediction: FracturePrediction) -> dict:
    """One result ready for JSON: verdict, thresholds, lesions of each network, disclaimer."""
    thresholds = prediction.thresholds
    return {
        "file": name,
        "verdict": str(prediction.verdict),
        "gate_probability": round(prediction.gate_probability, 6),
        "thresholds": {
            "doubtful": thresholds.doubtful,
            "fracture": thresholds.fracture,
            "mask": dict(thresholds.mask),
        },
        "lesions": [
            {
                "network": segmentation.network,
                "number": lesion.number,
                "box": list(lesion.box),
                "area_pixels": lesion.area_pixels,
                "area_percent": round(lesion.area_percent, 4),
                "mean_probability": round(lesion.mean, 6),
                "marked_by": marked_by(segmentation.network, lesion),
            }
            for segmentation in prediction.segmentations.values()
            for lesion in segmentation.lesions
        ],
        "segmenters_run": list(prediction.segmentations),
        "painted": prediction.painted,
        "notice": DISCLAIMER,
    }
