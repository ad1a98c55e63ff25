"""Writes generated documents, or says which of them are out of date."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

Documents = Mapping[Path, str]
"""The text that each document should hold."""


def add_check(parser: argparse.ArgumentParser) -> None:
    """Declares `--check` of a command that writes documents."""
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")


def write_or_check(documents: Documents, check: bool, command: str) -> int:
    """Writes documents; with `check`, only compares them.

    Args:
        documents: what they should hold.
        check: write nothing.
        command: that writes them, for the reader.

    Returns:
        Exit code: 1 where `check` found one out of date.
    """
    if check:
        stale = out_of_date(documents)
        for path in stale:
            sys.stdout.write(f"{path.name} is out of date: run `{command}`\n")
        return int(bool(stale))
    for path, text in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def out_of_date(documents: Documents) -> list[Path]:
    """The documents that are missing or hold something else."""
    return [
        path
        for path, text in documents.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
