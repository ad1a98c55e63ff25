"""The card's `inference` block is complete: a second, tiny front end gets the same answers by it.

`Stranger` below knows nothing of this project but the layout of card.json.
"""

import json
import math
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from important_variables import GATE, SAMPLES, SAVED_MODELS, segmenters
from prediction import examine_xray, load_engine

RESAMPLING = {"area": cv2.INTER_AREA, "bilinear": cv2.INTER_LINEAR}


def sample(file: str) -> np.ndarray:
    """A synthetic sample, uint8 (H, W)."""
    return cv2.imread(str(SAMPLES / f"{file}.png"), cv2.IMREAD_GRAYSCALE)


PICTURES = {
    "hip_broken": lambda: sample("hip_broken"),
    "hand_whole": lambda: sample("hand_whole"),
    "small, wider than high": lambda: np.ascontiguousarray(sample("hip_broken")[::2, ::2].T),
}


class Stranger:
    """A network of which only the card's `inference` block and the INT8 file are known."""

    def __init__(self, folder: Path):
        self.inference = json.loads((folder / "card.json").read_text())["inference"]
        self.size = self.inference["input"]["size"]
        self.interpreter = Interpreter(str(folder / "model_int8.tflite"))
        self.interpreter.allocate_tensors()

    def __call__(self, gray):
        """The answer for a uint8 (H, W) picture: (1,) or (size, size, classes)."""
        answer = self.ask(gray)
        if self.inference["flips"]:
            mirrored = self.ask(gray[:, ::-1])
            answer = (answer + (mirrored[:, ::-1] if mirrored.ndim > 1 else mirrored)) / 2
        return answer

    def ask(self, gray):
        tiling = self.inference["tiling"]
        if self.inference.get("views"):
            answers = [self.invoke(self.moved(gray, view)) for view in self.inference["views"]]
            kept = np.clip(answers, 1 / 512, 511 / 512)  # half a step of INT8 from 0 and 1
            return 1 / (1 + np.exp(-np.mean(np.log(kept / (1 - kept)), axis=0)))
        if tiling is None:
            return self.invoke(self.letterboxed(gray, self.size))
        side = round(tiling["enlargement"] * self.size)
        whole = self.letterboxed(gray, side)
        total = np.zeros((side, side, len(self.inference["classes"])))
        starts = np.linspace(0, side - self.size, tiling["per_side"]).round().astype(int)
        for top, across in zip(starts, self.faded(starts), strict=True):
            for left, along in zip(starts, self.faded(starts), strict=True):
                place = np.s_[top : top + self.size, left : left + self.size]
                share = np.outer(across[place[0]], along[place[1]])
                total[place] += share[..., None] * self.invoke(whole[place])
        joined = total.astype(np.float32)
        return cv2.resize(joined, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def moved(self, gray, view):
        """A scaled, moved and perhaps mirrored copy, cut to the network's size."""
        side = round(view["scale"] * self.size)
        margin, far = (self.size - side) // 2, side + self.size
        wide = np.zeros((2 * far + self.size,) * 2 + (self.inference["input"]["channels"],))
        top, left = far + margin + view["down"], far + margin + view["right"]
        wide[top : top + side, left : left + side] = self.letterboxed(gray, side)
        copy = wide[far : far + self.size, far : far + self.size]
        return (copy[:, ::-1] if view["mirrored"] else copy).astype(np.float32)

    def levels(self, gray):
        """The gray levels that become black and white."""
        stretch = self.inference["input"].get("stretch")
        if stretch is None:
            return 0, 255
        seen = self.resized(gray, self.size)
        low, high = (np.percentile(seen, stretch[end]) for end in ("low", "high"))
        return low, max(high, low + 1)

    def resized(self, gray, side):
        rules, scale = self.inference["input"]["letterbox"], side / max(gray.shape)
        height, width = (max(1, round(length * scale)) for length in gray.shape)
        how = RESAMPLING[rules["shrink" if scale < 1 else "enlarge"]]
        return cv2.resize(gray, (width, height), interpolation=how)

    def letterboxed(self, gray, side):
        """Float (side, side, channels), the picture centered in the padding."""
        given = self.inference["input"]
        (low, high), (black, white) = given["range"], self.levels(gray)
        square = np.full((side, side), given["letterbox"]["padding"], given["dtype"])
        resized = self.resized(gray, side)
        height, width = resized.shape
        top, left = (side - height) // 2, (side - width) // 2
        shares = np.clip((resized - black) / (white - black), 0, 1)
        square[top : top + height, left : left + width] = low + (high - low) * shares
        return np.repeat(square[..., None], given["channels"], axis=2)

    def faded(self, starts):
        """How much each tile counts along a side: 1, falling straight to 0 over each overlap."""
        places, left = np.arange(starts[-1] + self.size) + 0.5, 1.0
        for start, following in pairwise(starts):
            end = start + self.size
            share = np.clip((end - places) / (end - following), 0, 1)
            yield left * share
            left = left * (1 - share)
        yield left

    def invoke(self, picture):
        self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], picture[None])
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.interpreter.get_output_details()[0]["index"])[0]

    def calibrated(self, raw):
        fitted = self.inference["calibration"]["int8"]
        logit = math.log(raw / (1 - raw))
        return 1 / (1 + math.exp(-(fitted["slope"] * logit + fitted["intercept"])))

    def verdict(self, probability):
        chosen = self.inference["thresholds"]["int8"]
        if probability >= chosen["fracture"]:
            return "fracture"
        return "doubtful" if probability >= chosen["doubtful"] else "no_fracture"


@pytest.fixture(scope="module")
def engine():
    return load_engine("int8", SAVED_MODELS)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_stranger_gets_the_same_answers_from_the_card_alone(engine, picture):
    gray = PICTURES[picture]()
    data = cv2.imencode(".png", gray)[1].tobytes()
    ours = examine_xray(data, engine, always_segment=True, accept_any=True)

    gate = Stranger(SAVED_MODELS / GATE)
    probability = gate.calibrated(float(gate(gray)[0]))
    assert probability == pytest.approx(ours.scores.gate, abs=1e-6)
    assert gate.verdict(probability) == ours.prediction.verdict
    for name in segmenters():
        network = Stranger(SAVED_MODELS / name)
        fracture = network(gray)[..., network.inference["classes"].index("fracture")]
        difference = np.abs(fracture - ours.scores.probabilities[name]).max()
        assert difference <= 1e-6, name
        assert network.inference["thresholds"]["int8"]["mask"] == engine.thresholds.mask[name]


def test_the_samples_have_different_verdicts():
    gate = Stranger(SAVED_MODELS / GATE)
    probabilities = [float(gate(sample(file))[0]) for file in ("hip_broken", "hand_whole")]
    assert len({gate.verdict(gate.calibrated(one)) for one in probabilities}) == 2
