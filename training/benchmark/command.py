"""Measures the `predict` command from its start to its end: one X-ray, a large one, and many."""

import json
import subprocess
import sys
import time
from itertools import cycle, islice, pairwise
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from fracturelens.measured.speed import Ratio
from important_variables import ROOT, SAMPLES
from training.benchmark.cascade import large_jpeg

TRIES = 3
MOST_GROWTH = 1.1
"""Factor by which memory and the time of a further picture may grow at most."""
CHILD = """
import json, sys, command_line
from training.benchmark.runners import peak_mb
code = command_line.main(sys.argv[1:])
print(json.dumps({"peak_mb": peak_mb(), "tensorflow_imported": "tensorflow" in sys.modules}))
sys.exit(code)
"""


def measure_command(models: Path) -> dict:
    """`predict` in INT8 on one X-ray, all networks run, best of three tries each.

    Returns:
        {"small": row, "large": row}, each row {"seconds" (of the whole process), "peak_mb",
        "tensorflow_imported"}: a synthetic sample of 454 x 373 pixels, and one of 2304 x 2880.
    """
    with TemporaryDirectory() as folder:
        large = Path(folder) / "large.jpg"
        large.write_bytes(large_jpeg())
        pictures = {"small": _samples()[0], "large": large}
        return {
            name: min(
                (run_predict(path, models, Path(folder) / "out") for _ in range(TRIES)),
                key=lambda row: row["seconds"],
            )
            for name, path in pictures.items()
        }


def measure_growth(models: Path, counts: tuple[int, ...]) -> list[dict]:
    """`predict` in INT8 on folders of ever more X-rays (copies of the samples), all networks run.

    Returns:
        For each count a row {"pictures", "seconds", "peak_mb", "tensorflow_imported"}.
    """
    rows = []
    for count in counts:
        with TemporaryDirectory() as folder:
            pictures = Path(folder) / "pictures"
            pictures.mkdir()
            for number, sample in enumerate(islice(cycle(_samples()), count)):
                copyfile(sample, pictures / f"{number:05}.png")
            rows.append({"pictures": count} | run_predict(pictures, models, Path(folder) / "out"))
    return rows


def growth_ratios(rows: list[dict]) -> list[Ratio]:
    """How memory and the time of a further picture grow from the first step to the last."""
    slopes = [
        (after["seconds"] - before["seconds"]) / (after["pictures"] - before["pictures"])
        for before, after in pairwise(rows)
    ]
    first, last = rows[0], rows[-1]
    growth = {
        "predict_memory": last["peak_mb"] / first["peak_mb"],
        "predict_time": slopes[-1] / slopes[0],
    }
    pictures = [first["pictures"], last["pictures"]]
    return [
        Ratio(key, value, MOST_GROWTH, "at_most", pictures=pictures)
        for key, value in growth.items()
    ]


def run_predict(pictures: Path, models: Path, out: Path) -> dict:
    """One run of `predict` in INT8 on a file or a folder, all networks run.

    Returns:
        {"seconds" (of the whole process), "peak_mb", "tensorflow_imported"}.
    """
    words = ["predict", str(pictures), "--precision", "int8", "--always-segment", "--accept-any"]
    words += ["--runtime", "litert"]  # one for all counts, so that they can be compared
    words += ["--models", str(models.resolve()), "--out", str(out)]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - started
    return {"seconds": seconds} | json.loads(done.stdout.splitlines()[-1])


def _samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.png"))
