"""What was measured beyond FracAtlas as Markdown, for docs/results.md."""

from collections.abc import Iterator
from pathlib import Path

from fracturelens.measured.beyond import BEFORE, NOW, read_beyond
from fracturelens.measured.beyond_tables import (
    ABOUT,
    CALIBRATED,
    LEGS,
    SCREENING,
    TITLE,
    both_words,
    calibrated_rows,
    legs_rows,
    screening_rows,
    sources_words,
)
from fracturelens.measured.words import PRECISIONS
from training.documents.evaluation_section import rows_table


def beyond_section(folder: Path) -> str:
    """The section; "" where nothing was measured. `folder` is that of the networks."""
    parts = [part for precision in PRECISIONS for part in _precision(precision, folder)]
    return "\n\n".join([f"## {TITLE}", ABOUT, *parts]) if parts else ""


def _precision(precision: str, folder: Path) -> Iterator[str]:
    now, before = (read_beyond(version, precision, folder) for version in (NOW, BEFORE))
    if now is None:
        return
    name = PRECISIONS[precision]
    yield f"### Screening, {name}"
    yield SCREENING
    yield "\n".join(rows_table(screening_rows(now, before)))
    yield f"### Gate on the legs of one hospital, {name}"
    yield LEGS
    yield "\n".join(rows_table(legs_rows(now, before)))
    yield f"### The same, calibrated on half of them, {name}"
    yield CALIBRATED.format(count=now.legs.halves.count)
    yield "\n".join(rows_table(calibrated_rows(now, before)))
    yield both_words(now)
    yield sources_words(now, before, folder)
