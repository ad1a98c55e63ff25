"""What the viewer says of each picture: captions, and texts for those who do not see it."""

from collections.abc import Collection, Iterable

from fracturelens.results import Box, Finding
from fracturelens.xray.radiograph import PixelSpacing
from important_variables import NETWORKS, title_of

ACROSS, DOWN = ("left", "center", "right"), ("upper", "middle", "lower")
MEASURED = {
    "detector": "at the detector, where the patient appears larger",
    "geometry": "corrected for magnification",
    "fiducial": "calibrated with an object of known size",
    "scanner": "of the scanned film",
    "unstated": "as the file states, not said how calibrated",
}
"""How the pixel spacing was obtained, by `PixelSpacing.origin`."""


def network_title(name: str, precision: str) -> str:
    """Such as "U-Net", or "U-Net, INT8" where both precisions are shown."""
    return f"{title_of(name)}, {precision}" if precision else title_of(name)


def network_caption(name: str, precision: str, findings: Collection[Finding], hints: bool) -> str:
    """Such as "U-Net, sky blue: 2 findings"."""
    title = network_title(name, precision)
    return f"{title}, {NETWORKS[name].color_name}: {_count(len(findings), hints)}"


def network_words(
    name: str, precision: str, findings: Collection[Finding], height: int, width: int, hints: bool
) -> str:
    """Such as "U-Net: 1 finding, lower left, 0.9% of the film"."""
    told = [
        f"{where(one.box, height, width)}, {one.area_percent:.2g}% of the film" for one in findings
    ]
    return _sentence(network_title(name, precision), told, hints)


def agreement_words(boxes: Iterable[tuple[Box, str]], height: int, width: int, hints: bool) -> str:
    """As `network_words`, for places and who marks each."""
    told = [f"{where(box, height, width)} ({markers})" for box, markers in boxes]
    return _sentence("Agreement of the networks", told, hints)


def where(box: Box, height: int, width: int) -> str:
    """Part of the picture, such as "lower left": in which of nine fields the center lies."""
    x, y, box_width, box_height = box
    across = ACROSS[min(int(3 * (x + box_width / 2) / width), 2)]
    down = DOWN[min(int(3 * (y + box_height / 2) / height), 2)]
    return "center" if (across, down) == ("center", "middle") else f"{down} {across}"


def spacing_words(spacing: PixelSpacing | None) -> str:
    """What a measured length means."""
    if spacing is None:
        return "This file states no pixel size: lengths are in pixels."
    return f"Lengths in mm {MEASURED.get(spacing.origin, MEASURED['unstated'])}."


def _sentence(title: str, told: list[str], hints: bool) -> str:
    if not told:
        return f"{title}: {_count(0, hints)}"
    several = [f"{number}: {text}" for number, text in enumerate(told, 1)]
    return f"{title}: {_count(len(told), hints)}, {'; '.join(several if told[1:] else told)}"


def _count(number: int, hints: bool) -> str:
    noun = "hint" if hints else "finding"
    return f"no {noun}s" if not number else f"{number} {noun}{'s' if number > 1 else ''}"
