"""Chooses what runs a LiteRT file: LiteRT, or OpenVINO where it is installed, equal, quicker."""

import hashlib
import platform
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.runtime_parity import Parity, read_runtime_parity
from fracturelens.xray.letterbox import prepare_xray
from fracturelens.xray.read import decode_xray
from important_variables import (
    RUNTIMES,
    SAMPLES,
    cache_folder,
    inference_threads,
    wanted_runtime,
)

LITERT, OPENVINO, KERAS = "litert", "openvino", "keras"
PACKAGES = ("ai-edge-litert", "openvino")
QUICKER = 0.95
"""Share of LiteRT's time that OpenVINO may take at most: a smaller gain would be noise."""
AS_CLOSE = 2
"""Times the difference on validation that the samples may show, at most."""
ROUNDS = 5
"""Times that each runtime is timed; the quickest counts: other programs can only slow it down."""
Inference = Callable[[np.ndarray], np.ndarray]


class RuntimeUnavailableError(RuntimeError):
    """The runtime that was asked for cannot run here; the text says what to do."""


@dataclass(frozen=True)
class Setting:
    """All that decides which runtime is quicker.

    Attributes:
        sha256: of the network's file.
        threads: of one network.
        processor: its name.
        versions: of both runtimes, by package.
    """

    sha256: str
    threads: int
    processor: str
    versions: dict[str, str]


@dataclass(frozen=True)
class Choice:
    """What a short measurement found, as it is remembered.

    Attributes:
        setting: that it holds for.
        runtime: to be taken, "litert" or "openvino".
        litert_ms: of one picture.
        openvino_ms: likewise.
        mean_difference: between the outputs for one sample, mean, the largest of all samples.
    """

    setting: Setting
    runtime: str
    litert_ms: float
    openvino_ms: float
    mean_difference: float


def load_file(
    path: Path, card: ModelCard, folder: Path, runtime: str | None
) -> tuple[Inference, str]:
    """The inference function of a LiteRT file, and which runtime runs it.

    Args:
        path: of the file, which was checked against its card.
        card: of the network.
        folder: of the networks, where the comparison of the runtimes lies.
        runtime: of `RUNTIMES`; None for `wanted_runtime`.

    Raises:
        RuntimeUnavailableError: the runtime is unknown, or is OpenVINO and not installed.
        ValueError: the file is no LiteRT network, or takes no float32 picture.
        RuntimeError: the runtime cannot run it.
    """
    wanted = runtime or wanted_runtime()
    if wanted not in RUNTIMES:
        raise RuntimeUnavailableError(
            f"Expected a runtime of {', '.join(RUNTIMES)}, received {wanted!r}: look at --runtime "
            "and FRACTURELENS_RUNTIME."
        )
    if wanted == OPENVINO and find_spec(OPENVINO) is None:
        raise RuntimeUnavailableError(
            "OpenVINO is not installed. Install it with `pip install -r "
            "requirements-openvino.txt`, or choose the runtime litert or auto."
        )
    chosen = choose_runtime(path, card, folder) if wanted == "auto" else wanted
    return RUNNERS[chosen](path), chosen


def choose_runtime(path: Path, card: ModelCard, folder: Path) -> str:
    """OpenVINO where it may be taken and is quicker on this machine, else LiteRT.

    It may be taken for a file on which `compare-runtimes` found no answer that differs, with the
    same versions of both packages, and where its outputs here are as close to LiteRT's as they
    were there: processors without VNNI clip sums of INT8 products. The choice is remembered.
    """
    if find_spec(OPENVINO) is None:
        return LITERT
    digest, versions = card.files.get(path.name, ""), package_versions()
    measured = read_runtime_parity(folder)
    parity = measured.of(digest) if measured and measured.versions == versions else None
    if parity is None or not parity.is_same:
        return LITERT
    setting = Setting(digest, inference_threads(), processor_name(), versions)
    known = _recall(setting)
    if known is None:
        known = _measure(path, card, parity, setting)
        _remember(known)
    return known.runtime


@cache
def processor_name() -> str:
    """Of this machine, "unknown" where the system does not tell."""
    path = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", path.read_text("utf-8")) if path.is_file() else None
    return found.group(1).strip() if found else platform.processor() or "unknown"


def package_versions() -> dict[str, str]:
    """Versions of the runtimes that are installed, by package."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _measure(path: Path, card: ModelCard, parity: Parity, setting: Setting) -> Choice:
    """Times both runtimes on the samples in turns; one that cannot run the file is not taken."""
    pictures = _pictures(card.input_size)
    try:
        runners = {name: RUNNERS[name](path) for name in (LITERT, OPENVINO)}
        outputs = {name: [run(picture) for picture in pictures] for name, run in runners.items()}
    except (ImportError, RuntimeError, ValueError):
        return Choice(setting, LITERT, 0.0, 0.0, 0.0)
    difference = max(
        (float(np.abs(a - b).mean()) for a, b in zip(*outputs.values(), strict=True)),
        default=np.inf,
    )
    times: dict[str, list[float]] = {LITERT: [], OPENVINO: []}
    for _ in range(ROUNDS):
        for name, run in runners.items():
            started = time.perf_counter()
            for picture in pictures:
                run(picture)
            times[name].append(1000 * (time.perf_counter() - started) / max(1, len(pictures)))
    litert, openvino = (min(times[name]) for name in (LITERT, OPENVINO))
    alike = difference <= AS_CLOSE * parity.largest_mean_difference
    fits = alike and openvino <= QUICKER * litert
    return Choice(setting, OPENVINO if fits else LITERT, litert, openvino, difference)


def _pictures(size: int) -> list[np.ndarray]:
    """The samples as a network of this input size takes them."""
    films = (decode_xray(path.read_bytes()) for path in sorted(SAMPLES.glob("*.png")))
    return [prepare_xray(film.network_pixels, size) for film in films]


def _place(setting: Setting) -> Path:
    key = hashlib.sha256(msgspec.json.encode(setting, order="sorted")).hexdigest()[:32]
    return cache_folder() / "runtimes" / f"{key}.json"


def _recall(setting: Setting) -> Choice | None:
    """What was found before; None where nothing was, or it cannot be read."""
    try:
        known = msgspec.json.decode(_place(setting).read_bytes(), type=Choice)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return known if known.setting == setting and known.runtime in RUNNERS else None


def _remember(choice: Choice) -> None:
    """Keeps what was found; where the folder cannot be written to, it is measured again."""
    path = _place(choice.setting)
    draft = path.with_suffix(f".{time.time_ns()}.tmp")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(msgspec.json.encode(choice))
        draft.replace(path)
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def _run_litert(path: Path) -> Inference:
    from fracturelens.networks.litert import LitertPredictor  # optional at the desk

    return LitertPredictor(path)


def _run_openvino(path: Path) -> Inference:
    from fracturelens.networks.openvino import OpenvinoPredictor  # optional everywhere

    return OpenvinoPredictor(path)


RUNNERS: dict[str, Callable[[Path], Inference]] = {LITERT: _run_litert, OPENVINO: _run_openvino}
