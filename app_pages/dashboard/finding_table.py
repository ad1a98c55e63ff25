"""The lesions of one X-ray as an HTML table that a telephone shows as a list."""

from collections.abc import Iterator

from fracturelens.measured.evaluation import SPLITS
from fracturelens.measured.shares import RegionShare, Shares
from fracturelens.results import FracturePrediction, marked_by
from important_variables import TITLES

HEADS = (
    "Lesion",
    "Marked by",
    "Such regions that held a fracture",
    "Network",
    "Mean probability",
    "Area",
    "Left, top",
    "Width x height",
)


def lesion_table(prediction: FracturePrediction, shares: Shares) -> str:
    """One row for each network's region, by number: what overlaps has one number.

    Args:
        prediction: of the X-ray.
        shares: what share of regions found a lesion under its verdict.
    """
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    rows = "".join(
        f"<tr>{''.join(_cell(head, text) for head, text in zip(HEADS, row, strict=True))}</tr>"
        for row in _rows(prediction, shares)
    )
    return f'<table class="fl-lesions"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def share_words(share: RegionShare | None) -> str:
    """A measured share with interval and count; "not measured" without one."""
    if share is None:
        return "not measured"
    return (
        f"{share.value:.0%} ({100 * share.low:.0f} to {100 * share.high:.0f}) of "
        f"{share.regions:,} on {SPLITS[share.split]}"
    )


def _cell(head: str, text: str) -> str:
    return f'<td data-head="{head}">{text}</td>'


def _rows(prediction: FracturePrediction, shares: Shares) -> Iterator[tuple[str, ...]]:
    lesions = [
        (lesion, network)
        for network, segmentation in prediction.segmentations.items()
        for lesion in segmentation.lesions
    ]
    for lesion, network in sorted(lesions, key=lambda found: found[0].number):
        marked = marked_by(network, lesion)
        left, top, width, height = lesion.box
        yield (
            f"{lesion.number}",
            marked,
            share_words(shares.get(marked)),
            TITLES[network],
            f"{lesion.mean:.2f}",
            f"{lesion.area_percent:.3f}% ({lesion.area_pixels:,} px)",
            f"{left:,}, {top:,} px",
            f"{width:,} x {height:,} px",
        )
