"""Results as JSON records: keys are data, and the disclaimer is inside."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

import numpy as np

from fracturelens.export.provenance import Provenance
from fracturelens.measured.shares import Shares
from fracturelens.results import Examination, FracturePrediction
from fracturelens.studies import Study, study_record
from fracturelens.xray.cautions import caution_words
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
        digest: SHA-256 of the file, hexadecimal; "" where it is not known.
        counted: how often such a verdict was right where it was measured, a sentence; "" where
            nothing was.
        custom: whether the thresholds are others than those that were measured.
        made: what made it.
        read: gives the X-ray as it was examined, uint8 (H, W); None where nobody needs it.
        study: that it is a view of; None where it stands alone.
    """

    name: str
    examination: Examination
    shares: Shares = field(default_factory=dict)
    digest: str = ""
    counted: str = ""
    custom: bool = False
    made: Provenance | None = None
    read: Callable[[], np.ndarray] | None = None
    study: Study | None = None


def results_json(reports: Iterable[Report]) -> bytes:
    """All results of one run as indented UTF-8 JSON, "made" telling what made them.

    "studies" holds the verdicts of studies with several views.
    """
    reports = list(reports)
    made = next((report.made for report in reports if report.made), None)
    content = {
        "notice": DISCLAIMER,
        "attribution": ATTRIBUTION,
        "made": asdict(made) if made else None,
        "results": [report_record(report) for report in reports],
        "studies": [study_record(study) for study in studies_in(reports)],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def studies_in(reports: Iterable[Report]) -> list[Study]:
    """The studies of several reports, each once, in the order in which they come."""
    found = {report.study.key: report.study for report in reports if report.study}
    return list(found.values())


def whole_record(report: Report) -> dict:
    """`report_record` with what made it, for a record that stands alone."""
    return report_record(report) | ({"made": asdict(report.made)} if report.made else {})


def report_record(report: Report) -> dict:
    """One file's result ready for JSON: verdict, thresholds and findings, or why there are none.

    "measured" of a finding tells what share of such findings found a lesion, None where that was
    not measured; "judged_despite" tells why a picture would have been refused; "cautions" are
    keys of fracturelens/xray/cautions.py, "cautions_told" their sentences. Where a site calibrated
    the gate, "thresholds" names it.
    """
    outcome = report.examination
    file = {"file": report.name} | ({"sha256": report.digest} if report.digest else {})
    if outcome.error:
        return file | {"error": outcome.error}
    found, refusal = outcome.prediction, outcome.refusal
    reason = {"kind": refusal.kind, "reason": refusal.seen} if refusal else {}
    if found is None:
        remedy = {"remedy": refusal.remedy} if refusal else {}
        return file | {"verdict": REFUSED, "notice": DISCLAIMER} | reason | remedy
    record = file | _prediction_record(found, report.shares)
    record["custom_thresholds"] = report.custom
    record["cautions"] = [caution.key for caution in outcome.cautions]
    record["cautions_told"] = [caution_words(caution) for caution in outcome.cautions]
    return record | ({"judged_despite": reason} if refusal else {})


def _prediction_record(prediction: FracturePrediction, shares: Shares) -> dict:
    thresholds = prediction.thresholds
    return {
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
