"""`benchmark-batch`: how much of two cores `predict` turns into films, and its memory."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2

from fracturelens.export.png import notice_png
from fracturelens.findings.views import full_overlay
from fracturelens.results import Examination
from important_variables import BENCHMARK, SAMPLES, inference_threads
from prediction import examine_xray, load_engine
from training.benchmark.cascade import OPACITY, large_jpeg
from training.benchmark.command import run_predict
from training.benchmark.machine import describe_machine
from training.benchmark.runners import ask_apart
from training.documents.batch_tables import batch_markdown
from training.options import add_models_option

RESULT = BENCHMARK.parent / "batch.json"
SMALL, LARGE = "small", "large"
ROUNDS = 5
"""Times that each part is done, for its median."""


@dataclass(frozen=True)
class BatchCost:
    """What a further X-ray of a folder costs.

    Attributes:
        files: X-rays of the short and the long run.
        examine: seconds on one core from the bytes of a file to its findings, alone.
        write: seconds on one core to draw and encode its overlays and masks, alone.
        seconds: from one X-ray to the next in a folder, on all cores.
        share: of the cores' time that the parts account for.
        peak_mb: most memory of the short and the long run, MB.
    """

    files: tuple[int, int]
    examine: float
    write: float
    seconds: float
    share: float
    peak_mb: tuple[float, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark-batch`."""
    parser.add_argument("--small", type=int, nargs=2, default=(40, 240), metavar="NUMBER",
                        help="X-rays of a short and a long run (default: %(default)s)")  # fmt: skip
    parser.add_argument("--large", type=int, nargs=2, default=(10, 50), metavar="NUMBER",
                        help="the same, of 2304 x 2880 pixels (default: %(default)s)")  # fmt: skip
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measures, writes the report and prints its table."""
    report = measure(arguments.models, tuple(arguments.small), tuple(arguments.large))
    RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(batch_markdown(RESULT))
    return 0


def measure(models: Path, small: tuple[int, int], large: tuple[int, int]) -> dict:
    """Times the parts and the whole, on copies of the samples and of a large JPEG.

    Args:
        models: folder of the networks.
        small: X-rays of the short and the long run.
        large: the same, of large ones.

    Returns:
        {"date", "machine", "cores" that `predict` uses, "kinds": {"small": `BatchCost` as a dict,
        "large": ...}}.
    """
    files = {SMALL: small, LARGE: large}
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": describe_machine(),
        "cores": inference_threads(),
        "kinds": {kind: asdict(_cost(kind, models, counts)) for kind, counts in files.items()},
    }


def time_parts(films: list[bytes], models: Path) -> dict[str, float]:
    """Seconds of each part, on one core: the mean over films of the median over rounds.

    Returns:
        {"examine", "write"}.
    """
    engine = load_engine("int8", models, "litert")  # as `run_predict`

    def examine(film: bytes) -> Examination:
        return examine_xray(film, engine, always_segment=True, accept_any=True)

    found = [examine(film) for film in films]  # warms up
    return {
        "examine": sum(_median(lambda film=film: examine(film)) for film in films) / len(films),
        "write": sum(_median(lambda one=one: _encode(one)) for one in found) / len(found),
    }


def _cost(kind: str, models: Path, counts: tuple[int, int]) -> BatchCost:
    content = {"kind": kind, "models": str(models.resolve())}
    parts = ask_apart("training.benchmark.batch", content, {"FRACTURELENS_THREADS": "1"})
    short, long = (_predict(_films(kind), count, models) for count in counts)
    seconds = (long["seconds"] - short["seconds"]) / (counts[1] - counts[0])
    return BatchCost(
        files=counts,
        examine=parts["examine"],
        write=parts["write"],
        seconds=seconds,
        share=(parts["examine"] + parts["write"]) / (seconds * inference_threads()),
        peak_mb=(short["peak_mb"], long["peak_mb"]),
    )


def _predict(films: list[bytes], count: int, models: Path) -> dict:
    """One run of the command over so many copies."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "films"
        source.mkdir()
        for place, film in enumerate(islice(cycle(films), count)):
            (source / f"{place:06}").write_bytes(film)
        return run_predict(source, models, Path(folder) / "out")


def _films(kind: str) -> list[bytes]:
    if kind == LARGE:
        return [large_jpeg()]
    return [path.read_bytes() for path in sorted(SAMPLES.glob("*.png"))]


def _encode(found: Examination) -> None:
    """What `predict` writes of one X-ray, but not to the disk."""
    if found.prediction is None or found.radiograph is None:
        return
    for name, segmentation in found.prediction.segmentations.items():
        notice_png(full_overlay(found.radiograph.pixels, found.prediction, name, OPACITY))
        notice_png(segmentation.mask)


def _median(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def main() -> None:
    """Times the parts of the kind that standard input names and prints them as JSON."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    content = json.load(sys.stdin)
    cv2.setNumThreads(1)
    parts = time_parts(_films(content["kind"]), Path(content["models"]))
    sys.stdout.write(json.dumps(parts) + "\n")


if __name__ == "__main__":
    main()
