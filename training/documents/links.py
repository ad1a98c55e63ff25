"""Finds links in Markdown files that lead nowhere in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

SKIPPED = {"work", "node_modules", "build", "dist", "FracAtlas"}
"""Folders that git does not hold."""
LINK = re.compile(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def markdown_files(root: Path) -> list[Path]:
    """The Markdown files below a folder, without hidden folders and those of `SKIPPED`."""
    return sorted(
        path
        for path in root.rglob("*.md")
        if not any(part.startswith(".") or part in SKIPPED for part in path.relative_to(root).parts)
    )


def broken_links(root: Path) -> list[str]:
    """A line for each link to a file or heading that does not exist; links to the web are taken."""
    return [
        f"{path.relative_to(root)} links to {target}, which does not exist"
        for path in markdown_files(root)
        for target in _local_targets(path)
        if not _leads_somewhere(path, target)
    ]


def _local_targets(path: Path) -> Iterator[str]:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for match in LINK.finditer(text):
        target = match[1] or match[2]
        if not re.match(r"[a-z]+:", target):
            yield target


def _leads_somewhere(path: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    place = (path.parent / file) if file else path
    return place.exists() and (not anchor or anchor in _anchors(place))


def _anchors(path: Path) -> frozenset[str]:
    """What `#...` may stand behind a file's name: its headings as GitHub writes them."""
    headings = HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    )
