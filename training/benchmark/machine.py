"""Describes this machine and measures the fastest it can multiply and accumulate."""

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import keras
import numpy as np
from keras import layers

from fracturelens.networks.litert import LitertPredictor
from fracturelens.networks.runtimes import processor_name
from training.quantize.litert_export import export_float32, export_int8
from training.quantize.operator_table import total_multiply_accumulates

PACKAGES = (
    "ai-edge-litert",
    "tensorflow-cpu",
    "keras",
    "numpy",
    "opencv-python-headless",
    "onnxruntime",
    "openvino",
    "nncf",
)
SIDE, CHANNELS = 64, 512


def describe_machine() -> dict:
    """Processor, cores, memory, system and package versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor_name(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def peak_rates(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Billions of multiply-accumulates a second that a large convolution reaches in LiteRT.

    The better one of 1x1 (a matrix product of 4,096 x 512 by 512 x 512) and 3x3; for float32
    NumPy's product is tried too.

    Args:
        folder: receives the files.
        repeats: the best of so many.

    Returns:
        {"float32" | "int8": {"1" | "<cores>" threads: rate}}.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rates = [_convolution_rates(kernel, folder, repeats) for kernel in (1, 3)]
    best = {
        kind: {threads: max(r[kind][threads] for r in rates) for threads in rates[0][kind]}
        for kind in rates[0]
    }
    everything = str(os.cpu_count() or 1)
    best["float32"][everything] = max(best["float32"][everything], _numpy_rate(repeats))
    return best


def _convolution_rates(kernel: int, folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """The rates, as `peak_rates`, of one convolution with `kernel` x `kernel` pixels."""
    inputs = keras.Input((SIDE, SIDE, CHANNELS))
    model = keras.Model(inputs, layers.Conv2D(CHANNELS, kernel, padding="same")(inputs))
    picture = np.random.default_rng(0).random((1, SIDE, SIDE, CHANNELS), np.float32)
    float_file = export_float32(model)
    rates: dict[str, dict[str, float]] = {}
    contents = {"float32": float_file, "int8": export_int8(float_file, [picture])}
    for kind, content in contents.items():
        path = folder / f"peak_{kernel}x{kernel}_{kind}.tflite"
        path.write_bytes(content)
        work = total_multiply_accumulates(content) / 1e9
        rates[kind] = {
            str(threads): work / _best_time(LitertPredictor(path, threads, 1), picture, repeats)
            for threads in sorted({1, os.cpu_count() or 1})
        }
    return rates


def _numpy_rate(repeats: int) -> float:
    side = 1536
    matrix = np.ones((side, side), np.float32)
    return side**3 / 1e9 / _best_time(lambda m: m @ m, matrix, repeats)


def _best_time(function, argument, repeats: int) -> float:
    """Seconds of the quickest of `repeats` calls, after one that warms up."""
    function(argument)
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function(argument)
        times.append(time.perf_counter() - started)
    return min(times)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
