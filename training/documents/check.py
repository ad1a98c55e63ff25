"""`docs-check`: do the documents fit the figures, and do their links lead somewhere?"""

import argparse
import json
import re
import sys
from pathlib import Path

from important_variables import BENCHMARK, ROOT, SAVED_MODELS
from training.documents import model_card, readme, scale_tables
from training.documents.benchmark_tables import with_tables
from training.documents.links import broken_links
from training.documents.writing import Documents, out_of_date

DEPENDENCIES = "docs/dependencies.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens docs-check`: none."""


def run(arguments: argparse.Namespace) -> int:
    """Prints what is wrong; exit code 1 where anything is."""
    problems = [
        *stale_documents(),
        *broken_links(ROOT),
        *unexplained_requirements(ROOT),
    ]
    sys.stdout.write("\n".join(problems or ["documents and links are in order"]) + "\n")
    return int(bool(problems))


def stale_documents() -> list[str]:
    """A line for each generated document that does not fit the figures, with its command."""
    return [
        f"{path.relative_to(ROOT)} is out of date: run `{command}`"
        for command, documents in (
            (model_card.COMMAND, model_card.documents(SAVED_MODELS)),
            (readme.COMMAND, readme.documents(SAVED_MODELS)),
            ("fracturelens benchmark --tables-only", _benchmark_tables()),
            (scale_tables.REWRITE, {scale_tables.DOCUMENT: scale_tables.with_tables()}),
        )
        for path in out_of_date(documents)
    ]


def unexplained_requirements(root: Path) -> list[str]:
    """A line for each package of requirements*.txt that docs/dependencies.md does not name."""
    explained = (root / DEPENDENCIES).read_text(encoding="utf-8")
    return [
        f"{file.name} asks for {package}, which {DEPENDENCIES} does not explain"
        for file in sorted(root.glob("requirements*.txt"))
        for package in re.findall(r"^([\w.-]+)==", file.read_text(encoding="utf-8"), re.MULTILINE)
        if f"`{package}`" not in explained
    ]


def _benchmark_tables() -> Documents:
    folder = BENCHMARK.parent
    report = json.loads(BENCHMARK.read_text(encoding="utf-8"))
    path = folder / "README.md"
    return {path: with_tables(path.read_text(encoding="utf-8"), report, folder, SAVED_MODELS)}
