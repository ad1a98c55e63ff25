"""The batch is timed as a long run less a short one, against its parts on one core."""

import pytest

from important_variables import SAMPLES, SAVED_MODELS
from training.benchmark import batch
from training.benchmark.batch import measure, time_parts


def test_start_up_counts_for_nothing_and_cores_are_shared_out(tmp_path, monkeypatch):
    asked = []

    def parts(module, content, environment):
        asked.append((content["kind"], environment))
        return {"examine": 0.15, "write": 0.05}

    def predict(folder, models, out):
        films = len(list(folder.iterdir()))
        return {"seconds": 3 + 0.125 * films, "peak_mb": 200 + films}

    monkeypatch.setattr(batch, "ask_apart", parts)
    monkeypatch.setattr(batch, "run_predict", predict)
    monkeypatch.setattr(batch, "describe_machine", dict)
    monkeypatch.setenv("FRACTURELENS_THREADS", "2")
    report = measure(tmp_path, (4, 12), (1, 3))
    assert [kind for kind, _ in asked] == ["small", "large"]
    assert all(variables == {"FRACTURELENS_THREADS": "1"} for _, variables in asked)
    small = report["kinds"]["small"]
    assert small["seconds"] == pytest.approx(0.125) and small["share"] == pytest.approx(0.8)
    assert small["peak_mb"] == (204, 212) and report["cores"] == 2


def test_parts_are_timed_with_the_shipped_networks(monkeypatch):
    monkeypatch.setattr(batch, "ROUNDS", 1)
    film = sorted(SAMPLES.glob("*.png"))[0].read_bytes()
    parts = time_parts([film], SAVED_MODELS)
    assert parts["examine"] > parts["write"] > 0
