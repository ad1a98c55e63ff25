"""Dice against time: which ways are found, what they cost, and which are the best."""

from dataclasses import replace

import pytest

from fracturelens.measured.layout import Estimate
from fracturelens.measured.pareto import (
    FILE,
    Way,
    find_ways,
    mark_front,
    read_ways,
    way_rows,
    write_ways,
)
from fracturelens.measured.speed import read_benchmark
from fracturelens.networks.card import read_card
from important_variables import SAVED_MODELS
from tests.helpers.benchmark_report import benchmark_report

WAY = Way("unet", "litert", "int8", 2, "usual", 20.0, Estimate(0.45), 4_000_000, 2_000_000)


@pytest.fixture(scope="module")
def report():
    """Times of the small report, as if they were those of the shipped U-Net."""
    return benchmark_report(files={"unet": dict(read_card("unet").files)})


@pytest.fixture(scope="module")
def ways(report):
    return find_ways(report, SAVED_MODELS)


def test_a_way_takes_as_long_as_all_its_inferences(ways):
    int8 = {way.mode: way for way in ways if way.precision == "int8"}
    assert [int8[mode].milliseconds for mode in ("whole", "usual", "flips")] == [10, 40, 80]
    assert int8["usual"].multiply_accumulates == 12_000_000_000
    assert int8["usual"].threads == 2, "the quicker number of threads"


def test_peers_count_where_they_run_what_was_measured(ways):
    found = {(way.runtime, way.precision) for way in ways}
    peers = {(runtime, "float32") for runtime in ("keras_predict", "litert", "openvino")}
    assert found == peers | {("litert", "int8")}


def test_dice_is_that_of_the_file_that_was_timed(report):
    other = benchmark_report(files={"unet": report["files"]["unet"] | {"model.keras": "other"}})
    assert {way.precision for way in find_ways(other, SAVED_MODELS)} == {"int8"}


def test_networks_without_card_or_evaluation_are_left_out(report, tmp_path):
    assert find_ways(report, tmp_path) == []


def test_best_is_what_nothing_quicker_reaches():
    dices = (0.3, 0.2, 0.4, 0.4)
    ways = [replace(WAY, milliseconds=float(n), dice=Estimate(d)) for n, d in enumerate(dices)]
    assert [way.on_front for way in mark_front(ways)] == [True, False, True, False]


def test_ways_are_read_as_they_were_written(tmp_path):
    write_ways([WAY], tmp_path / "pareto.json")
    assert read_ways(tmp_path / "pareto.json") == [WAY]
    assert read_ways(tmp_path / "none.json") == []
    (tmp_path / "pareto.json").write_text("{")
    assert read_ways(tmp_path / "pareto.json") == []


def test_a_row_says_everything_in_words():
    assert list(way_rows([WAY])[0].values()) == [
        "U-Net", "LiteRT INT8, as usual", "20.0", "0.450", "4", "2.00", "",
    ]  # fmt: skip


def test_the_shipped_ways_are_those_of_the_shipped_times():
    assert read_ways(FILE) == find_ways_rounded()


def find_ways_rounded():
    found = find_ways(read_benchmark(), SAVED_MODELS)
    return [replace(way, milliseconds=round(way.milliseconds, 6)) for way in found]
