"""The parts of `benchmark-scale` that need Ray: several nodes, one machine, very many films."""

import os
import secrets
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from fracturelens.scale.cluster import CLUSTERS
from fracturelens.scale.shards import Shards
from training.benchmark.scale_runs import (
    EVERY,
    NICENESS,
    Moment,
    Run,
    ScaleError,
    films_a_second,
    run_predict,
    write_films,
)

SHARD = 10
"""Films in a shard of the timed runs: small ones show progress often."""
SHARDS = 50
"""Of a run over very many films."""
LOOKS = 60
"""Moments of a long run that the report keeps."""
Films = Sequence[tuple[str, bytes]]
"""(ending, bytes) of the files that are repeated."""


def time_nodes(drawn: Films, number: int, workers: Sequence[int]) -> dict:
    """Films a second on a local cluster of as many nodes as workers at most, a core each.

    Args:
        drawn: the films.
        number: in each run.
        workers: of each run.

    Returns:
        {"films": number, "nodes": int, "films_per_second": {"1": rate, ...}}.
    """
    rates = {}
    with TemporaryDirectory() as folder, ray_nodes(Path(folder), max(workers)) as address:
        films = write_films(drawn, number, Path(folder) / "films")
        for count in workers:
            words = ["--ray", address, "--workers", str(count)]
            rates[str(count)] = _rate(films, Path(folder) / f"out-{count}", words, count)
    return {"films": number, "nodes": max(workers), "films_per_second": rates}


def compare_batch(drawn: Films, number: int, rounds: int) -> dict:
    """Films a second of `predict` and of its Ray on one machine, in turns.

    Args:
        drawn: the films.
        number: in each run.
        rounds: of all ways.

    Returns:
        {"films", "rounds", "films_per_second": {way: [rate of each round]}, "ray_share": {"one":
        Ray's rate over that of `predict`, median of the rounds, one worker and one thread, "all":
        as many workers as cores, and threads as `predict` takes them}}.
    """
    cores = os.cpu_count() or 1
    ways: dict[str, tuple[list[str], int | None, int]] = {
        "predict_one": ([], 1, 1),
        "ray_one": (["--ray", "--workers", "1"], 1, 1),
        "predict_all": ([], None, 1),
        "ray_all": (["--ray"], None, cores),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    with TemporaryDirectory() as folder:
        films = write_films(drawn, number, Path(folder) / "films")
        for turn in range(rounds):
            for way, (words, threads, workers) in ways.items():
                out = Path(folder) / f"{way}-{turn}"
                rates[way].append(_rate(films, out, words, workers, threads))
    shares = {
        kind: statistics.median(
            ray / plain
            for ray, plain in zip(rates[f"ray_{kind}"], rates[f"predict_{kind}"], strict=True)
        )
        for kind in ("one", "all")
    }
    return {"films": number, "rounds": rounds, "films_per_second": rates, "ray_share": shares}


def watch_many(source: Path, number: int, every: float) -> dict:
    """Memory over a run of very many films: those of a folder, linked under new names.

    Args:
        source: folder of films; its subfolders too.
        number: of films.
        every: seconds between two looks.

    Returns:
        {"films", "workers", "seconds", "films_per_second", "moments": `LOOKS` rows of the fields
        of `Moment`, "peak_mb" and "growth" of "driver", "worker" and "all"}; growth is the median
        of the last fifth of the run over that of the second.

    Raises:
        ScaleError: the folder holds no films, or not each film has one record.
    """
    with TemporaryDirectory() as folder:
        films, out = Path(folder) / "films", Path(folder) / "out"
        _link(source, number, films)
        words = ["--ray", "--shard", str(max(1, number // SHARDS))]
        run = run_predict(films, out, words, every=every, broken=True)
        _check_records(films, out)
    return many_report(run, number)


def many_report(run: Run, number: int) -> dict:
    """What `watch_many` gives, of its run."""
    busy = [each for each in run.moments if 0 < each.films and each.driver_mb]
    step = max(1, len(busy) // LOOKS)
    return {
        "films": number,
        "workers": os.cpu_count(),
        "seconds": round(run.seconds, 1),
        "films_per_second": films_a_second(busy, busy[0].films, busy[-1].films),
        "columns": list(Moment.__dataclass_fields__),
        "moments": [[*vars(each).values()] for each in busy[::step]],
        "peak_mb": {kind: max(_megabytes(busy, kind)) for kind in ("driver", "worker", "all")},
        "growth": {kind: _growth(_megabytes(busy, kind)) for kind in ("driver", "worker", "all")},
    }


def _megabytes(moments: Sequence[Moment], kind: str) -> list[float]:
    return [getattr(each, f"{kind}_mb") for each in moments]


def _growth(megabytes: Sequence[float]) -> float:
    fifth = max(1, len(megabytes) // 5)
    early = megabytes[fifth : 2 * fifth] or megabytes
    return round(statistics.median(megabytes[-fifth:]) / statistics.median(early), 3)


def _rate(films: Path, out: Path, words: list[str], workers: int, threads: int | None = 1) -> float:
    """Films a second while all workers are busy."""
    number = sum(1 for _ in films.iterdir())
    run = run_predict(films, out, [*words, "--shard", str(SHARD)], threads, EVERY)
    return films_a_second(run.moments, workers * SHARD, number - (workers - 1) * SHARD)


def _link(source: Path, number: int, folder: Path) -> None:
    """Fills a folder with links, which take no room."""
    paths = sorted(path for path in source.rglob("*.jpg") if path.is_file())
    if not paths:
        raise ScaleError(f"{source} holds no .jpg films. --data names a folder that does.")
    folder.mkdir()
    for place, path in enumerate(islice(cycle(paths), number)):
        (folder / f"{place:06}_{path.name}").symlink_to(path.resolve())


def _check_records(films: Path, out: Path) -> None:
    names = sorted(record["file"] for record in Shards(str(out)).records())
    if names != sorted(map(str, films.iterdir())):
        raise ScaleError(f"{len(names)} records, not one for each film. Run it by hand to see why.")


@contextmanager
def ray_nodes(folder: Path, number: int) -> Iterator[str]:
    """Runs a Ray cluster on this machine until the block ends; yields its address.

    Its head has no cores, its nodes have one each; no other machine hears it.
    """
    (folder / "token").write_text(secrets.token_hex(32))
    os.environ |= {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(folder / "token"),
        "RAY_USAGE_STATS_ENABLED": "0",
        NICENESS: "0",
        CLUSTERS: "0",
    }
    from ray.cluster_utils import Cluster

    store = {"object_store_memory": 100_000_000}
    cluster = Cluster()
    try:
        cluster.add_node(num_cpus=0, include_dashboard=False, **store)
        for _ in range(number):
            cluster.add_node(num_cpus=1, **store)
        yield cluster.address
    finally:
        cluster.shutdown()
