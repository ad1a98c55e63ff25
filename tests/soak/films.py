"""The files of a soak: valid, broken and hostile ones, each with the answer that it must get."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from fracturelens.export.records import REFUSED, UNREADABLE
from fracturelens.xray.pictures import read_pictures
from prediction import Engine, examine_xray
from tests.helpers.bad_inputs import ACCEPTED
from tests.helpers.bad_inputs import REFUSED as BAD
from tests.helpers.films import deep, dicom_file, film
from training.benchmark.api_load import draw_films

VALID = 24
"""Films that differ."""
MUTATIONS = 24
"""Valid films of which some bytes are changed."""
LARGEST = 8 * 1024 * 1024
"""Bytes: sending larger files would be most of what the clients do."""


@dataclass(frozen=True)
class SoakFile:
    """One content that clients send under ever new names.

    Attributes:
        ending: of the name.
        data: the file.
        answers: for each X-ray in it the verdict, `REFUSED` or `UNREADABLE`, in order.
        digests: their SHA-256, "" where there is none.
    """

    ending: str
    data: bytes
    answers: tuple[str, ...]
    digests: tuple[str, ...]


def soak_files(engine: Engine, random: Random, folder: Path | None = None) -> list[SoakFile]:
    """The files, with the answers of the library itself.

    Args:
        engine: that judges, the same as the servers'.
        random: decides which bytes are changed.
        folder: of further files, such as one's own hostile ones.
    """
    contents = [(".png", data) for data in draw_films(VALID)]
    contents.append((".dcm", dicom_file(deep(film(480, 400)))))
    contents += [_mutated(*random.choice(contents), random) for _ in range(MUTATIONS)]
    contents += [(Path(name).suffix, make()) for name, (make, _) in BAD.items()]
    contents += [(Path(name).suffix, make()) for name, make in ACCEPTED.items()]
    if folder:
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        contents += [(path.suffix, path.read_bytes()) for path in found
                     if path.stat().st_size < LARGEST]  # fmt: skip
    return [_answered(*content, engine) for content in contents if len(content[1]) < LARGEST]


def _mutated(ending: str, data: bytes, random: Random) -> tuple[str, bytes]:
    changed = bytearray(data)
    for _ in range(random.choice((1, 8, 64))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    if random.random() < 0.5:
        del changed[random.randrange(len(changed)) :]
    return ending, bytes(changed)


def _answered(ending: str, data: bytes, engine: Engine) -> SoakFile:
    pictures = read_pictures(data, "x" + ending)
    answers = tuple(_answer(picture, engine) for picture in pictures)
    return SoakFile(ending, data, answers, tuple(picture.digest for picture in pictures))


def _answer(picture, engine: Engine) -> str:
    found = examine_xray(picture.data, engine, decode=partial(_decode, picture))
    if found.error:
        return UNREADABLE
    return str(found.prediction.verdict) if found.prediction else REFUSED


def _decode(picture, data: bytes):
    return picture.decode()
