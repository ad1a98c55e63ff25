"""How OpenVINO answers beside LiteRT, read from runtimes.json, as rows and sentences."""

from pathlib import Path

from fracturelens.measured.tables import Row
from fracturelens.measured.words import SPLITS, title_or_name
from fracturelens.networks.card import FILES, CardError, read_card
from fracturelens.networks.runtime_parity import Parity, RuntimeParity


def runtime_rows(measured: RuntimeParity, folder: Path) -> list[Row]:
    """One row for each network.

    Args:
        measured: of `compare-runtimes`.
        folder: of the networks, whose files may be others by now.
    """
    return [
        {
            "Network": title_or_name(name),
            "X-rays answered otherwise": f"{parity.answers_that_differ:,}",
            "X-rays with any other number": f"{parity.films_that_differ:,}",
            "Largest difference": f"{parity.largest_difference:.4f}",
            "Findings": _count(parity.findings),
            "Painted pixels": _count(parity.pixels),
            "Pixels that differ": _count(parity.pixels_that_differ),
            "May be taken": _allowed(name, parity, folder),
        }
        for name, parity in measured.networks.items()
    ]


def runtime_words(measured: RuntimeParity) -> str:
    """What was compared with what, where, and on what."""
    versions = " and ".join(f"{package} {number}" for package, number in measured.versions.items())
    return (
        f"Measured on {measured.films:,} {SPLITS[measured.split]} X-rays with {versions} on "
        f"{measured.processor}; {measured.date}."
    )


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _allowed(name: str, parity: Parity, folder: Path) -> str:
    """Whether `--runtime auto` may take OpenVINO for the network's file."""
    try:
        shipped = read_card(name, folder).files.get(FILES["int8"])
    except CardError:
        shipped = None
    if shipped != parity.sha256:
        return "another file was compared"
    return "yes" if parity.is_same else "no"
