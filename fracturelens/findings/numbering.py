"""Numbers the regions of all networks by place, and tells which networks mark each place."""

from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np

from fracturelens.findings.regions import Region
from fracturelens.results import Box, Finding, Place
from important_variables import OVERLAP_LIMIT

Marked = tuple[str, Region]
"""A network's name and a region of its."""


def number_findings(
    regions: Mapping[str, Iterable[Region]], pixels: int
) -> dict[str, tuple[Finding, ...]]:
    """Findings of each network, by number.

    Args:
        regions: of each network that ran.
        pixels: of the whole picture.
    """
    findings: dict[str, list[Finding]] = {name: [] for name in regions}
    for number, place in enumerate(sorted(_joined(regions), key=_rank), 1):
        networks = frozenset(name for name, _ in place)
        for name, region in place:
            share = 100 * region.area / pixels
            findings[name].append(
                Finding(number, region.box, region.area, share, region.mean, networks)
            )
    return {name: tuple(found) for name, found in findings.items()}


def places_of(findings: Iterable[Finding]) -> list[Place]:
    """The places of numbered findings, of whatever network, by number."""
    boxes: dict[int, list[Box]] = {}
    networks: dict[int, frozenset[str]] = {}
    for finding in findings:
        boxes.setdefault(finding.number, []).append(finding.box)
        networks[finding.number] = finding.networks
    return [Place(number, _around(boxes[number]), networks[number]) for number in sorted(boxes)]


def overlap(first: Region, second: Region) -> float:
    """IoU of two regions, 0 to 1."""
    (x1, y1, width1, height1), (x2, y2, width2, height2) = first.box, second.box
    left, right = max(x1, x2), min(x1 + width1, x2 + width2)
    top, bottom = max(y1, y2), min(y1 + height1, y2 + height2)
    if right <= left or bottom <= top:
        return 0.0
    parts = []
    for region in (first, second):
        x, y = region.box[:2]
        parts.append(region.pixels[top - y : bottom - y, left - x : right - x])
    shared = int(np.count_nonzero(parts[0] & parts[1]))
    return shared / (first.area + second.area - shared)


def _joined(regions: Mapping[str, Iterable[Region]]) -> list[list[Marked]]:
    """The regions, those that overlap one of another network's put together with it."""
    places: list[list[Marked]] = []
    for name, found in regions.items():
        for region in found:
            touched = [place for place in places if _meets(name, region, place)]
            places = [place for place in places if not any(place is other for other in touched)]
            places.append([*chain(*touched), (name, region)])
    return places


def _meets(name: str, region: Region, place: list[Marked]) -> bool:
    return any(other != name and overlap(region, mark) >= OVERLAP_LIMIT for other, mark in place)


def _rank(place: list[Marked]) -> tuple:
    """Agreed places first, then by mean over all their pixels, then by position."""
    areas = [region.area for _, region in place]
    mean = float(np.average([region.mean for _, region in place], weights=areas))
    return len(place) == 1, -mean, _around([region.box for _, region in place])


def _around(boxes: list[Box]) -> Box:
    """The box around several."""
    corners = np.array(boxes)
    left, top = corners[:, :2].min(axis=0).tolist()
    right, bottom = (corners[:, :2] + corners[:, 2:]).max(axis=0).tolist()
    return left, top, right - left, bottom - top
