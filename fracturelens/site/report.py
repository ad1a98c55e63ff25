"""The report of a site as one HTML file that asks for nothing outside itself."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from fracturelens.measured.figures import number, with_count, with_interval
from fracturelens.measured.site import SiteFigures
from fracturelens.measured.words import PRECISIONS, VERDICTS, label_of
from fracturelens.results import Verdict
from fracturelens.site.evaluation import Calibrated, SiteEvaluation
from fracturelens.site.score_strip import score_strip
from fracturelens.site.style import STYLE
from fracturelens.site.worst import WorstPicture
from important_variables import DISCLAIMER

POINTS = {"doubtful": "Doubtful or more", "fracture": "Fracture"}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""For the browser: no script, and nothing from anywhere else."""
HEADS = {
    True: "Fractures that scored lowest",
    False: "X-rays without a fracture that scored highest",
}


def site_report(evaluation: SiteEvaluation, worst: Sequence[WorstPicture]) -> str:
    """The whole page; every text that comes from files or people is escaped.

    Args:
        evaluation: of the site.
        worst: of `worst_pictures`.
    """
    name = escape(evaluation.name)
    parts = [
        f"<h1>FractureLens at {name}</h1>",
        f'<p class="notice"><strong>{DISCLAIMER}</strong> This page shows X-rays and the names of '
        "their files: keep it where you keep those.</p>",
        _origin(evaluation),
        _figures(evaluation),
        _calibrated(evaluation.calibrated) if evaluation.calibrated else "",
        _screening(evaluation),
        *(_worst(fractured, worst) for fractured in HEADS),
        _left_out(evaluation.left_out),
        _making(evaluation),
        f"<footer>{DISCLAIMER}</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>FractureLens at {name}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _origin(evaluation: SiteEvaluation) -> str:
    shipped = evaluation.shipped
    return (
        f"<p>{shipped.images:,} X-rays, {shipped.fractured:,} of them fractured, in "
        f"{shipped.groups:,} groups ({escape(evaluation.bootstrap.groups)}). Measured by "
        f"{escape(evaluation.made_by)} on {escape(evaluation.made_at)} in "
        f"{PRECISIONS[evaluation.precision]}. Brackets hold 95 % intervals.</p>"
    )


def _figures(evaluation: SiteEvaluation) -> str:
    shipped = evaluation.shipped
    return (
        "<h2>All X-rays, at the thresholds that are shipped</h2>"
        "<p>The shipped thresholds were chosen on FracAtlas. Here nothing was chosen on your "
        "X-rays.</p>"
        + _figures_table({"Value": shipped})
        + _points_table({"": shipped})
        + _tiers_table({"": shipped})
        + score_strip(evaluation.pictures, shipped.operating_points)
    )


def _calibrated(found: Calibrated) -> str:
    site = found.site
    both = {"As shipped": found.before, "Calibrated here": site.held_out}
    chosen = site.chosen_on
    return (
        "<h2>Calibrated on one half, measured on the other</h2>"
        f"<p>{chosen.images:,} X-rays ({chosen.fractured:,} fractured) chose calibration and "
        f"thresholds, with the seed {chosen.seed}. The figures below are of the other "
        f"{site.held_out.images:,}, which chose nothing. The calibrated probability is that in a "
        "collection with as many fractures as yours.</p>"
        + _figures_table(both)
        + _points_table(both)
        + _tiers_table(both)
        + "<p>To use it: <code>fracturelens predict --site site.json …</code> or "
        "<code>fracturelens app --site site.json</code>.</p>"
    )


def _figures_table(columns: dict[str, SiteFigures]) -> str:
    keys = next(iter(columns.values())).metrics
    rows = [
        [label_of(key), *(with_interval(one.metrics[key]) for one in columns.values())]
        for key in keys
    ]
    return _table(["Figure", *columns], rows)


def _points_table(columns: dict[str, SiteFigures]) -> str:
    rows = [
        [
            f"{title}{f', {words.lower()}' if words else ''}",
            f"{point.threshold:.1%}",
            *(with_count(point.metrics[rate]) for rate in ("sensitivity", "specificity")),
        ]
        for key, title in POINTS.items()
        for words, figures in columns.items()
        for point in (figures.operating_points[key],)
    ]
    return _table(["Verdict", "From", "Sensitivity", "Specificity"], rows)


def _tiers_table(columns: dict[str, SiteFigures]) -> str:
    rows = [
        [
            VERDICTS[verdict],
            *(
                f"{tier.images:,}, {tier.fractured:,} of them fractured"
                for figures in columns.values()
                for tier in (figures.tiers[verdict],)
            ),
        ]
        for verdict in Verdict
    ]
    return _table(["Verdict", *(words or "X-rays" for words in columns)], rows)


def _screening(evaluation: SiteEvaluation) -> str:
    pictures, accepted = evaluation.pictures, evaluation.acceptance
    rows = [[label, with_count(accepted[key])] for key, label in
            (("refused", "Would be refused"), ("cautioned", "Judged with a caution"))]  # fmt: skip
    refused = [
        (name, seen) for name, seen in zip(pictures["file"], pictures["seen"], strict=True) if seen
    ]
    listed = _details(f"The {len(refused):,} that would be refused", refused) if refused else ""
    return (
        "<h2>Screening</h2><p>Is it a film of a limb, hip or shoulder? The figures above count "
        f"every X-ray, whatever screening said.</p>{_table(['Outcome', 'Share'], rows)}{listed}"
    )


def _worst(fractured: bool, worst: Iterable[WorstPicture]) -> str:
    figures = "".join(_picture(one) for one in worst if one.fractured == fractured)
    return f'<h2>{HEADS[fractured]}</h2><div class="worst">{figures}</div>' if figures else ""


def _picture(one: WorstPicture) -> str:
    name = escape(one.name)
    image = (
        f'<img alt="X-ray {name}" src="data:image/jpeg;base64,{b64encode(one.jpeg).decode()}">'
        if one.jpeg
        else "<p>The file could not be read again.</p>"
    )
    return (
        f"<figure>{image}<figcaption><strong>{number(100 * one.probability, 1)} %</strong> "
        f"{VERDICTS[one.verdict]}<br>{name}</figcaption></figure>"
    )


def _left_out(left_out: dict[str, str]) -> str:
    if not left_out:
        return ""
    return "<h2>Left out</h2>" + _details(f"{len(left_out):,} files", left_out.items())


def _making(evaluation: SiteEvaluation) -> str:
    versions = [[package, found] for package, found in evaluation.versions.items()]
    models = [[name, digest] for name, digest in evaluation.models.items()]
    drawn = evaluation.bootstrap
    return (
        "<h2>How it was made</h2>"
        f"<p>Intervals: {drawn.draws:,} bootstrap draws over groups, seed {drawn.seed}; Wilson's "
        "where a rate is 0 or 1, and for screening.</p>"
        + _table(["Network", "SHA-256 of its file"], models)
        + _table(["Package", "Version"], versions)
    )


def _details(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A list that opens on a click."""
    items = "".join(f"<li><b>{escape(name)}</b>: {escape(words)}</li>" for name, words in rows)
    return f"<details><summary>{escape(title)}</summary><ul>{items}</ul></details>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; all cells are escaped."""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return f'<div class="table"><table><thead><tr>{heads}</tr></thead>{body}</table></div>'
