"""Runs the INT8 networks with nothing but LiteRT and NumPy: on a Raspberry Pi, or emulated.

    python3 benchmarks/arm/run_network.py     times them: the row for a real board
    ... --pictures FILE --out FILE            keeps their outputs for arm_proof.py instead

On a Raspberry Pi 4 with a 64-bit system: `python3 -m venv v && v/bin/pip install
"ai-edge-litert==2.3.0" "numpy==2.4.6"`, copy each saved_model/<name>/model_int8.tflite and
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

FILE = "model_int8.tflite"


def main() -> None:
    """Reads the arguments and runs each network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("saved_model"))
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--pictures", type=Path, help="of `training.benchmark.arm_proof prepare`")
    parser.add_argument("--out", type=Path, help="where their outputs go, instead of timing")
    arguments = parser.parse_args()
    if bool(arguments.pictures) != bool(arguments.out):
        parser.error("--pictures and --out go together")
    paths = sorted(arguments.models.glob(f"*/{FILE}"))
    if not paths:
        parser.error(f"{arguments.models} holds no <network>/{FILE}")
    loaded = {path.parent.name: load(path, arguments.threads) for path in paths}
    if arguments.out:
        with np.load(arguments.pictures) as pictures:
            np.savez(arguments.out, **outputs(loaded, pictures))
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


def outputs(loaded: dict[str, Interpreter], pictures) -> dict[str, np.ndarray]:
    """Every output of each network, float32 (N, ...), under "<network>_<number>".

    Args:
        loaded: interpreters by network.
        pictures: float32 (N, S, S, 3) in [0, 1] under str(S).
    """
    found = {}
    for name, interpreter in loaded.items():
        size = interpreter.get_input_details()[0]["shape"][1]
        answers = [infer(interpreter, picture[None]) for picture in pictures[str(size)]]
        for number, values in enumerate(zip(*answers, strict=True)):
            found[f"{name}_{number}"] = np.concatenate(values)
    return found


def infer(interpreter: Interpreter, batch: np.ndarray) -> list[np.ndarray]:
    """All outputs for one picture."""
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
    interpreter.invoke()
    return [interpreter.get_tensor(x["index"]) for x in interpreter.get_output_details()]


def median_ms(interpreter: Interpreter, repeats: int) -> float:
    """Milliseconds of one inference."""
    shape = interpreter.get_input_details()[0]["shape"]
    batch = np.random.default_rng(0).random(shape, np.float32)  # speed does not depend on it
    times = []
    for _ in range(repeats + 2):
        started = time.perf_counter()
        infer(interpreter, batch)
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times[2:]))  # the first two warm up


if __name__ == "__main__":
    main()
