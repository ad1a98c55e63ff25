"""What a further film costs is the difference of a long and a short run."""

import json

import pytest

from training.benchmark import scale
from training.benchmark.scale import Run, ScaleError, measure


def test_start_up_counts_for_nothing(monkeypatch):
    def predict(drawn, number, folder, words):
        out = folder / "out"
        out.mkdir(parents=True)
        lines = []
        for n in range(number):
            (out / f"{n}.png").write_bytes(bytes(100))
            lines.append(json.dumps({"pictures": [f"{n}.png"]}))
        (out / "results.jsonl").write_text("\n".join(lines))
        start = 20 if "--ray" in words else 2
        return Run(start + 0.5 * number, 1 + 0.25 * number)

    monkeypatch.setattr(scale, "_predict", predict)
    monkeypatch.setattr(scale, "describe_machine", dict)
    report = measure((10, 30), (1, 2), "note")
    small, large = report["kinds"]["small"], report["kinds"]["large"]
    assert small["seconds"] == {"predict": 0.5, "ray_1": 0.5, "ray_2": 0.5}
    assert small["start_seconds"] == {"predict": 2.0, "ray_1": 20.0, "ray_2": 20.0}
    assert (small["core_seconds"], small["picture_bytes"], small["files"]) == (0.25, 100.0, 1.0)
    assert small["pixels"] != large["pixels"] == "2304 x 2880"


def test_a_run_that_fails_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "ROOT", tmp_path)
    with pytest.raises(ScaleError, match="Run it by hand"):
        scale._predict([(".png", b"")], 1, tmp_path / "run", [])
