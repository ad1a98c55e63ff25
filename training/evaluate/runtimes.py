"""`compare-runtimes`: whether OpenVINO answers as LiteRT does, film by film."""

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from tqdm import tqdm

from fracturelens.networks.predictor import Predictor
from fracturelens.networks.runtime_parity import Parity, RuntimeParity, write_runtime_parity
from fracturelens.networks.runtimes import package_versions, processor_name
from fracturelens.results import Segmentation
from fracturelens.screening.network import SCREENING
from fracturelens.screening.screen import screen
from fracturelens.xray.radiograph import Radiograph
from fracturelens.xray.read import decode_xray
from important_variables import GATE
from prediction import Engine, judge_scores, load_engine, score_xray
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.options import add_data_option, add_models_option

SPLIT = "val"
SAME_PLACE = 0.5
"""IoU from which a finding of one runtime is a finding of the other."""
TOLD_ERRORS = (FracAtlasError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens compare-runtimes`."""
    add_data_option(parser)
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compares all networks on val, writes runtimes.json and prints the counts."""
    engines = [load_engine("int8", arguments.models, runtime) for runtime in ("litert", "openvino")]
    measured = compare_runtimes(*engines, usable(read_fracatlas(arguments.data), SPLIT))
    path = write_runtime_parity(measured, arguments.models)
    for name, found in measured.networks.items():
        sys.stdout.write(
            f"{name}: {found.answers_that_differ} of {measured.films} answers differ, "
            f"{found.pixels_that_differ or 0} of {found.pixels or 0} pixels\n"
        )
    sys.stdout.write(f"Written to {path}\n")
    return 0


def compare_runtimes(litert: Engine, openvino: Engine, xrays: list[Xray]) -> RuntimeParity:
    """How all networks of an engine, screening among them, answer in both runtimes.

    Args:
        litert: an engine whose networks run in LiteRT.
        openvino: the same networks in OpenVINO.
        xrays: usable pictures of `SPLIT`.
    """
    tallies = {name: _Tally(one.digest) for name, one in _networks(litert).items()}
    sides = [_listening(engine) for engine in (litert, openvino)]
    for xray in tqdm(xrays, "comparing", unit="picture"):
        film = decode_xray(xray.path.read_bytes())
        answers, heard = zip(*(_ask(engine, ears, film) for engine, ears in sides), strict=True)
        for name, tally in tallies.items():
            tally.outputs(*(outputs[name] for outputs in heard))
            tally.answers(*(said[name] for said in answers))
    return RuntimeParity(
        date=time.strftime("%Y-%m-%d"),
        processor=processor_name(),
        versions=package_versions(),
        split=SPLIT,
        films=len(xrays),
        networks={name: tally.parity for name, tally in tallies.items()},
    )


class _Ear:
    """Runs a network and keeps its outputs until they are taken."""

    def __init__(self, network: Predictor):
        self._run, self._heard = network.run, list[np.ndarray]()

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        self._heard.append(self._run(batch))
        return self._heard[-1]

    def take(self) -> np.ndarray:
        """All outputs since the last time, float32 (N,)."""
        taken, self._heard = self._heard, []
        return np.concatenate([output.ravel() for output in taken])


def _networks(engine: Engine) -> dict[str, Predictor]:
    """The networks of an engine by name, screening among them if it has one."""
    screening = {SCREENING: engine.screening} if engine.screening else {}
    return {**engine.networks, **screening}


def _listening(engine: Engine) -> tuple[Engine, dict[str, _Ear]]:
    """The engine with an ear at each network, and the ears by name."""
    ears = {name: _Ear(network) for name, network in _networks(engine).items()}
    heard = {name: replace(one, run=ears[name]) for name, one in _networks(engine).items()}
    screening = heard.pop(SCREENING, None)
    return replace(engine, networks=heard, screening=screening), ears


def _ask(
    engine: Engine, ears: Mapping[str, _Ear], film: Radiograph
) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """What each network answers about a film, and its outputs."""
    answers: dict[str, object] = {}
    if engine.screening:
        found = screen(film, engine.screening)
        answers[SCREENING] = found.outcome, found.kind
    scores = score_xray(film.network_pixels, engine, always_segment=True)
    prediction = judge_scores(scores, engine.thresholds, always_paint=True)
    answers |= {GATE: prediction.verdict} | dict(prediction.segmentations)
    return answers, {name: ear.take() for name, ear in ears.items()}


@dataclass
class _Tally:
    """Counts of one network, film by film."""

    sha256: str
    different_answers: int = 0
    different_films: int = 0
    largest: float = 0.0
    largest_mean: float = 0.0
    findings: int = 0
    pixels: int = 0
    different_pixels: int = 0
    overlaps: list[float] = field(default_factory=list)
    paints: bool = False

    def outputs(self, first: np.ndarray, second: np.ndarray) -> None:
        """Notes the outputs for one film."""
        both = min(len(first), len(second))  # screening asks twice about what may be a negative
        difference = np.abs(first[:both] - second[:both])
        self.different_films += bool(difference.any())
        self.largest = max(self.largest, float(difference.max()))
        self.largest_mean = max(self.largest_mean, float(difference.mean()))

    def answers(self, first: object, second: object) -> None:
        """Notes the answers about one film."""
        if isinstance(first, Segmentation) and isinstance(second, Segmentation):
            self._findings(first, second)
        else:
            self.different_answers += first != second

    def _findings(self, first: Segmentation, second: Segmentation) -> None:
        self.paints = True
        self.findings += len(first.findings)
        self.pixels += int(np.count_nonzero(first.mask | second.mask))
        self.different_pixels += int(np.count_nonzero(first.mask ^ second.mask))
        overlaps = best_overlaps(first.mask, second.mask)
        self.overlaps += overlaps
        same = len(first.findings) == len(second.findings)
        self.different_answers += not same or any(one < SAME_PLACE for one in overlaps)

    @property
    def parity(self) -> Parity:
        """What was counted."""
        painted = {
            "findings": self.findings,
            "pixels": self.pixels,
            "pixels_that_differ": self.different_pixels,
            "smallest_overlap": min(self.overlaps, default=None),
        }
        return Parity(
            self.sha256,
            self.different_answers,
            self.different_films,
            self.largest,
            self.largest_mean,
            **(painted if self.paints else {}),
        )


def best_overlaps(first: np.ndarray, second: np.ndarray) -> list[float]:
    """For each region of either mask, bool (H, W), the IoU with the other's that fits it best."""
    ours, theirs = (cv2.connectedComponents(mask.view(np.uint8))[1] for mask in (first, second))
    return [*_overlaps(ours, theirs), *_overlaps(theirs, ours)]


def _overlaps(ours: np.ndarray, theirs: np.ndarray) -> list[float]:
    """For each region of the first labels, 0 for none, the best IoU with one of the second."""
    found = []
    for label in range(1, ours.max() + 1):
        region = ours == label
        others = [theirs == other for other in np.unique(theirs[region]) if other]
        found.append(max((_iou(region, one) for one in others), default=0.0))
    return found


def _iou(first: np.ndarray, second: np.ndarray) -> float:
    return int(np.count_nonzero(first & second)) / int(np.count_nonzero(first | second))
