"""Subgroups that figures are reported for: body part, view, and hardware in the picture."""

from collections.abc import Iterator

import numpy as np

from training.data.dataset import Xray

BODY_PARTS = ("hand", "leg", "hip", "shoulder")
VIEWS = ("frontal", "lateral", "oblique")


def subgroups(xrays: list[Xray]) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yields the keys of what is grouped by and of the group, and its members as bool (N,).

    A picture of several body parts counts as "mixed" alone; one that shows several views counts
    in each. Empty groups are left out.
    """
    parts = np.array([body_part(xray) for xray in xrays])
    for part in (*BODY_PARTS, "mixed", "not_stated"):
        yield from _unless_empty("body_part", part, parts == part)
    for view in VIEWS:
        yield from _unless_empty("view", view, _having(xrays, view))
    hardware = _having(xrays, "hardware")
    yield from _unless_empty("hardware", "present", hardware)
    yield from _unless_empty("hardware", "absent", ~hardware)


def body_part(xray: Xray) -> str:
    """One of `BODY_PARTS`, "mixed" or "not_stated"."""
    if xray.attributes.get("mixed"):
        return "mixed"
    shown = [part for part in BODY_PARTS if xray.attributes.get(part)]
    return shown[0] if len(shown) == 1 else "mixed" if shown else "not_stated"


def _having(xrays: list[Xray], name: str) -> np.ndarray:
    return np.array([bool(xray.attributes.get(name)) for xray in xrays])


def _unless_empty(by: str, value: str, chosen: np.ndarray):
    if chosen.any():
        yield by, value, chosen
