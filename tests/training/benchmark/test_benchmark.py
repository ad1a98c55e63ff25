"""Tests of the benchmark: turns, claims, tables, and weighing in a process of its own."""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from fracturelens.measured.speed import RUNTIMES
from fracturelens.networks.brought import write_spec
from fracturelens.networks.card import read_card
from important_variables import BENCHMARK, NETWORKS, SAMPLES, SAVED_MODELS, trained_here
from prediction import examine_xray
from tests.helpers.benchmark_report import benchmark_report
from tests.helpers.tiny_networks import SIZE, tiny_int8_file
from training.benchmark.benchmark import (
    _weigh_apart,
    find_ratios,
    interleave,
    networks_to_time,
    run,
)
from training.benchmark.cascade import RELOADED, cascade_runs, group_ways, weigh_way
from training.benchmark.cascade import _weigh_apart as weigh_way_apart
from training.benchmark.command import growth_ratios, measure_growth
from training.benchmark.runners import LOADERS, Runner, from_record, to_record
from training.documents.benchmark_tables import (
    ARM_END,
    ARM_START,
    END,
    START,
    with_tables,
    write_tables,
)


def test_calls_take_turns():
    order = []
    calls = {name: lambda name=name: order.append(name) for name in "ab"}
    times = interleave(calls, rounds=2, block=2)
    assert "".join(order) == "aaabbbaaabbb"  # one call before each block warms up
    assert {len(values) for values in times.values()} == {4}


def test_times_are_seconds():
    times = interleave({"nap": lambda: time.sleep(0.01)}, rounds=1, block=3)["nap"]
    assert (times >= 0.01).all()


def test_ratios_compare_the_best_of_each():
    found = {(x.key, *x.networks, x.precision): x.value for x in find_ratios(benchmark_report())}
    assert found["all_networks", "unet", ""] == pytest.approx(9)
    assert found["whole_way", "unet", ""] == pytest.approx(3.5)
    assert found["whole_way_reloaded", "unet", ""] == 50
    assert found["fastest_peer", "unet", "int8"] == pytest.approx(0.8)
    assert found["fastest_peer", "unet", "float32"] == pytest.approx(1.2)


def test_pruned_networks_are_timed_and_converted_ones_are_not(tmp_path, monkeypatch):
    for name, file in (("narrow", "model.keras"), ("foreign", "model_float32.tflite")):
        spec = replace(NETWORKS["unet"], name=name, brought=True)
        monkeypatch.setitem(NETWORKS, name, spec)
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
        write_spec(spec, tmp_path)
    assert networks_to_time(tmp_path) == [*trained_here(), "narrow"]
    assert networks_to_time(SAVED_MODELS) == list(trained_here())


def test_ours_is_what_the_engine_chose_where_that_was_timed():
    made = benchmark_report()
    runs = made["networks"]["unet"]["runs"]
    runs.append(runs[3] | {"runtime": "auto", "median_ms": 5.0})
    made["cascade"].append(made["cascade"][1] | {"runtime": "auto", "median_ms": 50.0})
    found = {(x.key, x.precision): x.value for x in find_ratios(made)}
    assert found["all_networks", ""] == pytest.approx(18)
    assert found["whole_way", ""] == pytest.approx(7)
    assert found["fastest_peer", "int8"] == pytest.approx(0.4)
    assert found["fastest_peer", "float32"] == pytest.approx(1.2)


def test_growth_compares_the_last_step_with_the_first():
    steps = ((10, 2, 100), (100, 11, 110), (1000, 191, 120))
    rows = [{"pictures": n, "seconds": s, "peak_mb": m} for n, s, m in steps]
    found = growth_ratios(rows)
    assert [ratio.value for ratio in found] == pytest.approx([1.2, 2.0])
    assert all(ratio.pictures == [10, 1000] for ratio in found)


def test_no_peer_no_claim_about_peers():
    made = benchmark_report()
    made["networks"]["unet"]["runs"] = made["networks"]["unet"]["runs"][:4]
    assert not [ratio for ratio in find_ratios(made) if ratio.key == "fastest_peer"]


def test_the_shipped_ratios_are_those_of_the_shipped_times():
    report = json.loads(BENCHMARK.read_text())
    assert report["ratios"] == [asdict(ratio) for ratio in find_ratios(report)]


def test_every_runtime_has_words():
    assert {*LOADERS, RELOADED} == set(RUNTIMES)


def test_tables_replace_only_what_stands_between_the_marks(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"# Before\n{START}\nold\n{END}\nmiddle\n{ARM_START}\n{ARM_END}\nafter\n")
    made = benchmark_report()
    made["ratios"] = [asdict(ratio) for ratio in find_ratios(made)]
    tables = write_tables(made, tmp_path, SAVED_MODELS)
    content = path.read_text()
    assert content.startswith(f"# Before\n{START}\n{tables}{END}\nmiddle\n{ARM_START}\n")
    assert f"{ARM_END}\nafter\n" in content
    assert "| LiteRT | INT8 | 2 | 10.0 | 20.0 | 100.0 | 100 | 10 | 80 | 2.00 |" in content
    assert "| LiteRT | float32 | 2 | 200 | 200 | 0.0 | 40.0 | 50.0 | 10.0 | 150 | 5.00 |" in content
    assert "| 1,000 of 454 x 373 pixels | 100.50 | 150 |" in content
    assert "are not the ones that were timed" in content
    assert json.loads((tmp_path / "latest.json").read_text())["date"] == "2026-11-22"
    write_tables(made, tmp_path, SAVED_MODELS)
    assert path.read_text() == content


