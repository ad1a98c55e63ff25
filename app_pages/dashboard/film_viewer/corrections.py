"""What a person corrects: taken over from the browser, kept for the session, written as COCO."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import streamlit as st

from app_pages.dashboard.film_viewer.panes import places_in
from app_pages.dashboard.uploads import XrayFile
from fracturelens.export.coco import (
    LONGEST,
    MISSED,
    CorrectedFilm,
    Correction,
    CorrectionError,
    corrections_json,
    mark_correction,
    missed_correction,
)
from fracturelens.results import Box, FracturePrediction
from fracturelens.xray.radiograph import Radiograph

KEPT = "corrected_films"
"""Session key: corrected films by the digest of the file."""


def keep_corrections(
    file: XrayFile,
    sent: Mapping[str, Any] | None,
    radiograph: Radiograph,
    found: FracturePrediction,
) -> None:
    """Takes over what the browser sent last, where it is of this film.

    A judgement belongs to a place by its box: thresholds may have given the place another number,
    or removed it, since.

    Args:
        file: of the film.
        sent: "film" (its digest) and "items", or None where nothing was corrected yet.
        radiograph: the film.
        found: its marks.
    """
    if not sent or sent.get("film") != file.digest:
        return
    films = st.session_state.setdefault(KEPT, {})
    before = films[file.digest].corrections if file.digest in films else ()
    known = {one.box: one for one in before if one.status != MISSED}
    kept = [
        correction
        for item in list(sent.get("items", ()))[:LONGEST]
        if (correction := _correction(item, radiograph, found, known))
    ]
    films.pop(file.digest, None)
    if kept:
        digest = sha256(file.picture.data).hexdigest()
        size = radiograph.width, radiograph.height
        films[file.digest] = CorrectedFilm(file.name, digest, *size, tuple(kept))


def corrections_of(digest: str) -> list[dict]:
    """What was kept of a film, as the browser sends it."""
    film = st.session_state.get(KEPT, {}).get(digest)
    return [_item(correction) for correction in film.corrections] if film else []


def saved_json() -> bytes:
    """COCO JSON of all corrected films; b"" without any."""
    films = st.session_state.get(KEPT)
    return corrections_json(films.values()) if films else b""


def _correction(
    item: Mapping[str, Any],
    radiograph: Radiograph,
    found: FracturePrediction,
    known: Mapping[Box, Correction],
) -> Correction | None:
    """The correction that the browser means; None where it means none."""
    try:
        box = tuple(int(number) for number in item["box"])
        if item["status"] == MISSED:
            size = radiograph.height, radiograph.width
            return missed_correction(box, item.get("outline") or (), *size)
        number = next((place.number for place in places_in(found) if place.box == box), None)
        if number is not None:
            return mark_correction(item["status"], number, found)
    except (CorrectionError, KeyError, TypeError, ValueError):
        return None  # our own script never sends this; whoever does gets nothing saved
    before = known.get(box)
    return before and replace(before, status=item["status"])


def _item(correction: Correction) -> dict:
    drawn = correction.status == MISSED and correction.outlines
    return {
        "status": correction.status,
        "box": correction.box,
        "outline": correction.outlines[0] if drawn else None,
    }
