"""The ways to run one network that `benchmark` compares: ours, the older app's, and the peers."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np

from fracturelens.networks.card import FILES, read_card
from fracturelens.networks.litert import LitertPredictor
from fracturelens.networks.runtimes import choose_runtime, load_file
from important_variables import ROOT
from training.benchmark.memory import MOST, memory_mb

Inference = Callable[[np.ndarray], object]
CORES = os.cpu_count() or 1
WARM_UPS = 3


@dataclass(frozen=True)
class Runner:
    """One network in one runtime.

    Attributes:
        network: its name.
        runtime: key of `LOADERS`.
        precision: "float32", "float16", "dynamic" or "int8".
        threads: that it may use.
        path: its file.
        size: side of the input, pixels.
    """

    network: str
    runtime: str
    precision: str
    threads: int
    path: Path
    size: int

    def load(self) -> Inference:
        """Loads the network; what is returned takes float32 (1, S, S, 3)."""
        return LOADERS[self.runtime](self.path, self.threads)

    def picture(self) -> np.ndarray:
        """A fixed noisy input: speed does not depend on what it shows."""
        shape = (1, self.size, self.size, 3)
        return np.random.default_rng(0).random(shape, np.float32)


def weigh(runner: Runner) -> dict:
    """Load time and peak memory, measured in a process of its own.

    Returns:
        load_ms (until the first result, imports included), peak_mb, file_bytes.
    """
    started = time.perf_counter()
    infer = runner.load()
    picture = runner.picture()
    infer(picture)
    load = time.perf_counter() - started
    for _ in range(WARM_UPS):
        infer(picture)
    return {
        "load_ms": 1000 * load,
        "peak_mb": peak_mb(),
        "file_bytes": bytes_of(runner.path),
    }


def to_record(runner: Runner) -> dict:
    """A runner as JSON, for another process."""
    return asdict(runner) | {"path": str(runner.path.resolve())}


def from_record(record: dict) -> Runner:
    """What `to_record` wrote."""
    return Runner(**record | {"path": Path(record["path"])})


def bytes_of(path: Path) -> int:
    """Size of the file, with OpenVINO's weights beside it."""
    weights = path.with_suffix(".bin")
    beside = weights.stat().st_size if path.suffix == ".xml" and weights.is_file() else 0
    return path.stat().st_size + beside


def ask_apart(
    module: str, content: dict, environment: Mapping[str, str] = MappingProxyType({})
) -> dict:
    """What a module of ours prints, run in a process of its own.

    Args:
        module: reads JSON from standard input; the last line that it prints is JSON.
        content: for it.
        environment: variables that it has besides ours.
    """
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(content),
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def peak_mb() -> float:
    """Most memory that this process has held, MB.

    Linux counts the parent's memory into a child's ru_maxrss, so its own mark is read there.
    """
    return memory_mb("self", MOST) or _peak_of_bsd()


def _peak_of_bsd() -> float:
    """The same where there is no /proc: macOS counts bytes. 0 on Windows."""
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 1024


def installed_peers() -> list[str]:
    """The peers that requirements-benchmark.txt brings and this environment has."""
    needs = {"onnxruntime": ("onnxruntime", "tf2onnx"), "openvino": ("openvino", "nncf", "tf2onnx")}
    return [peer for peer, packages in needs.items() if all(map(find_spec, packages))]


def chosen_runtime(name: str, models: Path) -> str:
    """What the engine takes on this machine for the INT8 file of a network."""
    return choose_runtime(models / name / FILES["int8"], read_card(name, models), models)


def has_bfloat16() -> bool:
    """Whether OpenVINO would run float32 files in bfloat16 on this processor."""
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _load_keras_predict(path: Path, threads: int) -> Inference:
    import keras

    model = keras.saving.load_model(path, compile=False)
    return lambda batch: model.predict(batch, verbose=0)


def _load_keras_function(path: Path, threads: int) -> Inference:
    from create_segmentation_model import load_model

    return load_model(path.parent.name, "float32", path.parent.parent)


def _load_litert(path: Path, threads: int) -> Inference:
    return LitertPredictor(path, threads, workers=1)


def _load_auto(path: Path, threads: int) -> Inference:
    """As the engine does it, with the engine's number of threads."""
    folder = path.parent.parent
    return load_file(path, read_card(path.parent.name, folder), folder, "auto")[0]


def _load_openvino_litert(path: Path, threads: int) -> Inference:
    from fracturelens.networks.openvino import OpenvinoPredictor  # a peer, not always installed

    return OpenvinoPredictor(path, threads, workers=1)


def _load_onnxruntime(path: Path, threads: int) -> Inference:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return _one_by_one(lambda picture: session.run(None, {name: picture})[0])


def _load_openvino(path: Path, threads: int, precision: str = "f32") -> Inference:
    import openvino

    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "PERFORMANCE_HINT": "LATENCY",
        # Left to itself, it runs float32 files in bfloat16 where the processor can.
        "INFERENCE_PRECISION_HINT": precision,
    }
    compiled = openvino.Core().compile_model(str(path), "CPU", settings)
    request = compiled.create_infer_request()
    return _one_by_one(lambda picture: request.infer({0: picture})[0])


def _one_by_one(infer: Inference) -> Inference:
    """For files whose batch is one picture: several are asked in turn."""
    return lambda batch: np.concatenate([infer(picture[None]) for picture in batch])


LOADERS = {
    "keras_predict": _load_keras_predict,
    "keras_function": _load_keras_function,
    "litert": _load_litert,
    "auto": _load_auto,
    "openvino_litert": _load_openvino_litert,
    "onnxruntime": _load_onnxruntime,
    "openvino": _load_openvino,
    "openvino_default": partial(_load_openvino, precision="bf16"),
}


def main() -> None:
    """Weighs the runner that standard input describes and prints the result as JSON."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    content = json.load(sys.stdin)
    sys.stdout.write(json.dumps(weigh(from_record(content))) + "\n")


if __name__ == "__main__":
    main()
