"""A file that grows by whole pieces: what cannot be written whole leaves nothing behind."""

from pathlib import Path


class GrowingFile:
    """Appends without a buffer, so that a stopped process loses nothing that was appended."""

    def __init__(self, path: Path):
        """Opens the file, or makes it."""
        self._file = path.open("ab", buffering=0)

    @property
    def size(self) -> int:
        """Bytes."""
        return self._file.tell()

    def append(self, data: bytes) -> None:
        """Writes all of it at the end.

        Raises:
            OSError: the disk takes no more; the file is as it was.
        """
        before, rest = self.size, memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        finally:
            if rest:
                self.cut(before)

    def cut(self, size: int) -> None:
        """Takes back what was appended since the file had `size` bytes."""
        self._file.truncate(size)
        self._file.seek(size)

    def close(self) -> None:
        """Ends the writing."""
        self._file.close()
