"""Writes the README's figures from the evaluations, nothing by hand."""

import argparse
from pathlib import Path

from important_variables import ROOT, SAVED_MODELS
from training.documents.main_figures import headline_table
from training.documents.writing import Documents, add_check, write_or_check

README = ROOT / "README.md"
COMMAND = "fracturelens readme"
BEGIN = f"<!-- figures: written by `{COMMAND}` -->"
END = "<!-- end of figures -->"
NOT_YET = f"No network has been evaluated yet; `{COMMAND}` fills this in."


class ReadmeError(RuntimeError):
    """There is no README, or it lacks the marks between which the figures go."""


TOLD_ERRORS = (ReadmeError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens readme`."""
    add_check(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the README; with --check, exit code 1 where it is out of date."""
    return write_or_check(documents(SAVED_MODELS), arguments.check, COMMAND)


def documents(folder: Path) -> Documents:
    """The README with the figures of the networks in `folder`.

    Raises:
        ReadmeError: there is no README, or it lacks the marks.
    """
    if not README.is_file():
        raise ReadmeError(f"{README} is missing: run `{COMMAND}` in a clone.")
    return {README: with_figures(README.read_text(encoding="utf-8"), folder)}


def with_figures(text: str, folder: Path) -> str:
    """The text with the headline figures of `folder`'s networks between the two marks.

    Raises:
        ReadmeError: a mark is missing, or stands there twice.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ReadmeError(f"README.md needs one line {BEGIN!r} and one line {END!r}.")
    before, rest = text.split(BEGIN)
    figures = headline_table(folder) or NOT_YET
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{rest.split(END)[1]}"
