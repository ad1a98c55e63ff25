"""Two runtimes are compared film by film: verdicts, findings, pixels and raw outputs."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.networks.runtime_parity import (
    RuntimeParity,
    read_runtime_parity,
    write_runtime_parity,
)
from important_variables import GATE
from tests.helpers.app_helpers import fake_screening
from tests.helpers.bright_spots import spotting_engine, write_picture
from training.data.dataset import Xray
from training.evaluate.runtimes import best_overlaps, compare_runtimes


@pytest.fixture
def films(tmp_path):
    """Two X-rays with a bright spot and one without."""
    paths = [
        write_picture(tmp_path / f"{number}.png", bright=bright)
        for number, bright in enumerate((True, True, False))
    ]
    return [Xray(path.name, path, "val", number < 2) for number, path in enumerate(paths)]


def changed(engine, name, change):
    """The engine with another output of one network."""
    network = engine.networks[name]
    other = replace(network, run=lambda batch: change(network.run(batch)))
    return replace(engine, networks={**engine.networks, name: other})


def darker(maps):
    """Without what the network painted."""
    return np.stack([np.ones_like(maps[..., 0]), np.zeros_like(maps[..., 1])], axis=-1)


def eroded(maps):
    """With the first painted rows of each map left out."""
    maps = maps.copy()
    for one in maps:
        rows = np.flatnonzero(one[..., 1].any(axis=1))
        one[rows[:4], :, 1] = 0
    return maps


def test_equal_engines_answer_alike(films):
    engine = replace(spotting_engine(), screening=fake_screening("limb"))
    found = compare_runtimes(engine, engine, films)
    assert found.films == 3 and found.split == "val"
    assert set(found.networks) == {GATE, "encoder_decoder", "unet", "screening"}
    assert all(one.is_same and one.films_that_differ == 0 for one in found.networks.values())
    assert found.networks[GATE].findings is None
    unet = found.networks["unet"]
    assert unet.findings == 2 and unet.pixels > 0 and unet.pixels_that_differ == 0
    assert unet.smallest_overlap == 1


def test_another_verdict_is_counted(films):
    engine = spotting_engine()
    found = compare_runtimes(engine, changed(engine, GATE, lambda out: out * 0.65), films)
    gate = found.networks[GATE]
    assert gate.answers_that_differ == 2 and not gate.is_same
    assert gate.films_that_differ == 3
    assert gate.largest_difference == pytest.approx(0.35, abs=0.02)
    assert found.networks["unet"].is_same


def test_a_finding_that_vanishes_is_another_answer(films):
    engine = spotting_engine()
    unet = compare_runtimes(engine, changed(engine, "unet", darker), films).networks["unet"]
    assert unet.answers_that_differ == 2 and unet.smallest_overlap == 0
    assert unet.pixels_that_differ == unet.pixels


def test_a_finding_with_another_rim_is_the_same_answer(films):
    engine = spotting_engine()
    unet = compare_runtimes(engine, changed(engine, "unet", eroded), films).networks["unet"]
    assert unet.is_same and unet.films_that_differ == 2
    assert 0 < unet.pixels_that_differ < unet.pixels and 0.5 < unet.smallest_overlap < 1


def test_what_was_measured_is_read_as_it_was_written(tmp_path, films):
    engine = spotting_engine()
    found = compare_runtimes(engine, engine, films)
    write_runtime_parity(found, tmp_path)
    assert read_runtime_parity(tmp_path) == found and isinstance(found, RuntimeParity)


def test_regions_are_held_against_the_one_that_fits_best():
    first, second = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    first[2:6, 2:6] = second[2:6, 3:7] = True
    first[12:14, 12:14] = True
    assert best_overlaps(first, second) == [pytest.approx(12 / 20), 0.0, pytest.approx(12 / 20)]
    assert best_overlaps(second[:1], second[:1]) == []