def test_a_new_folder_gets_both_sections(tmp_path):
    write_tables(benchmark_report(), tmp_path / "new", SAVED_MODELS)
    content = (tmp_path / "new" / "README.md").read_text()
    assert [mark in content for mark in (START, END, ARM_START, ARM_END)] == [True] * 4


def test_the_benchmarks_page_is_up_to_date():
    folder = BENCHMARK.parent
    text = (folder / "README.md").read_text()
    fresh = with_tables(text, json.loads(BENCHMARK.read_text()), folder, SAVED_MODELS)
    assert fresh == text, "run `fracturelens benchmark --tables-only`"


def test_tables_alone_need_a_benchmark(tmp_path, capsys):
    arguments = argparse.Namespace(tables_only=True, quick=False, out=tmp_path, models=SAVED_MODELS)
    assert run(arguments) == 1 and "holds no whole benchmark" in capsys.readouterr().err
    write_tables(benchmark_report(), tmp_path, SAVED_MODELS)
    assert run(arguments) == 0 and "| Claim |" in capsys.readouterr().out


def shipped(runtime="litert", threads=1):
    """The shipped INT8 networks as runners."""
    sizes = {name: read_card(name).input_size for name in NETWORKS}
    return [
        Runner(
            name, runtime, "int8", threads, SAVED_MODELS / name / "model_int8.tflite", sizes[name]
        )
        for name in NETWORKS
    ]


def test_a_way_holds_all_three_networks():
    runners = [*shipped(), *shipped(threads=2)[1:]]
    assert group_ways(runners) == {("litert", "int8", 1): runners[:3]}


def test_runners_travel_as_json():
    runner = shipped()[0]
    assert from_record(json.loads(json.dumps(to_record(runner)))) == runner


def test_a_way_is_weighed_without_tensorflow():
    found = weigh_way_apart(shipped(), SAVED_MODELS)
    assert found["file_bytes"] == sum(x.path.stat().st_size for x in shipped())
    assert 60 < found["peak_mb"] < 450  # TensorFlow alone takes more


def test_each_way_takes_the_picture_in_turns(monkeypatch):
    monkeypatch.setattr("training.benchmark.cascade._weigh_apart", lambda *_: {"peak_mb": 1.0})
    monkeypatch.setattr("training.benchmark.cascade.large_jpeg", small_jpeg)
    monkeypatch.setattr("training.benchmark.cascade.OLDER", "litert")
    loaded = {runner: runner.load() for runner in (*shipped(), *shipped(threads=2))}
    rows = cascade_runs(loaded, SAVED_MODELS, rounds=2)
    assert [(row["runtime"], row["threads"]) for row in rows] == [
        ("litert", 1),
        ("litert", 2),
        (RELOADED, 1),
    ]
    assert all(row["median_ms"] > 0 and row["peak_mb"] == 1.0 for row in rows)
    assert rows[2]["stages_ms"]["load"] > rows[0]["stages_ms"]["load"]


def test_each_way_examines_the_file_as_the_front_ends_do(monkeypatch):
    seen = []

    def examine(data, engine, **options):
        seen.append((engine.precision, engine.screening is not None, set(engine.networks)))
        return examine_xray(data, engine, **options)

    monkeypatch.setattr("training.benchmark.cascade.examine_xray", examine)
    monkeypatch.setattr("training.benchmark.cascade.large_jpeg", small_jpeg)
    assert weigh_way(shipped(), SAVED_MODELS)["peak_mb"] > 0
    assert seen == [("int8", True, set(NETWORKS))]


def small_jpeg():
    return cv2.imencode(".jpg", cv2.imread(str(sorted(SAMPLES.glob("*.png"))[0])))[1].tobytes()


def test_weighing_apart_sees_a_light_runtime(tmp_path):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_int8_file())
    found = _weigh_apart(Runner("unet", "litert", "int8", 1, path, SIZE))
    assert found["file_bytes"] == path.stat().st_size
    assert 10 < found["peak_mb"] < 200
    assert found["load_ms"] > 0


def test_runner_pictures_are_the_same_each_time():
    runner = Runner("unet", "litert", "int8", 1, Path("none"), 8)
    assert np.array_equal(runner.picture(), runner.picture())
    assert runner.picture().shape == (1, 8, 8, 3)


def test_predict_is_measured_in_a_light_process(tmp_path):
    rows = measure_growth(SAVED_MODELS, (1, 2))
    assert [row["pictures"] for row in rows] == [1, 2]
    assert not any(row["tensorflow_imported"] for row in rows)
    assert all(30 < row["peak_mb"] < 400 and row["seconds"] > 0 for row in rows)
