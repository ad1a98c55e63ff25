"""Why a file is no X-ray that we can read, and what broken files make their decoders raise."""

import struct
import zlib

import cv2

EXPORT_AGAIN = "export or download it again."
SAVE_AS = "save the X-ray as PNG, JPEG, TIFF or DICOM."

# What the parsers and codecs raise on damaged files (found by fuzzing); Warning, because a program
# may have turned warnings into errors.
DAMAGE = (
    OSError, SyntaxError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
    RuntimeError, EOFError, AssertionError, BufferError, MemoryError, Warning,
    struct.error, zlib.error, cv2.error,
)  # fmt: skip


class UnreadableXrayError(ValueError):
    """The bytes are no X-ray that we can read; the text says why and what to do.

    The text is one sentence that starts in lower case: callers put the file's name before it. It
    holds nothing that stands in the file but numbers and what `plain` leaves of a word.
    """


def damaged(kind: str) -> UnreadableXrayError:
    """The refusal of a file that its decoder gave up; `kind` is a noun such as "PNG"."""
    return UnreadableXrayError(f"the {kind} is damaged or incomplete; {EXPORT_AGAIN}")


def too_large_for_memory(kind: str) -> UnreadableXrayError:
    """The refusal of a file for which the memory does not suffice."""
    return UnreadableXrayError(f"the {kind} needs more memory than there is; export it smaller.")


def missing_package(what: str, package: str) -> UnreadableXrayError:
    """The refusal of a file whose decoder is not installed."""
    return UnreadableXrayError(
        f"reading {what} needs the package {package}; run `pip install {package}`, or {SAVE_AS}"
    )
