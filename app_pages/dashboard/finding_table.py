"""The findings of one X-ray as an HTML table that a phone shows as a list."""

from collections.abc import Iterator

from fracturelens.measured.shares import Shares, share_words
from fracturelens.measured.words import marked_by
from fracturelens.results import FracturePrediction
from important_variables import title_of

HEADS = (
    "Finding",
    "Marked by",
    "How many such findings held a fracture",
    "Network",
    "Mean probability",
    "Area",
    "Left, top",
    "Width x height",
)


def finding_table(prediction: FracturePrediction, shares: Shares) -> str:
    """One row for each network's finding, by number: what overlaps has one number.

    Args:
        prediction: of the X-ray.
        shares: what share of such findings was right, by who marks them.
    """
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    rows = "".join(
        f"<tr>{''.join(_cell(head, text) for head, text in zip(HEADS, row, strict=True))}</tr>"
        for row in _rows(prediction, shares)
    )
    return (
        f'<table class="fl-findings"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell(head: str, text: str) -> str:
    return f'<td data-head="{head}">{text}</td>'


def _rows(prediction: FracturePrediction, shares: Shares) -> Iterator[tuple[str, ...]]:
    found = [
        (finding, network)
        for network, segmentation in prediction.segmentations.items()
        for finding in segmentation.findings
    ]
    for finding, network in sorted(found, key=lambda entry: entry[0].number):
        left, top, width, height = finding.box
        yield (
            f"{finding.number}",
            marked_by(finding.networks, prediction.segmentations),
            share_words(shares.get(finding.networks)),
            title_of(network),
            f"{finding.mean:.2f}",
            f"{finding.area_percent:.3f}% ({finding.area_pixels:,} px)",
            f"{left:,}, {top:,} px",
            f"{width:,} x {height:,} px",
        )
