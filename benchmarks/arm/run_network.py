"""Runs the INT8 networks with nothing but LiteRT and NumPy: on a Raspberry Pi, or emulated.

    python3 benchmarks/arm/run_network.py            times them: the row for a real board
    python3 benchmarks/arm/run_network.py --out X    keeps outputs for compare.py instead

On a Raspberry Pi 4 with a 64-bit system: `python3 -m venv v && v/bin/pip install
"ai-edge-litert==2.3.0" "numpy==2.4.6"`, copy the three saved_model/<name>/model_int8.tflite and
this file, then run it with --threads 1 and --threads 4.
"""

import argparse
import json
import platform
import sys
import time
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

NETWORKS = ("gate", "encoder_decoder", "unet")
PICTURES = 2


def main() -> None:
    """Reads the arguments and runs each network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("saved_model"))
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--out", type=Path, help="keep outputs instead of timing")
    arguments = parser.parse_args()
    paths = {name: arguments.models / name / "model_int8.tflite" for name in NETWORKS}
    loaded = {name: load(path, arguments.threads) for name, path in paths.items()}
    if arguments.out:
        np.savez(arguments.out, **outputs(loaded))
        return
    row = {
        "machine": platform.platform(),
        "threads": arguments.threads,
        "median_ms": {name: median_ms(x, arguments.repeats) for name, x in loaded.items()},
    }
    row["sum_ms"] = sum(row["median_ms"].values())
    sys.stdout.write(json.dumps(row, indent=1) + "\n")


def load(path: Path, threads: int) -> Interpreter:
    """An interpreter that is ready to run."""
    interpreter = Interpreter(str(path), num_threads=threads)
    interpreter.allocate_tensors()
    return interpreter


def outputs(loaded: dict[str, Interpreter]) -> dict[str, np.ndarray]:
    """Output of each network for some smooth pictures, float32."""
    found = {}
    for name, interpreter in loaded.items():
        size = interpreter.get_input_details()[0]["shape"][1]
        found[name] = np.stack([infer(interpreter, picture(n, size)) for n in range(PICTURES)])
    return found


def picture(seed: int, size: int) -> np.ndarray:
    """Gray blobs, float32 (1, size, size, 3) in [0, 1]; the same on every machine."""
    coarse = np.random.default_rng(seed).random((8, 8)).astype(np.float32)
    cells = np.arange(size) * 8 // size
    return np.repeat(coarse[cells][:, cells][None, ..., None], 3, axis=-1)


def infer(interpreter: Interpreter, batch: np.ndarray) -> np.ndarray:
    """Output of one picture."""
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def median_ms(interpreter: Interpreter, repeats: int) -> float:
    """Milliseconds of one inference."""
    batch = picture(0, interpreter.get_input_details()[0]["shape"][1])
    times = []
    for _ in range(repeats + 2):
        started = time.perf_counter()
        infer(interpreter, batch)
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times[2:]))  # the first two warm up


if __name__ == "__main__":
    main()
