"""Results as JSON records: keys are data, and the disclaimer is inside."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import PurePath

from fracturelens.measured.shares import Shares
from fracturelens.results import Examination, FracturePrediction
from important_variables import ATTRIBUTION, DISCLAIMER

REFUSED = "refused"
UNREADABLE = "unreadable"
"""What stands for a verdict where there is none."""


@dataclass(frozen=True, eq=False)
class Report:
    """What became of one file, ready to be written.

    Attributes:
        name: of the file.
        examination: of it; its radiograph is not needed.
        shares: what share of such findings was right, by who marks them; {} where not measured.
    """

    name: str
    examination: Examination
    shares: Shares = field(default_factory=dict)


def results_json(reports: Iterable[Report]) -> bytes:
    """All results as indented UTF-8 JSON."""
    content = {
        "notice": DISCLAIMER,
        "attribution": ATTRIBUTION,
        "results": [report_record(report) for report in reports],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def report_record(report: Report) -> dict:
    """One file's result ready for JSON: verdict, thresholds and findings, or why there are none.

    "measured" of a finding tells what share of such findings found a lesion, None where that was
    not measured; "judged_despite" tells why a picture would have been refused; "cautions" are
    keys of fracturelens/xray/cautions.py. Where a site calibrated the gate, "thresholds" names it.
    """
    outcome = report.examination
    if outcome.error:
        return {"file": report.name, "error": outcome.error}
    found, refusal = outcome.prediction, outcome.refusal
    reason = {"kind": refusal.kind, "reason": refusal.seen} if refusal else {}
    if found is None:
        remedy = {"remedy": refusal.remedy} if refusal else {}
        return {"file": report.name, "verdict": REFUSED, "notice": DISCLAIMER} | reason | remedy
    record = _prediction_record(report.name, found, report.shares)
    record["cautions"] = [caution.key for caution in outcome.cautions]
    return record | ({"judged_despite": reason} if refusal else {})


def download_name(name: str, ending: str) -> str:
    """Name of a download: the X-ray's own without its ending, then `ending`."""
    stem = PurePath(name.replace("\\", "/")).stem or "xray"
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem) + ending


def _prediction_record(name: str, prediction: FracturePrediction, shares: Shares) -> dict:
    thresholds = prediction.thresholds
    return {
        "file": name,
        "verdict": str(prediction.verdict),
        "gate_probability": round(prediction.gate_probability, 6),
        "thresholds": {
            "doubtful": thresholds.doubtful,
            "fracture": thresholds.fracture,
            "mask": dict(thresholds.mask),
        }
        | ({"site": thresholds.site} if thresholds.site else {}),
        "findings": list(_finding_records(prediction, shares)),
        "segmenters_run": list(prediction.segmentations),
        "painted": prediction.painted,
        "notice": DISCLAIMER,
    }


def _finding_records(prediction: FracturePrediction, shares: Shares) -> Iterable[dict]:
    for network, segmentation in prediction.segmentations.items():
        for finding in segmentation.findings:
            share = shares.get(finding.networks)
            yield {
                "network": network,
                "number": finding.number,
                "box": list(finding.box),
                "area_pixels": finding.area_pixels,
                "area_percent": round(finding.area_percent, 4),
                "mean_probability": round(finding.mean, 6),
                "marked_by": sorted(finding.networks),
                "measured": asdict(share) if share else None,
            }
