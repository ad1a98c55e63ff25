"""Reads a file that a person named, whatever lies under that name, and says why it cannot."""

import errno
import stat
from glob import has_magic
from pathlib import Path

from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.limits import check_byte_count
from important_variables import UploadLimits

KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
REMEDIES = {
    errno.EACCES: "check its access rights.",
    errno.EPERM: "check its access rights.",
    errno.ENAMETOOLONG: "give it a shorter name.",
    errno.ELOOP: "the links lead round in a circle; name the file itself.",
}
"""By the system's number of the fault; all others: `REMEDY`."""
MISSING = "there is no such file"
SPELLING = "check its spelling and the folder."
REMEDY = "check the disk or the network drive that holds it."


def read_file(path: Path | str, limits: UploadLimits = UploadLimits()) -> bytes:
    """The bytes of a file, of which no more are read than an X-ray may have.

    A pipe would block, a device may never end, and a sparse file costs no disk but all memory: so
    the kind and the size are looked at first.

    Raises:
        UnreadableXrayError: it is missing, no file, too large or cannot be opened.
    """
    path = Path(path)
    try:
        status = path.stat()
        _check_kind(status.st_mode)
        check_byte_count(status.st_size, limits)
        with path.open("rb") as file:
            return file.read(limits.max_bytes + 1)
    except FileNotFoundError:
        words = "no file matches this pattern" if has_magic(str(path)) else MISSING
        raise UnreadableXrayError(f"{words}; {SPELLING}") from None
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, REMEDY)
        raise UnreadableXrayError(
            f"the file cannot be opened ({error.strerror}); {remedy}"
        ) from error
    except MemoryError as error:
        raise UnreadableXrayError("the file needs more memory than there is.") from error


def _check_kind(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableXrayError("the folder cannot be searched; check its access rights.")
    if not stat.S_ISREG(mode):
        kind = KINDS.get(stat.S_IFMT(mode), "something else")
        raise UnreadableXrayError(f"this is {kind}, not a file; save the X-ray as a file first.")
