"""OpenVINO is taken where it is installed, measured to answer alike, and quicker; else LiteRT."""

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from fracturelens.networks import runtimes
from fracturelens.networks.card import read_card
from fracturelens.networks.runtime_parity import Parity, RuntimeParity, write_runtime_parity
from fracturelens.networks.runtimes import RuntimeUnavailableError, choose_runtime, load_file
from important_variables import SAVED_MODELS, cache_folder

PATH = SAVED_MODELS / "unet" / "model_int8.tflite"
CARD = read_card("unet")
VERSIONS = {"ai-edge-litert": "2", "openvino": "3"}
SAME = Parity(CARD.files[PATH.name], 0, 5, 0.1, 0.01)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with OpenVINO, whose networks are stand-ins; "calls" names who ran."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FRACTURELENS_RUNTIME", raising=False)
    made = {"folder": tmp_path, "calls": [], "openvino": 1.0, "litert": 2.0,
            "apart": 0.0, "clock": 0.0}  # fmt: skip

    def runner(name):
        def run(batch):
            made["calls"].append(name)
            made["clock"] += made[name]
            return np.full((1, 2), made["apart"] if name == "openvino" else 0.0, np.float32)

        return lambda _: run

    clock = SimpleNamespace(perf_counter=lambda: made["clock"], time_ns=time.time_ns)
    monkeypatch.setattr(runtimes, "time", clock)
    monkeypatch.setattr(runtimes, "find_spec", lambda _: True)
    monkeypatch.setattr(runtimes, "package_versions", lambda: VERSIONS)
    monkeypatch.setattr(runtimes, "RUNNERS", {n: runner(n) for n in ("litert", "openvino")})
    compared(tmp_path)
    return made


def compared(folder, parity=SAME, versions=VERSIONS):
    write_runtime_parity(
        RuntimeParity("2026-11-26", "CPU", versions, "val", 517, {"unet": parity}), folder
    )


def chosen(machine):
    return choose_runtime(PATH, CARD, machine["folder"])


def test_the_quicker_one_is_taken_and_remembered(machine):
    assert chosen(machine) == "openvino"
    assert {"litert", "openvino"} == set(machine["calls"])
    machine["calls"].clear()
    machine["openvino"] = 9.0
    assert chosen(machine) == "openvino" and machine["calls"] == []
    _, used = load_file(PATH, CARD, machine["folder"], "auto")
    assert used == "openvino"


def test_litert_is_kept_where_it_is_as_quick(machine):
    machine["openvino"] = 0.96 * machine["litert"]
    assert chosen(machine) == "litert"
    machine["openvino"] = 0.1
    assert chosen(machine) == "litert"  # remembered


def test_other_threads_are_measured_anew(machine, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_THREADS", "1")
    assert chosen(machine) == "openvino"
    machine["calls"].clear()
    monkeypatch.setenv("FRACTURELENS_THREADS", "2")
    assert chosen(machine) == "openvino" and machine["calls"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"runtime": "openvino"}'])
def test_a_broken_memory_is_measured_again(machine, content):
    chosen(machine)
    [memory] = (cache_folder() / "runtimes").iterdir()
    kept = memory.read_bytes()
    memory.write_bytes(content)
    machine["calls"].clear()
    assert chosen(machine) == "openvino" and machine["calls"]
    assert len(memory.read_bytes()) == pytest.approx(len(kept), abs=60)


def test_a_memory_of_another_machine_does_not_count(machine, monkeypatch):
    chosen(machine)
    [memory] = (cache_folder() / "runtimes").iterdir()
    memory.write_bytes(memory.read_bytes().replace(b'"threads":', b'"threads":1'))
    machine["calls"].clear()
    assert chosen(machine) == "openvino" and machine["calls"]


def test_a_cache_that_cannot_be_written_costs_a_measurement(machine, monkeypatch):
    (machine["folder"] / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine["folder"] / "file"))
    assert chosen(machine) == chosen(machine) == "openvino"


def test_other_outputs_than_where_it_was_compared_are_not_taken(machine):
    machine["apart"] = 0.021
    assert chosen(machine) == "litert"


def test_outputs_that_are_nearly_as_close_are_taken(machine):
    machine["apart"] = 0.019
    assert chosen(machine) == "openvino"


def test_a_file_that_it_cannot_run_stays_with_litert(machine, monkeypatch):
    def broken(_):
        raise RuntimeError("an operator is missing")

    monkeypatch.setitem(runtimes.RUNNERS, "openvino", broken)
    assert chosen(machine) == "litert"


@pytest.mark.parametrize(
    ("parity", "versions"),
    [
        (replace(SAME, answers_that_differ=1), VERSIONS),
        (replace(SAME, sha256="0" * 64), VERSIONS),
        (SAME, VERSIONS | {"openvino": "4"}),
    ],
    ids=["another answer", "another file", "another version"],
)
def test_nothing_is_tried_without_proof(machine, parity, versions):
    compared(machine["folder"], parity, versions)
    assert chosen(machine) == "litert" and machine["calls"] == []


@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff"])
def test_nothing_is_tried_where_the_comparison_cannot_be_read(machine, content):
    path = machine["folder"] / "runtimes.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert chosen(machine) == "litert" and machine["calls"] == []


def test_without_openvino_litert_runs_and_openvino_is_refused(machine, monkeypatch):
    monkeypatch.setattr(runtimes, "find_spec", lambda _: None)
    assert chosen(machine) == "litert" and machine["calls"] == []
    with pytest.raises(RuntimeUnavailableError, match=r"pip install -r requirements-openvino\.txt"):
        load_file(PATH, CARD, machine["folder"], "openvino")


def test_an_unknown_runtime_is_told(machine, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_RUNTIME", "onnx")
    with pytest.raises(RuntimeUnavailableError, match=r"auto, litert, openvino, received 'onnx'"):
        load_file(PATH, CARD, machine["folder"], None)


def test_the_environment_names_the_runtime(machine, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_RUNTIME", "openvino")
    assert load_file(PATH, CARD, machine["folder"], None)[1] == "openvino"
    assert load_file(PATH, CARD, machine["folder"], "litert")[1] == "litert"
