"""Several nodes: the run and a node are killed in the middle, nothing is lost or doubled."""

import json
import os
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from fracturelens.batch.files import Options
from fracturelens.scale.cluster import Cluster
from fracturelens.scale.run import predict_on_cluster
from fracturelens.scale.shards import SOURCES
from important_variables import ROOT, SAVED_MODELS
from tests.helpers.bright_spots import write_picture
from tests.helpers.deadly_films import slow_engine
from tests.helpers.missing import need
from tests.helpers.ray_nodes import ray_nodes

need("ray", "requirements-ray.txt")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")
OPTIONS = Options(
    always_segment=False, accept_any=False, study_folders=False, pdf=False, parquet=False
)
FILMS = 16
PATIENCE = 500
"""Seconds; workers take their time to start on a busy machine."""


@pytest.fixture
def nodes(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("RAY_worker_register_timeout_seconds", "300")  # the machine may be busy
        with ray_nodes(tmp_path, patch) as cluster:
            yield cluster


def examine(address, films, out, workers):
    """A run of two workers, as the killed one makes it too."""
    cluster, engine = Cluster(address, workers=2, shard=2), partial(slow_engine, Path(workers))
    return predict_on_cluster([films], engine, out, cluster, SAVED_MODELS, OPTIONS)


def wait_for(number, find):
    """What `find` gives, once it is so many."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if len(found := sorted(find())) >= number:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"{number} are not there: {found}")


def test_a_killed_run_goes_on_and_a_killed_node_costs_nothing(nodes, tmp_path):
    films, out = tmp_path / "films", tmp_path / "out"
    for number in range(FILMS):
        write_picture(films / f"{number:02}.png", bright=number % 2 == 0)
    workers = tmp_path / "workers"
    workers.mkdir()
    words = [nodes.address, str(films), str(out), str(workers)]
    code = f"from tests.fracturelens.scale.test_nodes import examine; examine(*{words})"
    run = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        before = wait_for(2, partial(out.glob, f"shard-*/{SOURCES}"))
    finally:
        run.kill()
        run.wait()
    known = len(list(workers.iterdir()))
    stamps = {path: path.stat().st_mtime_ns for path in before}

    killed = []

    def kill_node():
        wait_for(known + 2, workers.iterdir)
        nodes.kill_one()
        killed.append(True)

    killer = threading.Thread(target=kill_node)
    killer.start()
    outcome = examine(*words)
    killer.join()
    assert killed
    assert outcome.predicted == FILMS and not outcome.unreadable
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps, "done once, by the first"
    names = [name for path in out.glob(f"shard-*/{SOURCES}")
             for name in json.loads(path.read_text())]  # fmt: skip
    assert sorted(names) == sorted(map(str, films.iterdir())), "each film once"
    recorded = [json.loads(line)["file"] for path in out.glob(f"shard-*/{SOURCES}")
                for line in path.with_name("results.jsonl").read_text().splitlines()]  # fmt: skip
    assert sorted(recorded) == sorted(names)
