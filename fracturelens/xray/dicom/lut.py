"""The arithmetic of PS3.3 C.11: from stored values to modality values to what a window shows.

All of it works on a table of the values that a pixel may hold, not on the pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fracturelens.xray.contrast import picture_range
from fracturelens.xray.dicom.header import Header
from fracturelens.xray.dicom.layout import Layout

LEAST_SHOWN = 0.05
"""Share of the screen's grays that a picture must span in a window that is of any use."""
LEAST_INSIDE = 0.001
"""Share of the pixels that must be neither black nor white in it."""


@dataclass(frozen=True, eq=False)
class Values:
    """Modality values.

    Attributes:
        values: float64 (K,), one for each code that a pixel may hold.
        scale: least and greatest value that could be stored.
        step: distance of neighboring values.
    """

    values: np.ndarray
    scale: tuple[float, float]
    step: float = 1.0


@dataclass(frozen=True, eq=False)
class Table:
    """A look-up table (PS3.3 C.11.1.1, C.11.2.1.1).

    Attributes:
        first: value that the first entry is for.
        entries: uint16 (N,).
        bits: of an entry, as declared.
    """

    first: int
    entries: np.ndarray
    bits: int

    @property
    def white(self) -> int:
        """The entry that is white: the greatest of the declared bits.

        Many files declare 16 bits and use 12, or 12 and use 16: then the bits in use count.
        """
        used = int(self.entries.max()).bit_length()
        return 2 ** max(used, self.bits if self.bits < 16 else 8) - 1

    def look_up(self, values: np.ndarray) -> np.ndarray:
        """The entry for each value, float64; the outermost ones for values beyond."""
        places = np.clip(np.rint(values) - self.first, 0, len(self.entries) - 1)
        return self.entries[places.astype(np.intp)].astype(np.float64)


def stored_values(layout: Layout) -> Values:
    """What each word of `layout.allocated` bits stands for (PS3.5 8.1.1).

    Bits beyond those stored may hold overlays and are cut off.
    """
    values = np.arange(2**layout.allocated, dtype=np.int64) & (2**layout.stored - 1)
    half = 2 ** (layout.stored - 1)
    if layout.signed:
        values = (values ^ half) - half
        return Values(values.astype(np.float64), (-half, half - 1))
    return Values(values.astype(np.float64), (0, 2 * half - 1))


def modality_values(header: Header, stored: Values, signed: bool) -> Values:
    """Modality LUT, else rescale slope (with its sign) and intercept (PS3.3 C.11.1)."""
    for table in _tables(header, "ModalityLUTSequence", signed):
        return Values(table.look_up(stored.values), (0, table.white))
    slope = next(iter(header.decimals("RescaleSlope")), 1.0) or 1.0
    intercept = next(iter(header.decimals("RescaleIntercept")), 0.0)
    ends = sorted(end * slope + intercept for end in stored.scale)
    with np.errstate(over="ignore"):
        values = stored.values * slope + intercept
    if not np.isfinite(values).all():
        return stored
    return Values(values, (ends[0], ends[1]), stored.step * abs(slope))


@dataclass(frozen=True, eq=False)
class View:
    """What a VOI LUT or window shows, as shares of white, float64 (K,).

    Attributes:
        shown: as the file asks.
        straight: the same of a window without curve, for the networks: a SIGMOID window of a
            whole picture shows three quarters of the contrast that they know.
    """

    shown: np.ndarray
    straight: np.ndarray


def windowed(header: Header, values: np.ndarray, counts: np.ndarray) -> tuple[View | None, str]:
    """What the file's own VOI LUT or window shows (PS3.3 C.11.2).

    Args:
        header: of the picture.
        values: float64 (K,), modality values.
        counts: int64 (K,), pixels that hold each.

    Returns:
        The first table or window that shows anything; else None, and "no_window" or
        "window_off_data".
    """
    view = None
    with np.errstate(over="ignore"):  # centers and widths are any finite numbers
        for view in _views(header, values):
            inside = counts[(view.shown > 0.001) & (view.shown < 0.999)].sum()
            low, high = picture_range(view.shown, counts)
            if high - low >= LEAST_SHOWN and inside >= LEAST_INSIDE * counts.sum():
                return view, ""
    return None, "no_window" if view is None else "window_off_data"


def _views(header: Header, values: np.ndarray) -> Iterator[View]:
    """The first VOI LUT, then each window."""
    for table in _tables(header, "VOILUTSequence", bool(values.min() < 0)):
        shown = np.clip(table.look_up(values) / table.white, 0, 1)
        yield View(shown, shown)
        break
    function = header.text("VOILUTFunction")
    pairs = zip(header.decimals("WindowCenter"), header.decimals("WindowWidth"), strict=False)
    for center, width in pairs:
        if width > 0:
            shown = window(values, center, width, function)
            curved = function == "SIGMOID"
            yield View(shown, window(values, center, width, "") if curved else shown)


def window(values: np.ndarray, center: float, width: float, function: str) -> np.ndarray:
    """Shares of white in [0, 1] that a window gives to values.

    Args:
        values: float64 (K,).
        center: of the window.
        width: above 0.
        function: VOILUTFunction: "LINEAR_EXACT" (PS3.3 C.11.2.1.3.2), "SIGMOID" (C.11.2.1.3.1),
            else LINEAR (C.11.2.1.2.1), which needs a width of 1 or more.
    """
    if function == "SIGMOID":
        return 1 / (1 + np.exp(np.clip(-4 * (values - center) / width, -500, 500)))
    if function == "LINEAR_EXACT" or width < 1:
        return np.clip((values - center) / width + 0.5, 0, 1)
    if width == 1:
        return (values > center - 0.5).astype(np.float64)
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1)


def _tables(header: Header, sequence: str, signed: bool) -> Iterator[Table]:
    """The look-up tables of a sequence; items without one are passed over."""
    for item in header.items(sequence):
        descriptor, data = item.raw("LUTDescriptor"), item.raw("LUTData")
        if len(descriptor) != 6 or not data:
            continue
        number, first, bits = (int(n) for n in np.frombuffer(descriptor, item.order + "u2"))
        number = number or 65536
        if signed and first >= 32768:
            first -= 65536
        entries = _entries(data, number, item.order)
        if len(entries) == number and bits:
            yield Table(first, entries, min(bits, 16))


def _entries(data: bytes, number: int, order: str) -> np.ndarray:
    """Entries in words of 16 bits or, where there are not enough, in bytes (packed in two)."""
    if len(data) >= 2 * number:
        return np.frombuffer(data, f"{order}u2", number).astype(np.uint16)
    return np.frombuffer(data, np.uint8)[:number].astype(np.uint16)
