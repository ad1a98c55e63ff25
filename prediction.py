"""From the bytes of an X-ray to its findings: the Python API that every front end calls.

from prediction import examine_xray, load_engine

found = examine_xray(Path("film.png").read_bytes(), load_engine())
print(found.prediction.verdict, found.prediction.gate_probability)
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from create_segmentation_model import load_model
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import Region, find_regions
from fracturelens.findings.restore import restore_above
from fracturelens.measured.shares import Shares, region_shares
from fracturelens.measured.site import Site
from fracturelens.networks.brought import networks_in
from fracturelens.networks.calibration import calibrated
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inputs import NetworkInputs
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Mode, run_network
from fracturelens.results import (
    Examination,
    FracturePrediction,
    Scores,
    Segmentation,
    Thresholds,
    Verdict,
)
from fracturelens.screening.dicom_header import header_cautions
from fracturelens.screening.network import NEGATIVE, load_screening
from fracturelens.screening.outcome import Outcome
from fracturelens.screening.screen import screen
from fracturelens.screening.words import Refusal, refusal_of
from fracturelens.xray.cautions import Caution
from fracturelens.xray.radiograph import Radiograph, negative_of
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from important_variables import FRACTURE_CHANNEL, GATE, SAVED_MODELS, segmenters


@dataclass(frozen=True)
class Engine:
    """All that decides an answer, loaded once.

    Attributes:
        networks: predictors by name, the gate among them.
        precision: "float32" or "int8".
        thresholds: chosen on validation, from the cards.
        screening: the network that tells such X-rays from other pictures; None leaves the exact
            checks.
        shares: what share of findings was right, by verdict; {} where that was not measured.
        site: whose calibration and thresholds the gate has; None for those of its card.
    """

    networks: Mapping[str, Predictor]
    precision: str
    thresholds: Thresholds
    screening: Predictor | None = None
    shares: Mapping[Verdict, Shares] = field(default_factory=dict)
    site: Site | None = None


def load_engine(
    precision: str = "int8", folder: Path = SAVED_MODELS, runtime: str | None = None
) -> Engine:
    """The networks of a folder with thresholds, screening and what was measured.

    Args:
        precision: "int8" (LiteRT, needs no TensorFlow) or "float32" (Keras).
        folder: where the networks lie.
        runtime: of LiteRT files, of `RUNTIMES`; None for `wanted_runtime`.

    Raises:
        MissingModelError: a network is absent or damaged; the text says what to do.
        ScreeningError: the screening network is.
    """
    networks = {name: load_model(name, precision, folder, runtime) for name in networks_in(folder)}
    return make_engine(networks, precision, folder, load_screening(folder, runtime))


def make_engine(
    networks: Mapping[str, Predictor], precision: str, folder: Path, screening: Predictor | None
) -> Engine:
    """The engine of networks that are loaded already.

    Args:
        networks: by name.
        precision: "float32" or "int8".
        folder: where the networks lie.
        screening: of `load_screening`; None leaves the exact checks.

    Raises:
        CardError: a card holds no thresholds for this precision.
    """
    cards = {name: network.card for name, network in networks.items()}
    thresholds = thresholds_of(cards, precision)
    shares = region_shares(thresholds, precision, folder)
    return Engine(networks, precision, thresholds, screening, shares)


def thresholds_of(cards: Mapping[str, ModelCard], precision: str) -> Thresholds:
    """The thresholds of several cards as one; without the gate's card, 0.5 stands for the gate.

    The largest of the segmenters' limits for small regions counts for all.

    Raises:
        CardError: a card holds no thresholds for this precision.
    """
    chosen = {name: card.thresholds_at(precision) for name, card in cards.items()}
    gate = chosen.pop(GATE, {"doubtful": 0.5, "fracture": 0.5})
    return Thresholds(
        doubtful=gate["doubtful"],
        fracture=gate["fracture"],
        mask={name: entry["mask"] for name, entry in chosen.items()},
        min_lesion_share=max(
            (entry.get("min_lesion_share", 0.0) for entry in chosen.values()), default=0.0
        ),
    )


def examine_xray(
    data: bytes,
    engine: Engine,
    *,
    always_segment: bool = False,
    accept_any: bool = False,
    decode: Callable[[bytes], Radiograph] = decode_xray,
) -> Examination:
    """Reads, screens, scores and judges one file.

    Args:
        data: the whole file.
        engine: of `load_engine`.
        always_segment: run the segmenters and paint whatever the verdict.
        accept_any: judge what does not look like an X-ray too; `refusal` says why it would not be.
        decode: reads the bytes; for callers that remember what they have read.

    Returns:
        What became of it; nothing is raised for a file that cannot be read, or for which the
        memory does not suffice.
    """
    try:
        radiograph, refusal = screen_xray(decode(data), engine)
        if refusal and not accept_any:
            return Examination(refusal=refusal, radiograph=radiograph, cautions=radiograph.cautions)
        scores = score_xray(radiograph.network_pixels, engine, always_segment=always_segment)
        prediction = judge_scores(scores, engine.thresholds, always_segment)
    except UnreadableXrayError as error:
        return Examination(error=str(error))
    except (MemoryError, cv2.error):
        return Examination(error="the X-ray needs more memory than there is; export it smaller.")
    return Examination("", refusal, radiograph, scores, prediction, radiograph.cautions)


def screen_xray(radiograph: Radiograph, engine: Engine) -> tuple[Radiograph, Refusal | None]:
    """The picture to judge and why it would be refused, if so.

    A negative (dark bones on a bright ground) is inverted where that is all that makes it unlike
    an X-ray; it carries the caution "inverted". What the header says, and that a film is unlike
    those that the networks were measured on, is added as cautions.
    """
    radiograph = radiograph.with_cautions(*header_cautions(radiograph.source))
    screening = screen(radiograph, engine.screening)
    if screening.outcome is Outcome.CAUTION:
        if screening.kind == NEGATIVE:
            return negative_of(radiograph), None
        return radiograph.with_cautions(Caution("unlike")), None
    return radiograph, refusal_of(screening)


def predict_fracture(
    pixels: np.ndarray, engine: Engine, *, always_segment: bool = False
) -> FracturePrediction:
    """Verdict and findings of one gray picture, without reading or screening a file.

    Args:
        pixels: uint8 (H, W); not altered.
        engine: of `load_engine`.
        always_segment: run the segmenters and paint whatever the verdict.

    Raises:
        ValueError: the picture is not uint8 (H, W).
    """
    scores = score_xray(pixels, engine, always_segment=always_segment)
    return judge_scores(scores, engine.thresholds, always_segment)


def score_xray(
    pixels: np.ndarray, engine: Engine, *, always_segment: bool = False, mode: Mode = Mode.USUAL
) -> Scores:
    """Runs the networks; arguments as for `predict_fracture`, `mode` as for `run_network`.

    The segmenters run where the verdict at the engine's thresholds is "fracture" or "doubtful",
    or where the caller asks for them.
    """
    inputs = NetworkInputs(pixels)
    gate = engine.networks[GATE]
    raw, seconds = _timed(gate, inputs, mode)
    score = float(calibrated(raw[0], gate.card.calibration_at(engine.precision)))
    height, width = pixels.shape
    scores = Scores(height, width, score, seconds={GATE: seconds})
    if score < engine.thresholds.doubtful and not always_segment:
        return scores
    return _segmented(scores, inputs, engine, mode)


def segment_scores(scores: Scores, pixels: np.ndarray, engine: Engine) -> Scores:
    """The scores of an X-ray that the gate had stopped, with those of the segmenters.

    Args:
        scores: of `score_xray`.
        pixels: the same picture, uint8 (H, W).
        engine: the same engine.
    """
    return _segmented(scores, NetworkInputs(pixels), engine, Mode.USUAL)


def judge_scores(
    scores: Scores, thresholds: Thresholds, always_paint: bool = False
) -> FracturePrediction:
    """Applies thresholds to scores; no inference, so that a slider may call it at each move.

    Maps that are at hand stay unused where neither the verdict nor the caller asks for them.
    """
    verdict = judge_gate(scores.gate, thresholds)
    if verdict is Verdict.NO_FRACTURE and not always_paint:
        return FracturePrediction(scores.gate, verdict, thresholds, {}, painted=False)
    cut = {name: _cut(name, scores, thresholds) for name in scores.probabilities}
    regions = {name: found for name, (found, _) in cut.items()}
    findings = number_findings(regions, scores.height * scores.width)
    segmentations = {
        name: Segmentation(name, scores.probabilities[name], mask, findings[name])
        for name, (_, mask) in cut.items()
    }
    painted = always_paint or verdict is Verdict.FRACTURE
    return FracturePrediction(scores.gate, verdict, thresholds, segmentations, painted)


def judge_gate(probability: float, thresholds: Thresholds) -> Verdict:
    """The verdict for a calibrated gate probability in [0, 1]: the one place that decides it."""
    if probability >= thresholds.fracture:
        return Verdict.FRACTURE
    return Verdict.DOUBTFUL if probability >= thresholds.doubtful else Verdict.NO_FRACTURE


def shares_for(examination: Examination, engine: Engine) -> Shares:
    """What share of such findings was right, by who marks them.

    Nothing is known of pictures that were refused, of other thresholds than those that were
    measured, and of places that a network could not mark because it did not run.
    """
    prediction = examination.prediction
    if prediction is None or examination.refusal or prediction.thresholds != engine.thresholds:
        return {}
    shares = engine.shares.get(prediction.verdict, {})
    measured = frozenset().union(*shares)
    return shares if measured == set(prediction.segmentations) else {}


def _segmented(scores: Scores, inputs: NetworkInputs, engine: Engine, mode: Mode) -> Scores:
    """The scores with those of every segmenter that the engine has."""
    maps, seconds = {}, dict(scores.seconds)
    for name in segmenters():
        if name in engine.networks:
            output, seconds[name] = _timed(engine.networks[name], inputs, mode)
            maps[name] = output[..., FRACTURE_CHANNEL]
    return replace(scores, probabilities=maps, seconds=seconds)


def _timed(network: Predictor, inputs: NetworkInputs, mode: Mode) -> tuple[np.ndarray, float]:
    """A network's answer, and how many seconds it took."""
    started = time.perf_counter()
    output = run_network(network, inputs, mode)
    return output, time.perf_counter() - started


def _cut(name: str, scores: Scores, thresholds: Thresholds) -> tuple[list[Region], np.ndarray]:
    """Regions of one segmenter and its bool (H, W) mask.

    The picture's size is restored before the cut: resizing a mask would gnaw at small lesions.
    """
    threshold, size = thresholds.mask[name], (scores.height, scores.width)
    window, part = restore_above(scores.probabilities[name], *size, threshold)
    corner = window[1].start, window[0].start
    mask = np.zeros(size, bool)
    smallest = thresholds.min_lesion_share * mask.size
    regions, mask[window] = find_regions(part >= threshold, part, smallest, corner)
    return regions, mask
