"""The worklist: all X-rays with their verdicts, the most suspicious study first, beside the viewer.

worklist.js draws it; a click, the arrow keys and its two buttons open an X-ray.
Keys: `worklist` (component).
"""

import base64
from pathlib import Path

import streamlit as st

from app_pages.components import component
from app_pages.dashboard.analysis import Examined
from app_pages.dashboard.films import open_film, opened_film, remove_film
from app_pages.dashboard.studies import Studies
from app_pages.dashboard.verdict import SIGNS, WARNINGS
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict
from fracturelens.studies import StudyKey

SCRIPT = Path(__file__).with_name("worklist.js")
KEY = "worklist"


def chosen_place(ranked: list[Examined]) -> int:
    """The place, among X-rays sorted by suspicion, of the one that is open."""
    numbers = [examined.file.number for examined in ranked]
    opened = opened_film()
    return numbers.index(opened) if opened in numbers else 0


def draw_worklist(found: list[tuple[Examined, Verdict]], place: int, studies: Studies) -> None:
    """Draws the X-rays with their verdicts, in the order given; the one at `place` is open.

    Above the first of several views of a study stands the verdict of the study.
    """
    component(SCRIPT)(
        key=KEY,
        data={
            "films": [_entry(examined, verdict) for examined, verdict in found],
            "studies": _headings([examined for examined, _ in found], studies),
            "open": found[place][0].file.number,
        },
        on_opened_change=_open,
        on_removed_change=_remove,
    )


def _entry(examined: Examined, verdict: Verdict) -> dict[str, object]:
    """What the worklist says of one X-ray; plain text, a caution only by its presence."""
    found = examined.examination
    doubted = found.refusal or any(one.key in WARNINGS for one in found.cautions)
    return {
        "number": examined.file.number,
        "name": examined.file.name,
        "sign": SIGNS[verdict],
        "verdict": VERDICTS[verdict],
        "probability": f"{found.scores.gate:.0%}",
        "caution": "Caution" if doubted else "",
        "picture": "data:image/jpeg;base64," + base64.b64encode(examined.thumbnail).decode(),
    }


def _headings(films: list[Examined], studies: Studies) -> list[dict[str, object]]:
    """What the worklist says of each study: the numbers of its X-rays, and its verdict."""
    members: dict[StudyKey, list[int]] = {}
    for examined in films:
        number = examined.file.number
        if number in studies:
            members.setdefault(studies[number].key, []).append(number)
    found = {key: studies[numbers[0]] for key, numbers in members.items()}
    return [
        {
            "films": numbers,
            "sign": SIGNS[found[key].verdict],
            "title": f"Study of {found[key].size}",
            "verdict": VERDICTS[found[key].verdict],
        }
        for key, numbers in members.items()
    ]


def _open() -> None:
    open_film(int(st.session_state[KEY].opened))


def _remove() -> None:
    remove_film(int(st.session_state[KEY].removed))
