"""What is judged before anything is decoded: bytes, pixels and the parts that a file has."""

from io import BytesIO

from fracturelens.xray.errors import UnreadableXrayError
from important_variables import UploadLimits

MIN_SIDE = 16
"""Pixels; nothing smaller is an X-ray."""
MEGABYTE = 1024 * 1024
MOST_READS = 100_000
"""How often a parser may ask for bytes. Files of 50 MB ask up to 40,000 times; one that is cut
into millions of tiny parts would keep a parser busy for minutes."""


class TooManyPartsError(ValueError):
    """A file is cut into more parts than any picture has."""


class CountedReader(BytesIO):
    """The bytes of a file; raises `TooManyPartsError` when a parser asks too often for some."""

    def __init__(self, data: bytes):
        super().__init__(data)
        self._left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """As of `BytesIO`, counted."""
        self._left -= 1
        if self._left < 0:
            raise TooManyPartsError(f"more than {MOST_READS:,} parts")
        return super().read(size)


def check_bytes(data: bytes, limits: UploadLimits) -> None:
    """Refuse files that are empty or too large; as `check_byte_count`."""
    check_byte_count(len(data), limits)


def check_byte_count(number: int, limits: UploadLimits) -> None:
    """Refuse files that are empty or too large, before or after they are read.

    Raises:
        UnreadableXrayError: no bytes, or more than `limits.max_bytes`.
    """
    if not number:
        raise UnreadableXrayError("the file is empty (0 bytes); export the X-ray again.")
    if number > limits.max_bytes:
        raise UnreadableXrayError(
            f"the file has {number / MEGABYTE:,.1f} MB and at most "
            f"{limits.max_bytes / MEGABYTE:.1f} MB are accepted; export the X-ray smaller."
        )


def check_size(width: int, height: int, limits: UploadLimits) -> None:
    """Refuse pictures (pixels) that are too large or too small to be an X-ray.

    Raises:
        UnreadableXrayError: more than `limits.max_pixels`, or a side below `MIN_SIDE`.
    """
    if width * height > limits.max_pixels:
        raise UnreadableXrayError(
            f"the picture has {width:,} x {height:,} pixels and at most "
            f"{limits.max_pixels / 1e6:,.1f} megapixels are accepted; export it smaller."
        )
    if min(width, height) < MIN_SIDE:
        raise UnreadableXrayError(
            f"the picture has {width} x {height} pixels and at least {MIN_SIDE} x {MIN_SIDE} "
            "are needed; upload the X-ray in full size."
        )
