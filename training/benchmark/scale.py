"""`benchmark-scale`: what a film costs `predict`, alone and on Ray's workers, and docs/scale.md."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from fracturelens.batch.earlier import PICTURES, RECORDS
from fracturelens.site.options import positive
from important_variables import SAMPLES, fracatlas_folder
from training.benchmark.machine import describe_machine
from training.benchmark.scale_parts import compare_batch, time_nodes, watch_many
from training.benchmark.scale_runs import ScaleError, run_predict, write_films
from training.documents.scale_tables import DOCUMENT, REPORT, with_tables
from training.documents.writing import write_or_check

COMMAND = "fracturelens benchmark-scale"
LARGE = (2304, 2880)
"""Width and height of FracAtlas' largest X-rays, pixels."""
QUALITY = 95
TOLD_ERRORS = (ScaleError,)


@dataclass(frozen=True)
class FilmKind:
    """What films of one size cost `predict` on one thread.

    Attributes:
        pixels: "width x height".
        input_bytes: of a film's file, mean.
        core_seconds: of processor that a further film takes, reading and writing included.
        seconds: from the start to the end of a further film.
        start_seconds: from the start of the command to its first film, about.
        table_bytes: in the tables, per film.
        picture_bytes: of overlays and masks, per film.
        files: overlays and masks per film.
    """

    pixels: str
    input_bytes: float
    core_seconds: float
    seconds: float
    start_seconds: float
    table_bytes: float
    picture_bytes: float
    files: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark-scale`."""
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=["cost", "nodes", "batch"],
                        help="cost: of a film; nodes: workers on several nodes; batch: Ray against "
                        "`predict` on this machine; many: memory over many films; what other parts "
                        "have measured stays (default: %(default)s)")  # fmt: skip
    parser.add_argument("--films", type=positive, nargs=2, default=(20, 100), metavar="NUMBER",
                        help="cost: of a short and a long run, whose difference counts "
                        "(default: %(default)s)")  # fmt: skip
    parser.add_argument("--timed", type=positive, default=100, metavar="NUMBER",
                        help="nodes, batch: films in each run (default: %(default)s)")  # fmt: skip
    parser.add_argument("--workers", type=positive, nargs="+", default=(1, 2, 4), metavar="NUMBER",
                        help="nodes: of each run (default: %(default)s)")  # fmt: skip
    parser.add_argument("--rounds", type=positive, default=2, metavar="NUMBER",
                        help="batch: of all ways in turns (default: %(default)s)")  # fmt: skip
    parser.add_argument("--many", type=positive, default=10_000, metavar="NUMBER",
                        help="many: films (default: %(default)s)")  # fmt: skip
    parser.add_argument("--data", type=Path, default=fracatlas_folder(), metavar="FOLDER",
                        help="many: films to repeat (default: %(default)s)")  # fmt: skip
    parser.add_argument("--note", default="", help="what else the machine did, for the report")
    parser.add_argument("--tables-only", action="store_true",
                        help="only write the tables of docs/scale.md anew")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Measures part by part, and writes the report after each, then the tables."""
    for part in () if arguments.tables_only else arguments.parts:
        report = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.is_file() else {}
        report[part] = _about(arguments.note) | PARTS[part](arguments)
        REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return write_or_check({DOCUMENT: with_tables()}, check=False, command=COMMAND)


def _about(note: str) -> dict:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        "note": note,
    }


def _cost(arguments: argparse.Namespace) -> dict:
    """Times short and long runs over copies of the synthetic samples, small and large."""
    films, kinds = tuple(arguments.films), {"small": _small, "large": _large}
    return {
        "films": films,
        "kinds": {name: asdict(_kind(draw(), films)) for name, draw in kinds.items()},
    }


def _nodes(arguments: argparse.Namespace) -> dict:
    return time_nodes(_small(), arguments.timed, arguments.workers)


def _batch(arguments: argparse.Namespace) -> dict:
    return compare_batch(_small(), arguments.timed, arguments.rounds)


def _many(arguments: argparse.Namespace) -> dict:
    return watch_many(arguments.data, arguments.many, every=5.0)


PARTS: dict[str, Callable[[argparse.Namespace], dict]] = {
    "cost": _cost,
    "nodes": _nodes,
    "batch": _batch,
    "many": _many,
}
"""By the key of the report that each writes."""


def _kind(drawn: list[tuple[str, bytes]], films: tuple[int, ...]) -> FilmKind:
    short, long = films
    with TemporaryDirectory() as name:
        folder, runs = Path(name), {}
        for number in films:
            source = write_films(drawn, number, folder / f"films-{number}")
            runs[number] = run_predict(source, folder / f"out-{number}")
        tables, pictures, files = _sizes(folder / f"out-{long}", long)
    first = cv2.imdecode(np.frombuffer(drawn[0][1], np.uint8), cv2.IMREAD_GRAYSCALE)
    seconds = (runs[long].seconds - runs[short].seconds) / (long - short)
    return FilmKind(
        pixels=f"{first.shape[1]} x {first.shape[0]}",
        input_bytes=sum(len(data) for _, data in drawn) / len(drawn),
        core_seconds=(runs[long].core_seconds - runs[short].core_seconds) / (long - short),
        seconds=seconds,
        start_seconds=max(0.0, runs[short].seconds - short * seconds),
        table_bytes=tables,
        picture_bytes=pictures,
        files=files,
    )


def _sizes(out: Path, number: int) -> tuple[float, float, float]:
    """Bytes of tables, bytes of pictures and pictures, each per film."""
    records = [json.loads(line) for line in (out / RECORDS).read_text("utf-8").splitlines()]
    names = [name for record in records for name in record[PICTURES]]
    pictures = sum((out / name).stat().st_size for name in names)
    everything = sum(path.stat().st_size for path in out.iterdir())
    return (everything - pictures) / number, pictures / number, len(names) / number


def _small() -> list[tuple[str, bytes]]:
    return [(".png", path.read_bytes()) for path in sorted(SAMPLES.glob("*.png"))]


def _large() -> list[tuple[str, bytes]]:
    return [(".jpg", _enlarged(data)) for _, data in _small()]


def _enlarged(data: bytes) -> bytes:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    large = cv2.resize(image, LARGE, interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
