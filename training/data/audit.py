"""Audits a FracAtlas download: what is broken, repeated, contradictory or in two splits."""

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from fracturelens.xray.read import UnreadableXrayError
from important_variables import SPLITS, fracatlas_folder
from training.data.dataset import (
    SPLIT_NAMES,
    FracAtlasError,
    Xray,
    load_image,
    read_fracatlas,
    read_splits,
)

TOLD_ERRORS = (FracAtlasError,)
BODY_PARTS = ("hand", "leg", "hip", "shoulder", "mixed")
THUMBNAIL = 32
ALIKE_RMS = 4.0
"""Gray levels between 32 x 32 thumbnails: copies that were encoded anew lie below 3.2, the
nearest two different pictures of FracAtlas at 6.4."""
BAND_GRAY = 128
BAND_TOLERANCE = 3
BAND_MIN_ROWS = 4
OUTSIDE = 1e-6
"""Fraction of the picture by which a polygon may leave it: the annotation tool's rounding."""


@dataclass(frozen=True)
class Scan:
    """What one file's pixels say.

    Attributes:
        digest: SHA-256 of the decoded gray picture, "" where the file cannot be read.
        thumbnail: float32 (1024,), gray 0-255 at 32 x 32, zeros where the file cannot be read.
        band_rows: rows of plain mid-gray at the foot, which a decoder leaves where a JPEG ends
            too early; they survive when somebody re-encodes the picture.
    """

    digest: str
    thumbnail: np.ndarray
    band_rows: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens audit`."""
    parser.add_argument(
        "data",
        nargs="?",
        type=Path,
        default=fracatlas_folder(),
        help="folder of FracAtlas (default: %(default)s)",
    )
    parser.add_argument("--json", type=Path, metavar="PATH", help="also write the findings here")


def run(arguments: argparse.Namespace) -> int:
    """Prints the audit; exit code 1 where a file is missing or a usable picture is at fault."""
    findings = audit_folder(arguments.data)
    sys.stdout.write(format_findings(findings))
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(findings, indent=2) + "\n")
    return 1 if findings["missing"] or findings["faults_among_usable"] else 0


def audit_folder(folder: Path, splits: Path = SPLITS) -> dict:
    """Reads every picture of `folder` and lists what is wrong with it.

    Args:
        folder: FracAtlas in the official layout.
        splits: folder of train.csv, val.csv and test.csv.

    Returns:
        JSON-ready findings: lists of file names by kind of fault, `counts` by split and by body
        part, and `faults_among_usable`, the faults that no exclusion reason covers.

    Raises:
        FracAtlasError: the folder holds no FracAtlas.
    """
    rows = read_splits(splits)
    xrays = read_fracatlas(folder, splits)
    scans = {
        x.image_id: scan_picture(x) for x in tqdm(xrays, desc="audit", unit="picture", disable=None)
    }
    by_id = {xray.image_id: xray for xray in xrays}
    identical = identical_groups(scans)
    found = {
        "folder": str(folder),
        "listed": len({name for _, name, _ in rows}),
        "on_disk": len(by_id),
        "missing": sorted(name for _, name, _ in rows if name not in by_id),
        "unreadable": sorted(name for name, scan in scans.items() if not scan.digest),
        "cut_short": sorted(name for name, scan in scans.items() if scan.band_rows),
        "identical": identical,
        "almost_identical": alike_pairs(scans),
        "contradicting": [group for group in identical if _contradict(group, by_id)],
        "identical_across_splits": [g for g in identical if len({by_id[n].split for n in g}) > 1],
        "listed_twice": _listed_twice(rows),
        **_polygon_findings(xrays),
        "counts": count_classes(xrays),
    }
    return found | {"faults_among_usable": faults_among_usable(found, by_id)}


def scan_picture(xray: Xray) -> Scan:
    """Decodes one picture and keeps what the audit compares."""
    try:
        gray = load_image(xray)
    except UnreadableXrayError:
        return Scan("", np.zeros(THUMBNAIL * THUMBNAIL, np.float32), 0)
    digest = hashlib.sha256(str(gray.shape).encode() + gray.tobytes()).hexdigest()
    small = cv2.resize(gray, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    return Scan(digest, small.ravel().astype(np.float32), count_band_rows(gray))


def count_band_rows(gray: np.ndarray) -> int:
    """Rows at the foot of uint8 (H, W) that hold nothing but mid-gray, 0 below BAND_MIN_ROWS."""
    band = np.all(np.abs(gray.astype(np.int16) - BAND_GRAY) <= BAND_TOLERANCE, axis=1)
    rows = len(band) if band.all() else int(np.argmin(band[::-1]))
    return rows if rows >= BAND_MIN_ROWS else 0


def identical_groups(scans: dict[str, Scan]) -> list[list[str]]:
    """Names of pictures whose pixels are equal, one sorted list for each group."""
    groups = defaultdict(list)
    for name, scan in sorted(scans.items()):
        if scan.digest:
            groups[scan.digest].append(name)
    return [names for names in groups.values() if len(names) > 1]


def alike_pairs(scans: dict[str, Scan]) -> list[list[str]]:
    """Pairs whose pixels differ but whose thumbnails lie within ALIKE_RMS of each other."""
    names = sorted(name for name, scan in scans.items() if scan.digest)
    if not names:
        return []
    thumbnails = np.stack([scans[name].thumbnail for name in names])
    squares = np.sum(thumbnails**2, axis=1)
    pairs = []
    for i, name in enumerate(names):
        square = squares[i] + squares[i + 1 :] - 2 * thumbnails[i + 1 :] @ thumbnails[i]
        near = np.flatnonzero(square < ALIKE_RMS**2 * THUMBNAIL**2) + i + 1
        others = [names[j] for j in near]
        pairs += [[name, other] for other in others if scans[other].digest != scans[name].digest]
    return pairs


def count_classes(xrays: list[Xray]) -> dict:
    """Pictures by split: usable and fractured, excluded by reason, and by body part."""
    counts = {}
    for split in SPLIT_NAMES:
        members = [xray for xray in xrays if xray.split == split]
        kept = [xray for xray in members if not xray.excluded]
        counts[split] = {
            "on_disk": len(members),
            "usable": len(kept),
            "fractured": sum(xray.fractured for xray in kept),
            "excluded": dict(Counter(x.excluded.split("_of_")[0] for x in members if x.excluded)),
            "body_parts": {part: _count_part(kept, part) for part in BODY_PARTS},
        }
    return counts


def faults_among_usable(found: dict, by_id: dict[str, Xray]) -> dict[str, list]:
    """The findings that no exclusion reason covers, by kind; kinds without any are left out.

    A group of copies is covered when at most one of its pictures is usable.
    """

    def kept(names: list[str]) -> list[str]:
        return [name for name in names if not by_id[name].excluded]

    faults: dict[str, list] = {
        kind: kept(found[kind]) for kind in ("unreadable", "cut_short", "polygons_outside")
    }
    for kind in ("identical", "almost_identical", "contradicting", "identical_across_splits"):
        groups = [kept(group) for group in found[kind]]
        faults[kind] = [group for group in groups if len(group) > 1]
    faults["listed_twice"] = found["listed_twice"]
    return {kind: names for kind, names in faults.items() if names}


def format_findings(found: dict) -> str:
    """The findings as text: one table of faults, one of class counts."""
    lines = [f"FracAtlas in {found['folder']}: {found['on_disk']} of {found['listed']} pictures"]
    lines += ["", f"{'finding':<48}{'all':>7}{'usable':>8}"]
    for kind, title in _TITLES.items():
        usable = len(found["faults_among_usable"].get(kind, []))
        lines.append(f"{title:<48}{len(found[kind]):>7}{usable:>8}")
    lines += ["", *_count_lines(found["counts"])]
    return "\n".join(lines) + "\n"


_TITLES = {
    "missing": "missing files",
    "unreadable": "truncated or otherwise unreadable files",
    "cut_short": "gray band at the foot (truncated, then re-encoded)",
    "identical": "groups of identical pictures",
    "almost_identical": "pairs of almost identical pictures",
    "contradicting": "identical pictures with contradicting labels",
    "identical_across_splits": "identical pictures in two splits",
    "listed_twice": "ids that two split files list",
    "polygons_outside": "pictures with a polygon outside",
    "fractured_without_polygon": "fractured without a polygon",
    "whole_with_polygon": "not fractured, yet with a polygon",
}


def _count_lines(counts: dict) -> list[str]:
    heads = "".join(f"{part:>15}" for part in BODY_PARTS)
    lines = [f"{'split':<7}{'on disk':>8}{'usable':>8}{'fractured':>11}{heads}"]
    for split, count in counts.items():
        parts = "".join(
            f"{part['fractured']:>7} of {part['usable']:>4}"
            for part in count["body_parts"].values()
        )
        lines.append(
            f"{split:<7}{count['on_disk']:>8}{count['usable']:>8}{count['fractured']:>11}{parts}"
        )
    for split, count in counts.items():
        reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(count["excluded"].items()))
        lines.append(f"excluded from {split}: {reasons or 'none'}")
    return lines


def _count_part(xrays: list[Xray], part: str) -> dict[str, int]:
    members = [xray for xray in xrays if xray.attributes.get(part)]
    return {"usable": len(members), "fractured": sum(xray.fractured for xray in members)}


def _contradict(group: list[str], by_id: dict[str, Xray]) -> bool:
    return len({by_id[name].fractured for name in group}) > 1


def _listed_twice(rows: list[tuple[str, str, str]]) -> list[str]:
    counts = Counter(name for _, name, _ in rows)
    return sorted(name for name, count in counts.items() if count > 1)


def _polygon_findings(xrays: list[Xray]) -> dict[str, list[str]]:
    """Pictures whose polygons leave the picture, or that have or lack them against the label."""
    return {
        "polygons_outside": [x.image_id for x in xrays if any(map(_leaves, x.polygons))],
        "fractured_without_polygon": [x.image_id for x in xrays if x.fractured and not x.polygons],
        "whole_with_polygon": [x.image_id for x in xrays if x.polygons and not x.fractured],
    }


def _leaves(polygon: np.ndarray) -> bool:
    return bool(polygon.min() < -OUTSIDE or polygon.max() > 1 + OUTSIDE)
