"""Scores are those of the app, and are kept until something changes."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.networks.tiling import Mode
from fracturelens.results import Thresholds
from prediction import Engine, score_xray
from tests.training.evaluate.conftest import judge
from training.data.dataset import load_image
from training.evaluate.scores import score_picture, score_split


@pytest.mark.parametrize("mode", Mode)
def test_scores_are_those_of_the_app(predictors, xrays, mode):
    pixels = load_image(xrays[0]).copy()
    pixels[:, :20] = 250  # no symmetry
    engine = Engine(predictors, "float32", Thresholds(0.0, 1.0, {"unet": 0.5}))
    scores = score_xray(pixels, engine, mode=mode)
    assert score_picture(predictors["gate"], pixels, mode) == pytest.approx(scores.gate)
    ours = score_picture(predictors["unet"], pixels, mode)
    assert np.array_equal(ours, scores.probabilities["unet"])


def test_scores_are_kept_until_the_network_or_the_pictures_change(predictors, xrays, tmp_path):
    runs = []

    def counted(batch):
        runs.append(len(batch))
        return judge(batch)

    gate = replace(predictors["gate"], run=counted)
    first = score_split(gate, xrays[24:27], "val", folder=tmp_path)
    again = score_split(gate, xrays[24:27], "val", folder=tmp_path)
    assert len(runs) == 3 and np.array_equal(first.values, again.values)
    score_split(gate, xrays[24:28], "val", folder=tmp_path)
    assert len(runs) == 7
    other = replace(gate, card=replace(gate.card, files={"model.keras": "a" * 64}))
    score_split(other, xrays[24:28], "val", folder=tmp_path)
    assert len(runs) == 11
