"""What decides an answer, gathered from cards and library for the phone: engine.json."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from fracturelens.measured.shares import Shares, region_shares
from fracturelens.measured.words import VERDICTS
from fracturelens.networks.card import FILES, ModelCard, read_card
from fracturelens.screening import check, dicom_header, screen, words
from fracturelens.screening.network import KNOWN, NEGATIVE, SCREENING
from fracturelens.xray import cautions, contrast, limits
from important_variables import (
    ATTRIBUTION,
    DISCLAIMER,
    FRACTURE_CHANNEL,
    GATE,
    NETWORKS,
    OVERLAP_LIMIT,
    SEVERAL_MARK,
    VERSION,
    UploadLimits,
)
from prediction import thresholds_of

PRECISION = "int8"
"""Of the files that the phone runs."""
CONTRAST_LIMITS = (
    "TAIL", "EMPTY", "MARKER", "CLOSE", "FILLED", "FILLED_WINDOW", "FILLED_8_BIT", "FLATTEST_8_BIT",
    "SAMPLE",
)  # fmt: skip
CHECK_LIMITS = (
    "COLOR_LIMIT", "BLANK_LIMIT", "NOISE_LIMIT", "FEWEST_LEVELS", "STRAIGHT", "STEP", "APART",
    "MOST_LINES",
)  # fmt: skip


def engine_facts(folder: Path, names: Mapping[str, str]) -> dict[str, Any]:
    """All that the phone needs besides the networks' files, ready for JSON.

    Args:
        folder: where the networks lie.
        names: of each network's file in the exported folder, by network.

    Raises:
        CardError: a card is missing or cannot be read.
    """
    cards = {name: read_card(name, folder) for name in (SCREENING, *NETWORKS)}
    judged = {name: cards[name] for name in NETWORKS}
    thresholds = thresholds_of(judged, PRECISION)
    shares = region_shares(thresholds, PRECISION, folder)
    return {
        "library_version": VERSION,
        "precision": PRECISION,
        "disclaimer": DISCLAIMER,
        "attribution": ATTRIBUTION,
        "limits": asdict(UploadLimits()) | {"min_side": limits.MIN_SIDE},
        "networks": [_network(card, names[name]) for name, card in cards.items()],
        "thresholds": asdict(thresholds),
        "several_mark": SEVERAL_MARK,
        "overlap_limit": OVERLAP_LIMIT,
        "fracture_channel": FRACTURE_CHANNEL,
        "contrast": {name.lower(): getattr(contrast, name) for name in CONTRAST_LIMITS},
        "screening": _screening(),
        "cautions": cautions.WORDS,
        "verdicts": VERDICTS,
        "shares": {str(verdict): _measured(found) for verdict, found in shares.items()},
    }


def _network(card: ModelCard, file: str) -> dict[str, Any]:
    spec = NETWORKS.get(card.name)
    return {
        "name": card.name,
        "title": spec.title if spec else card.title,
        "role": spec.role if spec else SCREENING,
        "mark": spec.mark if spec else NETWORKS[GATE].mark,
        "inference": msgspec.to_builtins(card.inference),
        "file": file,
        "sha256": card.files[FILES[PRECISION]],
    }


def _screening() -> dict[str, Any]:
    """Limits, classes and words of the screening."""
    return {name.lower(): getattr(check, name) for name in CHECK_LIMITS} | {
        "known": KNOWN,
        "negative": NEGATIVE,
        "stands_out": screen.STANDS_OUT,
        "seen": words.SEEN,
        "unlike": words.UNLIKE,
        "remedy": words.REMEDY,
        "remedies": words.REMEDIES,
        "modalities": dicom_header.NO_RADIOGRAPHS,
        "other_parts": dicom_header.OTHER_PARTS,
        "limb_words": sorted(dicom_header.LIMB_WORDS),
    }


def _measured(shares: Shares) -> list[dict[str, Any]]:
    return [{"networks": sorted(names), **asdict(share)} for names, share in shares.items()]
