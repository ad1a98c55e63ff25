"""Typed, bounded access to the elements of a DICOM header, and what is kept of it.

Values are taken as they are stored: pydicom's own conversions warn of, or refuse, what hospitals
write (lower case, hyphens, commas), and a hostile text must not reach a page.
"""

import math
import re
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fracturelens.xray.radiograph import DicomSource, PixelSpacing

LONGEST_TEXT = 64
LONGEST_SEQUENCE = 1 << 20
"""Bytes of a sequence that is still parsed; a look-up table takes 131,072."""
MOST_ITEMS = 64
TEXTS_OF_NUMBERS = ("DS", "IS")
BINARY = {2: "H", 4: "I"}
BINARY_SIGNED = {2: "h", 4: "i"}
DAYS_A_YEAR = {"Y": 365.25, "M": 365.25 / 12, "W": 7.0, "D": 1.0}

_warnings_lock = threading.RLock()


class Header:
    """The elements of a data set, by pydicom's keywords."""

    def __init__(self, dataset: Any, order: str = ""):
        """Wraps pydicom's `Dataset`; `order` ("<" or ">") for the items of sequences."""
        implicit, little_endian = dataset.original_encoding
        self._dataset = dataset
        self.implicit = bool(implicit)
        self.order = order or (">" if little_endian is False else "<")

    def raw(self, keyword: str) -> bytes:
        """The value as it is stored; b"" where there is none."""
        element = self._dataset.get_item(keyword)
        value = None if element is None else element.value
        if isinstance(value, bytes):
            return value
        return b"" if value is None else str(value).encode("latin-1", "replace")

    def text(self, keyword: str) -> str:
        """A text in capitals: plain letters, digits, spaces, "_" and "-", at most 64 of them."""
        return plain(self.raw(keyword).decode("latin-1")).upper()

    def texts(self, keyword: str) -> tuple[str, ...]:
        """The values of a text that holds several."""
        parts = self.raw(keyword).decode("latin-1")[: 4 * LONGEST_TEXT].split("\\")
        return tuple(filter(None, (plain(part).upper() for part in parts)))

    def uid(self, keyword: str) -> str:
        """A unique identifier: digits and dots, at most 64 of them."""
        return re.sub(r"[^0-9.]", "", self.raw(keyword)[:LONGEST_TEXT].decode("latin-1"))

    def integer(self, keyword: str, default: int, *, signed: bool = False) -> int:
        """A whole number, stored in binary or as text; the default where there is none."""
        stored = self.raw(keyword)
        element = self._dataset.get_item(keyword)
        letters = BINARY_SIGNED if signed else BINARY
        if len(stored) in letters and element.VR not in TEXTS_OF_NUMBERS:
            return struct.unpack(self.order + letters[len(stored)], stored)[0]
        found = re.match(rb"\s*([+-]?\d{1,9})", stored)
        return int(found[1]) if found else default

    def count(self, keyword: str) -> int:
        """A number of things, stored as text: at least 1."""
        found = re.match(rb"\s*\+?(\d{1,9})", self.raw(keyword))
        return max(1, int(found[1])) if found else 1

    def decimals(self, keyword: str) -> tuple[float, ...]:
        """Finite decimal numbers, stored as text; those that are none are left out."""
        parts = self.raw(keyword)[:1024].decode("latin-1").split("\\")
        return tuple(number for part in parts if (number := _decimal(part)) is not None)

    def items(self, keyword: str) -> list["Header"]:
        """The items of a sequence; [] where there is none, or one of absurd length."""
        element = self._dataset.get_item(keyword)
        if element is None or _is_absurd(element.value):
            return []
        with parsing():
            items = self._dataset[keyword].value or ()
        return [Header(item, self.order) for item in items if hasattr(item, "get_item")]

    @property
    def dataset(self):
        """The data set as pydicom keeps it."""
        return self._dataset


@contextmanager
def parsing() -> Iterator[None]:
    """Makes pydicom quiet, and its own errors `ValueError`.

    What it warns of (odd lengths and texts) harms no pixel, and a program may have turned
    warnings into errors. The list of filters is one for all threads. It may be nested.
    """
    from pydicom.errors import BytesLengthException, InvalidDicomError

    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (BytesLengthException, InvalidDicomError) as error:
            raise ValueError(str(error)) from error


def _is_absurd(value: object) -> bool:
    """Whether a sequence that is not parsed yet is longer than any that is of use here."""
    if not isinstance(value, bytes):
        return False
    items = value.count(b"\xfe\xff\x00\xe0") + value.count(b"\xff\xfe\xe0\x00")
    return len(value) > LONGEST_SEQUENCE or items > MOST_ITEMS


def plain(text: str) -> str:
    """A text cut to what does no harm on a page or a terminal."""
    kept = re.sub(r"[^A-Za-z0-9 _-]", " ", text[: 4 * LONGEST_TEXT])
    return " ".join(kept.split())[:LONGEST_TEXT].rstrip()


def source_of(header: Header, class_uid: str) -> DicomSource:
    """What is kept of a header.

    Args:
        header: of the whole data set.
        class_uid: of the File Meta Information, for data sets that do not repeat it.
    """
    return DicomSource(
        modality=header.text("Modality"),
        body_part=header.text("BodyPartExamined"),
        study_uid=header.uid("StudyInstanceUID"),
        series_uid=header.uid("SeriesInstanceUID"),
        instance_uid=header.uid("SOPInstanceUID"),
        class_uid=header.uid("SOPClassUID") or class_uid,
        spacing=_spacing(header),
        laterality=(header.text("ImageLaterality") or header.text("Laterality"))[:1],
        orientation=header.texts("PatientOrientation")[:2],
        view_position=header.text("ViewPosition"),
        age_years=_age(header),
        intent=header.text("PresentationIntentType"),
        photometric=header.text("PhotometricInterpretation"),
        frames=header.count("NumberOfFrames"),
    )


def _spacing(header: Header) -> PixelSpacing | None:
    """PS3.3 10.7.1.3: PixelSpacing that differs from that of the detector is calibrated."""
    found = {
        name: header.decimals(name)[:2]
        for name in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
    }
    usable = {name: pair for name, pair in found.items() if len(pair) == 2 and min(pair) > 0}
    stated, detector = usable.get("PixelSpacing"), usable.get("ImagerPixelSpacing")
    if stated and stated != detector:
        kind = header.text("PixelSpacingCalibrationType").lower()
        return PixelSpacing(*stated, kind if kind in ("geometry", "fiducial") else "unstated")
    if detector:
        return PixelSpacing(*detector, "detector")
    scanned = usable.get("NominalScannedPixelSpacing")
    return PixelSpacing(*scanned, "scanner") if scanned else None


def _age(header: Header) -> float | None:
    """Years: an age such as 045Y or 006M (PS3.5 6.2, AS), else from the two dates."""
    stated = re.match(r"(\d{1,3})([YMWD])$", header.text("PatientAge"))
    if stated:
        return int(stated[1]) * DAYS_A_YEAR[stated[2]] / DAYS_A_YEAR["Y"]
    born, seen = (_years(header.text(name)) for name in ("PatientBirthDate", "StudyDate"))
    if born is None or seen is None or not 0 <= seen - born <= 130:
        return None
    return seen - born


def _years(date: str) -> float | None:
    """A date such as 20240131 in years of 12 equal months."""
    parts = re.match(r"(\d{4})(\d{2})(\d{2})$", date)
    return parts and int(parts[1]) + (int(parts[2]) - 1) / 12 + (int(parts[3]) - 1) / 365.25


def _decimal(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
