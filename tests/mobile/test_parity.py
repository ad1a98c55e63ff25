"""The phone says what Python says: of every sample, and of validation films."""

import csv
import os

import numpy as np
import pytest

from important_variables import FRACTURE, SAMPLES
from prediction import examine_xray, load_engine
from tests.helpers.phone import mask_of

FILMS = int(os.environ.get("PHONE_FILMS", "200"))
"""Spread over all of validation."""
STEP = 1 / 256
"""Of an INT8 output."""
LEAST_DICE = 0.995


@pytest.fixture(scope="module")
def engine():
    return load_engine()


def compare(worker, engine, data, name, always_segment=False):
    """Says what differs between phone and Python; "" where nothing does."""
    ours = examine_xray(data, engine, always_segment=always_segment, accept_any=True)
    theirs = worker.examine(data, always_segment=always_segment, accept_any=True)
    if ours.prediction is None:
        return "" if theirs["error"] else f"{name}: Python cannot read it, the phone can"
    found = theirs["prediction"]
    told = (
        str(ours.prediction.verdict) == found["verdict"],
        abs(ours.prediction.gate_probability - found["gateProbability"]) <= STEP,
        (ours.refusal and ours.refusal.kind) == (theirs["refusal"] and theirs["refusal"]["kind"]),
        [caution.key for caution in ours.cautions] == [c["key"] for c in theirs["cautions"]],
        all(dices(ours, theirs)),
    )
    return "" if all(told) else f"{name}: verdict, probability, refusal, cautions, masks {told}"


def dices(ours, theirs):
    """Yields for each segmenter whether both mark the same."""
    segmentations = ours.prediction.segmentations
    yield set(segmentations) == {one["network"] for one in theirs["prediction"]["segmentations"]}
    for one in theirs["prediction"]["segmentations"]:
        mask = segmentations[one["network"]].mask
        other = mask_of(one, *mask.shape)
        both = np.count_nonzero(mask) + np.count_nonzero(other)
        yield not both or 2 * np.count_nonzero(mask & other) / both >= LEAST_DICE
        numbers = [(f.number, sorted(f.networks)) for f in segmentations[one["network"]].findings]
        yield numbers == [(f["number"], f["networks"]) for f in one["findings"]]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.png")), ids=lambda path: path.stem)
def test_samples(worker, engine, path):
    assert compare(worker, engine, path.read_bytes(), path.name, always_segment=True) == ""


@pytest.mark.slow
def test_validation_films(worker, engine, fracatlas):
    with (FRACTURE / "splits" / "val.csv").open() as file:
        names = [row["image_id"] for row in csv.DictReader(file) if not row["excluded"]]
    paths = {path.name: path for path in fracatlas.rglob("*.jpg")}
    chosen = names[:: max(1, len(names) // FILMS)][:FILMS]
    differing = [compare(worker, engine, paths[name].read_bytes(), name) for name in chosen]
    assert len(chosen) == FILMS
    assert list(filter(None, differing)) == []


def test_a_picture_that_is_no_film_is_refused_alike(worker, engine):
    data = (SAMPLES.parents[1] / "assets/screenshots/homepage-light-390.png").read_bytes()
    assert compare(worker, engine, data, "page") == ""
    assert worker.examine(data)["prediction"] is None


def test_a_negative_is_inverted_alike(worker, engine):
    import cv2

    film = cv2.imread(str(SAMPLES / "forearm_whole.png"), cv2.IMREAD_GRAYSCALE)
    data = cv2.imencode(".png", 255 - film)[1].tobytes()
    assert compare(worker, engine, data, "negative") == ""
