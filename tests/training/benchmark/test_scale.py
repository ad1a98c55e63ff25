"""What a further film costs is the difference of a long and a short run; parts are kept apart."""

import json
from argparse import ArgumentParser

from training.benchmark import scale
from training.benchmark.scale_runs import Run


def arguments_of(*words):
    parser = ArgumentParser()
    scale.add_arguments(parser)
    return parser.parse_args(words)


def test_start_up_counts_for_nothing(monkeypatch):
    def run_predict(films, out, words=(), threads=1, every=None):
        number = len(list(films.iterdir()))
        out.mkdir(parents=True)
        lines = []
        for n in range(number):
            (out / f"{n}.png").write_bytes(bytes(100))
            lines.append(json.dumps({"pictures": [f"{n}.png"]}))
        (out / "results.jsonl").write_text("\n".join(lines))
        return Run(2 + 0.5 * number, 1 + 0.25 * number)

    monkeypatch.setattr(scale, "run_predict", run_predict)
    report = scale._cost(arguments_of("--films", "10", "30"))
    small, large = report["kinds"]["small"], report["kinds"]["large"]
    assert (small["seconds"], small["start_seconds"]) == (0.5, 2.0)
    assert (small["core_seconds"], small["picture_bytes"], small["files"]) == (0.25, 100.0, 1.0)
    assert small["pixels"] != large["pixels"] == "2304 x 2880"


def test_a_part_leaves_what_others_measured(tmp_path, monkeypatch):
    report = tmp_path / "scale.json"
    report.write_text(json.dumps({"cost": {"kept": 1}, "nodes": {"old": 1}}))
    monkeypatch.setattr(scale, "REPORT", report)
    monkeypatch.setattr(scale, "describe_machine", lambda: {"cores": 2})
    monkeypatch.setitem(scale.PARTS, "nodes", lambda _: {"films": 3})
    monkeypatch.setattr(scale, "with_tables", str)
    monkeypatch.setattr(scale, "write_or_check", lambda *_, **__: 0)
    assert scale.run(arguments_of("--parts", "nodes", "--note", "quiet")) == 0
    found = json.loads(report.read_text())
    assert found["cost"] == {"kept": 1} and "old" not in found["nodes"]
    assert (found["nodes"]["films"], found["nodes"]["note"]) == (3, "quiet")
