"""All the X-rays that a file holds: frames, pages, the pictures of a ZIP, the file in a gzip."""

import hashlib
import time
from dataclasses import dataclass

from fracturelens.xray.content import kind_of, no_picture_words
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import (
    decode_frame,
    members_of_zip,
    no_xray_in_zip,
    number_of_pictures,
    unwrap,
)
from important_variables import UploadLimits

MOST_FRAMES = 100
"""Of one file; the rest are left out."""
PATIENCE = 1.0
"""Seconds of looking into the files of a ZIP; of those after, only the first frame is taken."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One X-ray of a file, not decoded yet.

    Attributes:
        name: for people, such as "study.zip: hand/1.dcm, frame 2"; plain text.
        data: the file that `decode_frame` takes; b"" where there is an error.
        frame: which of its frames or pages, from 0.
        error: why it could not be taken out of what holds it; "" where it could.
        skipped: it holds no picture by its nature (an index, a report); `error` says what it is.
    """

    name: str
    data: bytes = b""
    frame: int = 0
    error: str = ""
    skipped: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hexadecimal; "" where there is an error."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""

    def decode(self, limits: UploadLimits = UploadLimits()) -> Radiograph:
        """The radiograph.

        Raises:
            UnreadableXrayError: it could not be taken out, or cannot be read.
        """
        if self.error:
            raise UnreadableXrayError(self.error)
        return decode_frame(self.data, self.frame, limits)


def read_pictures(
    data: bytes, name: str = "", limits: UploadLimits = UploadLimits()
) -> list[Picture]:
    """All the X-rays that a file holds, each to be decoded by itself.

    Args:
        data: the whole file.
        name: of the file, for the names of the pictures.
        limits: of the file and each picture.

    Returns:
        At least one; a file that holds nothing readable gives one with an error. Never raises.
    """
    try:
        data = unwrap(data, limits)
        if kind_of(data) == "zip":
            return _of_zip(data, name, limits)
        return _of_file(data, name, limits)
    except UnreadableXrayError as error:
        return [Picture(name, error=str(error), skipped=bool(no_picture_words(data)))]


def _of_file(data: bytes, name: str, limits: UploadLimits) -> list[Picture]:
    """The pictures of a file that is no archive."""
    if words := no_picture_words(data):
        error = f"the file is {words}, not an image; upload the X-ray itself."
        return [Picture(name, error=error, skipped=True)]
    try:
        number = min(number_of_pictures(data, limits), MOST_FRAMES)
    except UnreadableXrayError as error:
        return [Picture(name, error=str(error))]
    if number == 1:
        return [Picture(name, data)]
    return [Picture(f"{name}, picture {n + 1} of {number}", data, n) for n in range(number)]


def _of_zip(data: bytes, name: str, limits: UploadLimits) -> list[Picture]:
    """The pictures of a ZIP; programs and texts that lie beside them go unsaid."""
    found = []
    prefix = f"{name}: " if name else ""
    started = time.monotonic()
    for member in members_of_zip(data, limits):
        label = prefix + member.name
        if member.error:
            found.append(Picture(label, error=member.error))
        elif time.monotonic() - started > PATIENCE:
            found.append(Picture(label, member.data))
        else:
            found += _of_file(member.data, label, limits)
    if not found:
        raise no_xray_in_zip()
    return found
