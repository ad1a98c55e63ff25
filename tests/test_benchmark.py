"""Tests of the benchmark: turns, claims, tables, and weighing in a process of its own."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from tiny_networks import SIZE, tiny_int8_file

from important_variables import SAVED_MODELS
from tests.app_helpers import benchmark_report
from training.benchmark import _weigh_apart, claims, interleave
from training.benchmark_command import growth_claims, measure_growth
from training.benchmark_runners import Runner
from training.benchmark_tables import END, START, write_tables


def test_calls_take_turns():
    order = []
    calls = {name: lambda name=name: order.append(name) for name in "ab"}
    times = interleave(calls, rounds=2, block=2)
    assert "".join(order) == "aaabbbaaabbb"  # one call before each block warms up
    assert {len(values) for values in times.values()} == {4}


def test_times_are_seconds():
    times = interleave({"nap": lambda: time.sleep(0.01)}, rounds=1, block=3)["nap"]
    assert (times >= 0.01).all()


def test_claims_compare_the_best_of_each():
    found = {claim: entry["value"] for claim, entry in claims(benchmark_report()).items()}
    assert found["three networks, Keras predict / LiteRT INT8"] == pytest.approx(9)
    assert found["JPEG to overlays, Keras predict / LiteRT INT8"] == pytest.approx(3.5)
    assert found["JPEG to overlays, older app (loads at each rerun) / LiteRT INT8"] == 50
    assert found["U-Net int8, LiteRT / fastest peer"] == pytest.approx(0.8)
    assert found["U-Net float32, LiteRT / fastest peer"] == pytest.approx(1.2)


def test_growth_compares_the_last_step_with_the_first():
    rows = [{"pictures": n, "seconds": s, "peak_mb": m} for n, s, m in (
        (10, 2, 100), (100, 11, 110), (1000, 191, 120))]  # fmt: skip
    assert [value for value, _ in growth_claims(rows).values()] == pytest.approx([1.2, 2.0])


def test_no_peer_no_claim_about_peers():
    made = benchmark_report()
    made["networks"]["unet"]["runs"] = made["networks"]["unet"]["runs"][:4]
    assert not [claim for claim in claims(made) if "peer" in claim]


def test_tables_replace_only_what_stands_between_the_marks(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"# Before\n{START}\nold\n{END}\nafter\n")
    made = benchmark_report() | {"ratios": claims(benchmark_report())}
    tables = write_tables(made, tmp_path)
    content = path.read_text()
    assert content == f"# Before\n{START}\n{tables}{END}\nafter\n"
    assert "| LiteRT | int8 | 2 | 10.0 | 20.0 | 100.0 | 50 | 10 | 80 | 2.00 |" in content
    assert "| 1,000 of 454 x 373 pixels | 100.50 | 150 |" in content
    assert json.loads((tmp_path / "latest.json").read_text())["date"] == "2026-11-22"
    write_tables(made, tmp_path)
    assert path.read_text() == content


def test_weighing_apart_sees_a_light_runtime(tmp_path):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_int8_file())
    found = _weigh_apart(Runner("unet", "LiteRT", "int8", 1, path, SIZE))
    assert found["file_bytes"] == path.stat().st_size
    assert 10 < found["peak_mb"] < 200
    assert found["load_ms"] > 0


def test_runner_pictures_are_the_same_each_time():
    runner = Runner("unet", "LiteRT", "int8", 1, Path("none"), 8)
    assert np.array_equal(runner.picture(), runner.picture())
    assert runner.picture().shape == (1, 8, 8, 3)


def test_predict_is_measured_in_a_light_process(tmp_path):
    rows = measure_growth(SAVED_MODELS, (1, 2))
    assert [row["pictures"] for row in rows] == [1, 2]
    assert not any(row["tensorflow_imported"] for row in rows)
    assert all(30 < row["peak_mb"] < 400 and row["seconds"] > 0 for row in rows)
