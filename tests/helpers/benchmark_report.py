"""A small report of `benchmark`, as benchmarks/latest.json holds it."""

from dataclasses import asdict

from fracturelens.measured.speed import Ratio
from important_variables import NETWORKS


def benchmark_report(**changes):
    """The report of one network; `changes` replace its sections."""

    def run(runtime, precision, median, threads=2):
        return {
            "runtime": runtime,
            "precision": precision,
            "threads": threads,
            "median_ms": median,
            "p95_ms": median * 2,
            "per_second": 1000 / median,
            "load_ms": 10.0,
            "peak_mb": 80.0,
            "file_bytes": 2_000_000,
        }

    def predict(seconds):
        return {"seconds": seconds, "peak_mb": 150.0, "tensorflow_imported": False}

    runs = [
        run("keras_predict", "float32", 90.0),
        run("litert", "float32", 30.0),
        run("litert", "int8", 20.0, threads=1),
        run("litert", "int8", 10.0),
        run("openvino", "float32", 25.0),
        run("openvino", "int8", 12.5),
    ]
    ways = {
        ("litert", "int8", 1): 150.0,
        ("litert", "int8", 2): 100.0,
        ("litert", "float32", 2): 200.0,
        ("keras_predict", "float32", 2): 350.0,
        ("keras_reloaded", "float32", 2): 5000.0,
    }
    stages = {"load": 0.0, "decode": 40.0, "predict": 50.0, "draw": 10.0}
    return {
        "date": "2026-11-22",
        "machine": {"processor": "Test", "cores": 2, "memory_gib": 8.0, "system": "none"},
        "peak_gmacs": {"int8": {"1": 300.0, "2": 200.0}},
        "networks": {"unet": {"multiply_accumulates": 3_000_000_000, "runs": runs}},
        "files": {name: {} for name in NETWORKS},
        "cascade": [
            {
                "runtime": runtime,
                "precision": precision,
                "threads": threads,
                "median_ms": median,
                "p95_ms": median,
                "stages_ms": stages,
                "peak_mb": 150.0,
                "file_bytes": 5_000_000,
            }
            for (runtime, precision, threads), median in ways.items()
        ],
        "command": {"small": predict(0.7), "large": predict(1.4)},
        "growth": [{"pictures": n} | predict(0.5 + 0.1 * n) for n in (10, 100, 1000)],
        "ratios": [
            asdict(Ratio("whole_way", 2.5, 2, "at_least", ["unet"])),
            asdict(Ratio("fastest_peer", 1.4, 1.1, "at_most", ["unet"], "int8")),
        ],
    } | changes
