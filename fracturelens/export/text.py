"""Text of strangers (file names, words of a header) made fit for print, and the print's font."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FONTS = {"regular": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
LONGEST = 90
"""Characters of a name in print."""


def printable(text: str, most: int = LONGEST) -> str:
    """One line of plain text: nothing that is invisible, turns the reading direction or is missing.

    Args:
        text: whatever somebody wrote.
        most: characters that are kept; of a longer text, start and end.
    """
    plain = unicodedata.normalize("NFC", text)
    line = " ".join("".join(sign if _shows(sign) else " " for sign in plain).split())
    drawn = "".join(sign if ord(sign) in known_signs() else "?" for sign in line)
    if len(drawn) <= most:
        return drawn
    end = most // 3
    return f"{drawn[: most - end - 1]}…{drawn[-end:]}"


def font_path(weight: str = "regular") -> Path:
    """The file of our font: DejaVu Sans, which comes with Matplotlib and knows many alphabets.

    Args:
        weight: "regular" or "bold".

    Raises:
        ModuleNotFoundError: Matplotlib is not installed.
    """
    found = find_spec("matplotlib")  # found, not imported: that takes half a second
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / FONTS[weight]


@cache
def known_signs() -> frozenset[int]:
    """Code points that our font can draw in both weights."""
    faces = (font.face.charToGlyph for font in pdf_fonts().values())
    return frozenset.intersection(*map(frozenset, faces))


@cache
def pdf_fonts() -> Mapping[str, Any]:
    """Our font for PDF files, by weight, read once: reportlab's `TTFont`, already registered."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = {weight: TTFont(f"DejaVu-{weight}", str(font_path(weight))) for weight in FONTS}
    for font in fonts.values():
        registerFont(font)
    return fonts


def _shows(sign: str) -> bool:
    """False for control characters, marks of direction, halves of pairs and what is undefined."""
    return not unicodedata.category(sign).startswith("C")
