"""Whether a network answers the same in OpenVINO as in LiteRT: measured, written, read."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from important_variables import SAVED_MODELS

PARITY_FILE = "runtimes.json"
"""In the folder of the networks; `fracturelens compare-runtimes` writes it."""


@dataclass(frozen=True)
class Parity:
    """How the INT8 file of one network answers in both runtimes on the films of a split.

    An answer is a gate's verdict, what screening makes of a film, or the findings of a segmenter:
    two answers differ where their findings differ in number, or where one overlaps none of the
    other's by `SAME_PLACE`. Pixels along the outlines may differ, and are counted.

    Attributes:
        sha256: of the file.
        answers_that_differ: films with another answer.
        films_that_differ: films with an output that differs at all.
        largest_difference: between two outputs, in their own unit.
        largest_mean_difference: mean over the outputs of one film, the largest of all films.
        findings: that LiteRT paints; None where the network paints none.
        pixels: that either paints, likewise.
        pixels_that_differ: that only one of them paints, likewise.
        smallest_overlap: IoU of the same finding in both, the smallest; None where there is none.
    """

    sha256: str
    answers_that_differ: int
    films_that_differ: int
    largest_difference: float
    largest_mean_difference: float
    findings: int | None = None
    pixels: int | None = None
    pixels_that_differ: int | None = None
    smallest_overlap: float | None = None

    @property
    def is_same(self) -> bool:
        """Whether every film gets the same answer."""
        return self.answers_that_differ == 0


@dataclass(frozen=True)
class RuntimeParity:
    """What `compare-runtimes` measured.

    Attributes:
        date: of the measurement, ISO 8601.
        processor: it was measured on.
        versions: of the packages, by name.
        split: of FracAtlas.
        films: of the split.
        networks: by name, screening among them.
    """

    date: str
    processor: str
    versions: dict[str, str]
    split: str
    films: int
    networks: dict[str, Parity]

    def of(self, digest: str) -> Parity | None:
        """What was measured of a file by its SHA-256; None where it was not among them."""
        return next((one for one in self.networks.values() if one.sha256 == digest), None)


def read_runtime_parity(folder: Path = SAVED_MODELS) -> RuntimeParity | None:
    """What was measured of the networks of a folder; None where nothing was, or the file is bad."""
    try:
        return msgspec.json.decode((Path(folder) / PARITY_FILE).read_bytes(), type=RuntimeParity)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write_runtime_parity(measured: RuntimeParity, folder: Path) -> Path:
    """Writes the file whole or not at all; returns its path."""
    path = Path(folder) / PARITY_FILE
    draft = path.with_suffix(".tmp")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=2) + b"\n")
    return draft.replace(path)
