"""The benchmark in words: keys become titles, bounds become targets, and stale files are told."""

import json

import msgspec
import pytest

from fracturelens.measured.speed import (
    BEST_COLUMN,
    RUNTIMES,
    Ratio,
    best_rates,
    cascade_rows,
    chosen_line,
    claim_rows,
    claim_words,
    command_rows,
    read_benchmark,
    run_rows,
    runtimes_words,
    stale_line,
)
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.inference import gate_inference
from important_variables import BENCHMARK, NETWORKS
from tests.helpers.benchmark_report import benchmark_report


def test_missed_targets_are_called_missed():
    rows = claim_rows(benchmark_report())
    assert [(row["Target"], row["Met"]) for row in rows] == [
        ("at least 2", "yes"),
        ("at most 1.1", "no"),
    ]


@pytest.mark.parametrize(
    ("value", "bound", "kind", "met"),
    [
        (8.0, 8, "at_least", True),
        (7.9, 8, "at_least", False),
        (1.1, 1.1, "at_most", True),
        (1.11, 1.1, "at_most", False),
    ],
)
def test_targets_are_bounds(value, bound, kind, met):
    assert Ratio("whole_way", value, bound, kind).is_met is met


def test_keys_become_words():
    peer = Ratio("fastest_peer", 1.0, 1.1, "at_most", ["unet"], "int8")
    assert claim_words(peer) == "U-Net INT8, ours / fastest peer"
    growth = Ratio("predict_memory", 1.0, 1.1, "at_most", pictures=[10, 1000])
    assert claim_words(growth) == "predict, peak memory, 1,000 / 10 pictures"


def test_a_network_that_is_gone_keeps_its_name():
    peer = Ratio("fastest_peer", 1.0, 1.1, "at_most", ["resnet"], "float32")
    assert claim_words(peer) == "resnet float32, ours / fastest peer"


def test_rows_hold_every_run_and_every_command():
    report = benchmark_report()
    assert len(run_rows(report, "unet")) == 6
    assert run_rows(report, "not timed") == []
    assert [row["X-rays"] for row in command_rows(report)][1:3] == [
        "one of 2304 x 2880 pixels",
        "10 of 454 x 373 pixels",
    ]


def test_every_way_of_a_picture_has_its_row():
    rows = cascade_rows(benchmark_report())
    assert len({(row["Runtime"], row["Number format"], row["Threads"]) for row in rows}) == 5
    assert rows[0]["Peak MB"] == "150" and rows[0]["Files MB"] == "5.00"
    assert rows[-1]["Runtime"] == "Keras predict, loaded anew" and rows[-1]["Decode"] == "40.0"


def test_the_best_rate_is_what_anything_reached():
    # The U-Net's 3 billion multiply-accumulates in 10 ms are more than the convolution's 200.
    assert best_rates(benchmark_report()) == {("int8", 1): 300.0, ("int8", 2): 300.0}
    rows = run_rows(benchmark_report(), "unet")
    found = {
        (row["Runtime"], row["Number format"], row["Threads"]): row[BEST_COLUMN] for row in rows
    }
    assert found["LiteRT", "INT8", 2] == "100" and found["LiteRT", "INT8", 1] == "50"
    assert found["OpenVINO", "INT8", 2] == "80"
    assert found["LiteRT", "float32", 2] == ""  # no rate to compare with


@pytest.fixture
def cards(tmp_path):
    """Cards of all networks, and the files that a benchmark of them would note."""
    files = {name: {"model.keras": name, "model_int8.tflite": "8" + name} for name in NETWORKS}
    for name, hashes in files.items():
        write_card(ModelCard(name, name, 0, gate_inference(64), files=hashes), tmp_path)
    return tmp_path, files


def test_nothing_is_stale_where_the_shipped_files_were_timed(cards):
    folder, files = cards
    assert stale_line(benchmark_report(files=files), folder) == ""


@pytest.mark.parametrize("file", ["model.keras", "model_int8.tflite"])
def test_another_file_than_the_timed_one_is_told(cards, file):
    folder, files = cards
    changed = files | {"unet": files["unet"] | {file: "other"}}
    told = stale_line(benchmark_report(files=changed), folder)
    assert told.startswith("The shipped files of U-Net are not the ones that were timed")


@pytest.mark.parametrize("content", ["", "{}", "[1", None])
def test_no_whole_report_is_none(tmp_path, content):
    path = tmp_path / "latest.json"
    if content is not None:
        path.write_text(content)
    assert read_benchmark(path) is None


def test_a_report_that_words_its_ratios_is_of_another_layout(tmp_path):
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(benchmark_report(ratios={"twice as fast": {"value": 2.5}})))
    assert read_benchmark(path) is None


def test_nothing_shipped_is_faster_than_the_best_rate():
    report = read_benchmark(BENCHMARK)
    shares = [row[BEST_COLUMN] for name in NETWORKS for row in run_rows(report, name)]
    numbers = [int(share) for share in shares if share]
    assert numbers and max(numbers) == 100


def test_the_shipped_benchmark_names_its_files_and_keys():
    report = read_benchmark(BENCHMARK)
    assert report["files"].keys() == set(NETWORKS)
    assert all(len(digest) == 64 for entry in report["files"].values() for digest in entry.values())
    runs = [run for entry in report["networks"].values() for run in entry["runs"]]
    ran = {run["runtime"] for run in runs + report["cascade"]}
    assert {"keras_predict", "litert"} <= ran <= set(RUNTIMES)
    claims = [claim_words(ratio) for ratio in msgspec.convert(report["ratios"], list[Ratio])]
    assert len(set(claims)) == len(claims) >= 11


def test_what_the_engine_took_is_told_where_it_is_known():
    report = benchmark_report()
    assert chosen_line(report) == ""
    report["networks"]["unet"]["chosen"] = "openvino"
    assert chosen_line(report) == "Ours in INT8: OpenVINO for all networks."
    told = runtimes_words({"gate": "litert", "unet": "openvino", "encoder_decoder": "openvino"})
    assert told == "LiteRT for Gate, OpenVINO for U-Net and Encoder-decoder"
