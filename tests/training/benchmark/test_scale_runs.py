"""A run is timed while all workers are busy, and watched with all that it started."""

import pytest

from important_variables import ROOT, SAMPLES
from training.benchmark import scale_runs
from training.benchmark.scale_runs import (
    Moment,
    ScaleError,
    films_a_second,
    run_predict,
    write_films,
)


def moments(*done):
    return [Moment(seconds, films, 1.0, 1.0, 1.0) for seconds, films in done]


def test_start_and_end_count_for_nothing():
    seen = moments((0, 0), (30, 0), (40, 10), (41, 10), (45, 60), (90, 70))
    assert films_a_second(seen, 10, 60) == 10


def test_a_plain_run_is_seen_to_grow(tmp_path):
    film = (SAMPLES / "hand_whole.png").read_bytes()
    films = write_films([(".png", film)], 3, tmp_path / "films")
    assert [path.name for path in sorted(films.iterdir())] == [f"{n:06}.png" for n in range(3)]
    run = run_predict(films, tmp_path / "out", every=0.2)
    assert run.moments[-1].films == 3 and run.core_seconds > 0
    assert max(each.driver_mb for each in run.moments) > 50
    assert all(each.all_mb >= each.driver_mb and not each.worker_mb for each in run.moments)


def test_a_run_that_fails_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scale_runs, "ROOT", tmp_path)
    films = write_films([(".png", b"")], 1, tmp_path / "films")
    with pytest.raises(ScaleError, match="Run it by hand"):
        run_predict(films, tmp_path / "out")
    assert ROOT != tmp_path
