"""`benchmark-scale`: what a film costs `predict`, alone and on Ray's workers, and docs/scale.md."""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from fracturelens.batch.earlier import PICTURES, RECORDS
from important_variables import ROOT, SAMPLES
from training.benchmark.machine import describe_machine
from training.documents.scale_tables import DOCUMENT, REPORT, with_tables
from training.documents.writing import write_or_check

COMMAND = "fracturelens benchmark-scale"
LARGE = (2304, 2880)
"""Width and height of FracAtlas' largest X-rays, pixels."""
QUALITY = 95
ALONE = "predict"


class ScaleError(RuntimeError):
    """A run failed; the text says which."""


TOLD_ERRORS = (ScaleError,)


@dataclass(frozen=True)
class FilmKind:
    """What films of one size cost.

    Attributes:
        pixels: "width x height".
        input_bytes: of a film's file, mean.
        core_seconds: of processor that a further film takes on one thread, reading and writing
            included.
        seconds: from the start to the end of a further film, by way: "predict" on one thread,
            "ray_1" and "ray_2" on so many workers.
        start_seconds: from the start of each way to its first film, about.
        table_bytes: in the tables, per film.
        picture_bytes: of overlays and masks, per film.
        files: overlays and masks per film.
    """

    pixels: str
    input_bytes: float
    core_seconds: float
    seconds: dict[str, float]
    start_seconds: dict[str, float]
    table_bytes: float
    picture_bytes: float
    files: float


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds, and processor seconds."""

    seconds: float
    core_seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark-scale`."""
    parser.add_argument("--films", type=int, nargs=2, default=(40, 240), metavar="NUMBER",
                        help="of a short and a long run; their difference is what counts "
                        "(default: %(default)s)")  # fmt: skip
    parser.add_argument("--workers", type=int, nargs="+", default=(1, 2), metavar="NUMBER",
                        help="of Ray (default: %(default)s)")  # fmt: skip
    parser.add_argument("--note", default="", help="what else the machine did, for the report")
    parser.add_argument("--tables-only", action="store_true",
                        help="only write the tables of docs/scale.md anew")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Measures, and writes the report and the tables."""
    if not arguments.tables_only:
        report = measure(tuple(arguments.films), tuple(arguments.workers), arguments.note)
        REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return write_or_check({DOCUMENT: with_tables()}, check=False, command=COMMAND)


def measure(films: tuple[int, int], workers: tuple[int, ...], note: str) -> dict:
    """Times short and long runs over copies of the synthetic samples, small and large.

    Args:
        films: of the short and the long run.
        workers: of Ray, run after run.
        note: what else the machine did.

    Returns:
        {"date", "machine", "note", "films", "kinds": {"small": FilmKind as a dict, "large": ...}}.
    """
    kinds = {"small": _small, "large": _large}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        "note": note,
        "films": films,
        "kinds": {name: asdict(_kind(draw(), films, workers)) for name, draw in kinds.items()},
    }


def _kind(drawn: list[tuple[str, bytes]], films: tuple[int, int], workers: tuple) -> FilmKind:
    short, long = films
    ways: dict[str, list[str]] = {ALONE: []} | {
        f"ray_{n}": ["--ray", "--workers", str(n)] for n in workers
    }
    seconds, starts, alone = {}, {}, {}
    with TemporaryDirectory() as folder:
        for way, words in ways.items():
            runs = {n: _predict(drawn, n, Path(folder) / f"{way}_{n}", words) for n in films}
            seconds[way] = (runs[long].seconds - runs[short].seconds) / (long - short)
            starts[way] = max(0.0, runs[short].seconds - short * seconds[way])
            alone = alone or runs
        tables, pictures, files = _sizes(Path(folder) / f"{ALONE}_{long}" / "out", long)
    first = cv2.imdecode(np.frombuffer(drawn[0][1], np.uint8), cv2.IMREAD_GRAYSCALE)
    return FilmKind(
        pixels=f"{first.shape[1]} x {first.shape[0]}",
        input_bytes=sum(len(data) for _, data in drawn) / len(drawn),
        core_seconds=(alone[long].core_seconds - alone[short].core_seconds) / (long - short),
        seconds=seconds,
        start_seconds=starts,
        table_bytes=tables,
        picture_bytes=pictures,
        files=files,
    )


def _predict(drawn: list[tuple[str, bytes]], number: int, folder: Path, words: list[str]) -> Run:
    """Runs the command on `number` copies in `folder`; its results stay in `folder`/out."""
    films = folder / "films"
    films.mkdir(parents=True)
    for place, (ending, data) in enumerate(islice(cycle(drawn), number)):
        (films / f"{place:06}{ending}").write_bytes(data)
    command = [sys.executable, str(ROOT / "command_line.py"), "predict", str(films)]
    command += ["--out", str(folder / "out"), "--accept-any", "--shard", "5", *words]
    command += ["--runtime", "litert"]  # alone as on workers
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=os.environ | {"FRACTURELENS_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)  # what this one process used, and no other
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ScaleError(f"{' '.join(command)} failed. Run it by hand to see why.")
    seconds = time.perf_counter() - started
    return Run(seconds, used.ru_utime + used.ru_stime)


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
