"""Words and tables of what was measured beyond FracAtlas, for documents and pages alike."""

from pathlib import Path

from fracturelens.measured.beyond import Beyond, Spread
from fracturelens.measured.figures import with_interval
from fracturelens.measured.layout import Estimate
from fracturelens.networks.card import FILES, read_cards
from fracturelens.results import Verdict
from important_variables import GATE

TITLE = "Beyond FracAtlas"
ABOUT = (
    "Films of other hospitals, collected for measuring only: nothing was trained on them, no "
    "threshold that is shipped was chosen on them, and none is in this project, since most of "
    "their sources state no license. Brackets hold 95 % intervals."
)
KINDS = {
    "limb": "Limbs, all sources",
    "legs": "of these: lower legs, one hospital, as exported",
    "cases": "of these: published teaching cases, many hospitals",
    "wrists": "of these: children's wrists, 16-bit PNG (GRAZPEDWRI-DX, Nagy et al. 2022)",
    "girdle": "Shoulders, hips and pelves: teaching cases",
    "other": "No such film: chest, spine, skull, teeth, CT, MRI, ultrasound",
    "chest": "of these: chest X-rays",
}
SCREENING = (
    "Limbs, shoulders, hips and pelves should be accepted, all other pictures refused. An X-ray "
    "that is judged with a caution is unlike those that the networks were measured on."
)
LEGS = (
    "The gate on the lower legs of one hospital, the only films here with and without a fracture; "
    "the hospital's folders are the labels. Thresholds are those chosen on FracAtlas."
)
CALIBRATED = (
    "The same after `fracturelens evaluate-site --calibrate`: one half of the films chooses "
    "calibration and thresholds, the figures are the other half's. With one half drawn as the "
    "command draws it, then over {count} further draws: the mean, and where nine of ten lie."
)
WHOLE = {
    Verdict.FRACTURE: "Whole legs called “fracture”",
    Verdict.DOUBTFUL: "Whole legs called “doubtful”",
    Verdict.NO_FRACTURE: "Whole legs cleared",
}
RATES = {
    "sensitivity_doubtful": "Sensitivity of “doubtful or more”",
    "specificity_doubtful": "Specificity of “doubtful or more”",
    "sensitivity_fracture": "Sensitivity of “fracture”",
    "specificity_fracture": "Specificity of “fracture”",
}
Row = dict[str, str]


def screening_rows(now: Beyond, before: Beyond | None) -> list[Row]:
    """One row for each kind of film.

    Args:
        now: of this version.
        before: of an earlier one, beside it; None leaves its column out.
    """
    rows = []
    for kind, found in now.kinds.items():
        earlier = before.kinds.get(kind) if before else None
        rows.append(
            {"Films": KINDS.get(kind, kind), "Number": f"{found.pictures:,}"}
            | ({"Refused before": with_interval(earlier.refused)} if earlier else {})
            | {
                "Refused": with_interval(found.refused),
                "Judged with a caution": with_interval(found.cautioned),
            }
        )
    return rows


def legs_rows(now: Beyond, before: Beyond | None) -> list[Row]:
    """The gate's figures on the lower legs at FracAtlas's thresholds; arguments as above."""
    columns = {"Before": before, "Now": now} if before else {"Now": now}
    figures = {title: _legs_figures(found) for title, found in columns.items()}
    return [
        {"Figure": label} | {title: with_interval(one[label]) for title, one in figures.items()}
        for label in figures["Now"]
    ]


def calibrated_rows(now: Beyond, before: Beyond | None) -> list[Row]:
    """Rates after calibration on half; arguments as above."""
    columns = {"before": before, "now": now} if before else {"now": now}
    rows = []
    for key, label in RATES.items():
        rate, _, point = key.partition("_")
        row = {"Figure": label}
        for title, found in columns.items():
            measured = found.legs.calibrated.operating_points[point].metrics[rate]
            row[f"One half, {title}"] = with_interval(measured)
        for title, found in columns.items():
            row[f"Many halves, {title}"] = _spread_words(found.legs.halves.rates[key])
        rows.append(row)
    return rows


def both_words(now: Beyond) -> str:
    """How often both promises were kept, and at what price, a sentence."""
    halves = now.legs.halves
    doubt = halves.rates["doubtful_share"]
    return (
        "Sensitivity of “doubtful or more” and specificity of “fracture” were both at least 0.95 "
        f"in {halves.tiers:.0%} of {halves.count} drawn halves, both rates of one threshold in "
        f"{halves.one:.0%}; {doubt.mean:.1%} of the films were in doubt."
    )


def sources_words(now: Beyond, before: Beyond | None, folder: Path) -> str:
    """Where the figures come from, and whether another gate was measured than lies in `folder`."""
    words = f"Now: {now.source}"
    if before:
        words += f" Before: {before.source}"
    digests = [card.files.get(FILES[now.precision]) for card in read_cards((GATE,), folder)]
    if now.models.get(GATE) not in (None, *digests):
        words += (
            " The gate has changed since: run `fracturelens evaluate-external` again for its own "
            "figures."
        )
    return words


def _legs_figures(found: Beyond) -> dict[str, Estimate]:
    figures = found.legs.figures
    rates = {
        label: figures.operating_points[point].metrics["sensitivity"]
        for label, point in (
            ("Fractured legs called “fracture”", "fracture"),
            ("Fractured legs called “doubtful” or “fracture”", "doubtful"),
        )
    }
    return (
        {"Area under the ROC curve": figures.metrics["auroc"]}
        | {label: found.legs.whole[verdict] for verdict, label in WHOLE.items()}
        | rates
    )


def _spread_words(rate: Spread) -> str:
    return f"{rate.mean:.3f} ({rate.low:.3f} to {rate.high:.3f})"
