"""Which files of a site show a fracture: two sub-folders, a CSV table, or corrections."""

import csv
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from fracturelens.batch.search import find_pictures
from fracturelens.measured.corrected import read_corrected

FOLDERS = {"fractured": True, "normal": False}
"""Sub-folders, and whether their X-rays show a fracture."""
WORDS = {
    **dict.fromkeys(("fractured", "fracture", "1", "yes", "true"), True),
    **dict.fromkeys(("normal", "not fractured", "no fracture", "0", "no", "false"), False),
}
"""Labels of a table, in lower case."""
EXPECTED = (
    "Give a folder with the sub-folders fractured/ and normal/, or a CSV table with the columns "
    "file and label (fractured or normal), and patient where you can, or the JSON of corrections "
    "that the dashboard saves."
)


class LabelsError(RuntimeError):
    """It is not said which files show a fracture; the text says what is expected."""


@dataclass(frozen=True)
class LabelledFile:
    """A file and what it shows.

    Attributes:
        path: of the file.
        name: for people and for results: the path as the folder or the table has it.
        fractured: whether it shows a fracture.
        patient: any text that is the same for all X-rays of one patient; "" where unknown.
    """

    path: Path
    name: str
    fractured: bool
    patient: str = ""


@dataclass
class Labels:
    """What was found.

    Attributes:
        files: each once, in order.
        left_out: rows without a usable label, reason by name.
    """

    files: list[LabelledFile] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def read_labels(source: Path, out: Path) -> Labels:
    """The labelled files of a folder or a file.

    Args:
        source: a folder with `FOLDERS`, or a CSV table, or corrections (.json); the paths of a
            file count from its own folder.
        out: where results go; a folder's search leaves it out.

    Raises:
        LabelsError: it is none of them, or names no file.
        CorrectionsError: a .json is no file of corrections.
    """
    if source.is_dir():
        labels = _of_folder(source, out)
    elif source.suffix.lower() == ".json":
        corrected, left_out = read_corrected(source)
        files = [LabelledFile(one.path, one.name, one.fractured) for one in corrected]
        labels = Labels(files, left_out)
    elif source.is_file():
        labels = _of_table(source)
    else:
        raise LabelsError(f"{source} does not exist. {EXPECTED}")
    if not labels.files:
        raise LabelsError(f"{source} names no X-ray with a usable label. {EXPECTED}")
    return labels


def _of_folder(folder: Path, out: Path) -> Labels:
    """All pictures below the two sub-folders, whatever their names; their case does not matter."""
    found = {
        entry.name.lower(): entry
        for entry in sorted(folder.iterdir())
        if entry.is_dir() and entry.name.lower() in FOLDERS
    }
    if not found:
        raise LabelsError(f"{folder} holds neither fractured/ nor normal/. {EXPECTED}")
    labels = Labels()
    for name, fractured in FOLDERS.items():
        for path in find_pictures([str(found[name])], out) if name in found else ():
            shown = path.relative_to(folder).as_posix()
            labels.files.append(LabelledFile(path, shown, fractured))
    return labels


def _of_table(table: Path) -> Labels:
    """The rows of a CSV table; a file that is named twice counts once."""
    labels, seen = Labels(), dict[str, bool]()
    for row in _rows(table):
        name, word = row["file"], row["label"].lower()
        if not name:
            continue
        if word not in WORDS:
            labels.left_out[name] = f"its label {word[:40]!r} is neither fractured nor normal"
        elif name not in seen:
            labels.files.append(
                LabelledFile(table.parent / name, name, WORDS[word], row["patient"])
            )
        elif seen[name] != WORDS[word]:
            labels.left_out[name] = "the table calls it fractured in one row and normal in another"
        seen.setdefault(name, WORDS.get(word, False))
    labels.files = [file for file in labels.files if file.name not in labels.left_out]
    return labels


def _rows(table: Path) -> list[dict[str, str]]:
    """Rows with "file", "label" and "patient", all text; separated by commas or semicolons.

    Raises:
        LabelsError: it is no such table.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
        head = text.partition("\n")[0]
        separator = ";" if head.count(";") > head.count(",") else ","
        rows = list(csv.DictReader(StringIO(text), delimiter=separator))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{table} is no readable CSV table ({error}). {EXPECTED}") from error
    columns = {(column or "").strip().lower(): column for column in (rows[0] if rows else {})}
    if {"file", "label"} - columns.keys():
        raise LabelsError(f"{table} lacks the column file or label, or has no row. {EXPECTED}")
    wanted = {key: columns.get(key) for key in ("file", "label", "patient")}
    return [
        {key: str(row.get(column) or "").strip() for key, column in wanted.items()} for row in rows
    ]
