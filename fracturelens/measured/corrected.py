"""X-rays whose marks a person corrected, read back for evaluation and training.

The file is what the dashboard saves (fracturelens/export/coco.py); the X-rays lie beside it.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from fracturelens.measured.annotations import Outlines, outlines_of_images

EXPECTED = (
    "Give the JSON of corrections that the dashboard saves, with the X-rays beside it under the "
    "names that it has for them."
)


class CorrectionsError(RuntimeError):
    """A file of corrections cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class CorrectedXray:
    """An X-ray and what a person said that it shows.

    Attributes:
        path: of its file.
        name: as the corrections have it.
        fractured: whether any place was called right, or drawn as missed.
        outlines: of these places; empty where all that was marked is wrong.
    """

    path: Path
    name: str
    fractured: bool
    outlines: Outlines


def read_corrected(source: Path) -> tuple[list[CorrectedXray], dict[str, str]]:
    """The X-rays of a file of corrections, and those that are left out, reason by name.

    Args:
        source: the JSON file.

    Raises:
        CorrectionsError: it is no such file, or names no X-ray.
    """
    images, outlines = _parsed(source)
    found, left_out = [], dict[str, str]()
    for image in images:
        name = image["file_name"]
        path = source.parent / name
        if reason := _unlike(path, image["sha256"]):
            left_out[name] = reason
        else:
            lesions = outlines.get(name, ())
            found.append(CorrectedXray(path, name, bool(lesions), lesions))
    if not images:
        raise CorrectionsError(f"{source} corrects no X-ray. {EXPECTED}")
    return found, left_out


def _parsed(source: Path) -> tuple[list[dict[str, str]], dict[str, Outlines]]:
    """Name and digest of each image, and the outlines of lesions by name."""
    try:
        coco: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        images = [{key: str(image[key]) for key in ("file_name", "sha256")}
                  for image in coco["images"]]  # fmt: skip
        return images, outlines_of_images(coco)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorrectionsError(
            f"{source} is no file of corrections ({type(error).__name__}: {error}). {EXPECTED}"
        ) from error


def _unlike(path: Path, digest: str) -> str:
    """Why a file is not the X-ray that was corrected; "" where it is."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return f"it does not lie beside the corrections ({error.strerror})"
    return "" if sha256(data).hexdigest() == digest else "its content has changed since"
