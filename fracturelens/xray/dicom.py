"""DICOM radiographs to gray values: modality and window transforms, MONOCHROME1 inverted."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np

from fracturelens.xray.radiograph import DicomSource

# PS3.5 A.5: such a data set is deflated whole and could unpack to gigabytes before any check.
DEFLATED = b"1.2.840.10008.1.2.1.99"
EXPORT = "export the X-ray as PNG."
# What pydicom and its pixel decoders raise on damaged files.
DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
)


class DicomError(ValueError):
    """A DICOM file that we cannot show; the text is a sentence that starts in lower case."""


def is_dicom(data: bytes) -> bool:
    """Whether a file is a DICOM file, by its first bytes (PS3.10 7.1)."""
    return data[128:132] == b"DICM"


def decode_dicom(
    data: bytes, check_size: Callable[[int, int], None]
) -> tuple[np.ndarray, DicomSource]:
    """Read a DICOM file of one gray frame as its own window shows it.

    Args:
        data: The whole file, `DICM` at byte 128.
        check_size: Called with width and height in pixels before they are decoded; raises to
            refuse them.

    Returns:
        float64 (H, W) in [0, 1], bright bone on dark ground; and what the header says.

    Raises:
        DicomError: pydicom is missing, or the file is damaged, deflated, in colour or of
            several frames.
    """
    try:
        import pydicom  # optional, and takes 0.3 s
    except ImportError as error:
        raise DicomError(
            f"reading DICOM needs the package pydicom; run `pip install pydicom`, or {EXPORT}"
        ) from error
    if DEFLATED in data[:2048]:
        raise DicomError(f"the DICOM file is deflated, which is not accepted; {EXPORT}")
    damage = (*DAMAGE, pydicom.errors.InvalidDicomError, pydicom.errors.BytesLengthException)
    try:
        dataset = pydicom.dcmread(BytesIO(data))
        width, height = int(dataset.Columns), int(dataset.Rows)
        frames = int(dataset.get("NumberOfFrames") or 1)
        colours = str(dataset.get("PhotometricInterpretation", "of no stated colour"))
    except damage as error:
        raise _unreadable(error) from error
    check_size(width, height)
    _check_single_gray(frames, colours)
    try:
        return _windowed(dataset), _source(dataset)
    except damage as error:
        raise _unreadable(error) from error


def _check_single_gray(frames: int, colours: str) -> None:
    if frames != 1:
        raise DicomError(f"the DICOM file holds {frames} frames and one is expected; {EXPORT}")
    if colours not in ("MONOCHROME1", "MONOCHROME2"):
        raise DicomError(
            f"the DICOM picture is {colours} and MONOCHROME1 or MONOCHROME2 is expected; {EXPORT}"
        )


def _windowed(dataset: Any) -> np.ndarray:
    """PS3.3 C.11.1 (modality), C.11.2 (window) and C.7.6.3.1.2 (MONOCHROME1) in [0, 1]."""
    from pydicom.pixels import apply_modality_lut, apply_voi_lut

    stored = apply_modality_lut(dataset.pixel_array, dataset)
    shown = apply_voi_lut(stored, dataset, index=0).astype(np.float64)
    shown -= shown.min()
    shown /= shown.max() or 1.0
    return 1.0 - shown if dataset.PhotometricInterpretation == "MONOCHROME1" else shown


def _unreadable(error: Exception) -> DicomError:
    detail = " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__
    return DicomError(f"the DICOM file is damaged or of an unknown kind ({detail}); {EXPORT}")


def _source(dataset: Any) -> DicomSource:
    return DicomSource(_stored_text(dataset, "Modality"), _stored_text(dataset, "BodyPartExamined"))


def _stored_text(dataset: Any, tag: str) -> str:
    """A text as it is stored: pydicom's own conversion warns of lower case and the like."""
    element = dataset.get_item(tag)
    stored = b"" if element is None else element.value or b""
    text = stored.decode("latin-1") if isinstance(stored, bytes) else str(stored)
    return text.strip(" \0").upper()
