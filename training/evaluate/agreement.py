"""Counts which findings find a lesion, by the networks that mark their place, as the app does."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.findings.restore import restore_probability
from fracturelens.measured.annotations import lesion_masks, overlaps_with
from fracturelens.measured.bootstrap import estimate, ratio
from fracturelens.measured.layout import RegionCount
from important_variables import OVERLAP_LIMIT
from training.evaluate.segmentation_report import MaskCase

Networks = frozenset[str]


def count_findings(
    case: MaskCase, maps: Mapping[str, np.ndarray], masks: Mapping[str, float], chosen: np.ndarray
) -> list[RegionCount]:
    """Findings and those that find a lesion, for each set of networks that may mark one place.

    A place that several networks mark counts once for each finding there.

    Args:
        case: pictures and truth.
        maps: probabilities of the fracture by segmenter, float (N, S, S), letterboxed.
        masks: mask thresholds by segmenter.
        chosen: bool (N,), the pictures that are counted.
    """
    sets = _sets_of(sorted(maps))
    painted = {networks: np.zeros(len(case.xrays)) for networks in sets}
    true = {networks: np.zeros(len(case.xrays)) for networks in sets}
    for index in np.flatnonzero(chosen):
        for networks, finds_lesion in _judged(case, int(index), maps, masks):
            painted[networks][index] += 1
            true[networks][index] += finds_lesion
    return [_count(case, networks, painted[networks], true[networks]) for networks in sets]


def _sets_of(names: list[str]) -> list[Networks]:
    """All sets of networks, the largest first."""
    sizes = range(len(names), 0, -1)
    return [frozenset(chosen) for size in sizes for chosen in combinations(names, size)]


def _judged(
    case: MaskCase, index: int, maps: Mapping[str, np.ndarray], masks: Mapping[str, float]
) -> Iterator[tuple[Networks, bool]]:
    """For each finding of one picture, who marks its place and whether it finds a lesion."""
    size = case.size(index)
    pixels = size[0] * size[1]
    regions = {}
    for name, values in maps.items():
        probability = restore_probability(values[index], *size)
        mask = probability >= masks[name]
        regions[name], _ = find_regions(mask, probability, case.min_share * pixels)
    lesions = lesion_masks(case.xrays[index].polygons, *size)
    for name, findings in number_findings(regions, pixels).items():
        shapes = {(region.box, region.area, region.mean): region for region in regions[name]}
        for finding in findings:  # a finding keeps what tells its region, but not the pixels
            region = shapes[finding.box, finding.area_pixels, finding.mean]
            finds_lesion = (overlaps_with(region, lesions) >= OVERLAP_LIMIT).any()
            yield finding.networks, bool(finds_lesion)


def _count(
    case: MaskCase, networks: Networks, painted: np.ndarray, true: np.ndarray
) -> RegionCount:
    regions = int(painted.sum())
    precision = estimate(ratio(true, painted), case.weights, regions)
    return RegionCount(sorted(networks), regions, int(true.sum()), precision)
