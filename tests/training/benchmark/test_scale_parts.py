"""Ray and plain runs are compared round by round; growth is late memory over early."""

import os

import pytest

from training.benchmark import scale_parts
from training.benchmark.scale_parts import compare_batch, many_report, time_nodes, watch_many
from training.benchmark.scale_runs import Moment, Run, ScaleError


def test_each_round_is_compared_with_itself(monkeypatch):
    """The machine is half as fast in the second round, for all."""
    speeds = iter([4, 3, 8, 6, 2, 1.8, 4, 3.6])
    monkeypatch.setattr(scale_parts, "_rate", lambda *_: next(speeds))
    found = compare_batch([(".png", b"")], 4, rounds=2)
    assert found["films_per_second"]["predict_one"] == [4, 2]
    assert found["ray_share"] == {"one": pytest.approx(0.825), "all": pytest.approx(0.825)}


def test_ways_differ_in_nothing_but_ray(monkeypatch):
    asked = []

    def rate(films, out, words, workers, threads=1):
        asked.append((tuple(words), workers, threads))
        return 1.0

    monkeypatch.setattr(scale_parts, "_rate", rate)
    compare_batch([(".png", b"")], 4, rounds=1)
    cores = os.cpu_count()
    assert asked == [((), 1, 1), (("--ray", "--workers", "1"), 1, 1),
                     ((), 1, None), (("--ray",), cores, None)]  # fmt: skip


def test_each_number_of_workers_gets_its_nodes(monkeypatch):
    monkeypatch.setattr(scale_parts, "ray_nodes", nodes := Nodes())
    monkeypatch.setattr(scale_parts, "_rate", lambda films, out, words, count: 2.0 * count)
    found = time_nodes([(".png", b"")], 4, (1, 2))
    assert nodes.started == [2]
    assert found == {"films": 4, "nodes": 2, "films_per_second": {"1": 2.0, "2": 4.0}}


def test_growth_is_of_the_last_fifth_over_the_second():
    rows = [Moment(n, n, 100.0 if n < 20 else 150.0, 300.0, 500.0) for n in range(1, 26)]
    gone = Moment(26.0, 25, 0.0, 0.0, 0.0)
    report = many_report(Run(26.0, 1.0, (Moment(0.0, 0, 90.0, 0, 90.0), *rows, gone)), 25)
    assert report["growth"] == {"driver": 1.5, "worker": 1.0, "all": 1.0}
    assert report["peak_mb"]["driver"] == 150.0 and report["films_per_second"] == 1.0
    assert report["moments"][0] == [1, 1, 100.0, 300.0, 500.0]


def test_films_are_linked_under_new_names_and_each_needs_its_record(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    for name in ("a.jpg", "sub/b.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    linked = []

    def run(films, out, words, every, broken):
        assert broken, "records are counted, whatever they tell"
        linked.extend(sorted(films.iterdir()))
        assert all(path.is_symlink() and path.exists() for path in linked)
        out.mkdir()

    monkeypatch.setattr(scale_parts, "run_predict", run)
    with pytest.raises(ScaleError, match="0 records"):
        watch_many(tmp_path, 3, every=1.0)
    assert [path.name for path in linked] == ["000000_a.jpg", "000001_b.jpg", "000002_a.jpg"]
    with pytest.raises(ScaleError, match="holds no "):
        watch_many(tmp_path / "none", 3, every=1.0)


class Nodes:
    """A cluster that is none."""

    def __init__(self):
        self.started = []

    def __call__(self, folder, number):
        self.started.append(number)
        return self

    def __enter__(self):
        return "127.0.0.1:1"

    def __exit__(self, *_):
        pass
