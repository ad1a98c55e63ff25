"""Names: of X-rays, as records and terminals can hold them, and of the pictures made of them."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from fracturelens.export.names import download_name

LONGEST_STEM = 120
"""Bytes; with a network, a kind and a number, a name stays below the 255 of most file systems."""


class PictureNames:
    """Hands out file names that are told apart, even where capitals count as small letters."""

    def __init__(self, taken: Iterable[str] = ()):
        """Begins with the names that stand in the folder already."""
        self._taken = set(map(folded, taken))
        self._numbers: defaultdict[str, int] = defaultdict(lambda: 1)

    def names_for(self, xray: str, kinds: Sequence[str]) -> dict[str, str]:
        """The names of all pictures that are made of one X-ray, taken from now on.

        Args:
            xray: its name.
            kinds: what is made of it, such as "unet_mask.png".

        Returns:
            Such as {"unet_mask.png": "hand_unet_mask.png"}, by kind; where one is taken, all have
            the first free number from 2 on behind the X-ray's name.
        """
        stem = _short(download_name(xray, ""))
        key = folded(stem)
        while True:
            number = self._numbers[key]
            start = stem if number == 1 else f"{stem}-{number}"
            names = {kind: f"{start}_{kind}" for kind in kinds}
            if self._taken.isdisjoint(map(folded, names.values())):
                self._taken.update(map(folded, names.values()))
                return names
            self._numbers[key] += 1


def readable(name: str) -> str:
    r"""The name as valid text: a byte that is not UTF-8 is written as \xff."""
    try:
        written = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a sign: Windows has such names
        written = name.encode("utf-8", "surrogatepass")
    return written.decode("utf-8", "backslashreplace")


def printable(name: str) -> str:
    """The name on one line, without signs that would steer a terminal."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in readable(name)
    )


def folded(name: str) -> str:
    """The same text for all names that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _short(stem: str) -> str:
    """The stem cut to `LONGEST_STEM` bytes, no sign cut in half."""
    return stem.encode()[:LONGEST_STEM].decode(errors="ignore")
