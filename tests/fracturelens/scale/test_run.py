"""Many workers: the records of one machine, nothing lost or doubled, whatever dies."""

import json
import os
from functools import partial
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from pyarrow.fs import FileSelector

import command_line
from fracturelens.batch.earlier import PARQUET
from fracturelens.batch.files import Options, predict_files
from fracturelens.batch.search import find_pictures
from fracturelens.scale.cluster import Cluster
from fracturelens.scale.errors import ClusterError
from fracturelens.scale.run import DIED, predict_on_cluster
from fracturelens.scale.shards import BEGUN, SOURCES, Shards
from important_variables import SAMPLES, SAVED_MODELS
from prediction import load_engine
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.deadly_films import deadly_engine, failing_engine, write_deadly
from tests.helpers.missing import need
from tests.helpers.object_store import object_store, put_films
from tests.helpers.ray_head import ray_head

need("ray", "requirements-ray.txt")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")
OPTIONS = Options(
    always_segment=False, accept_any=False, study_folders=False, pdf=False, parquet=False
)


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")  # else whatever runs beside the tests comes first
        yield patch


@pytest.fixture(scope="module")
def store(tmp_path_factory, patch):
    """Address of an S3 server."""
    with object_store(tmp_path_factory.mktemp("store"), patch) as url:
        yield url


@pytest.fixture(scope="module")
def head(tmp_path_factory, patch):
    """A cluster to which each test connects."""
    with ray_head(tmp_path_factory.mktemp("ray"), patch, cores=3) as address:
        yield address


@pytest.fixture
def spread(head, tmp_path, monkeypatch):
    """Examines films, all in `tmp_path`/films, on the cluster, into `tmp_path`/out.

    The current folder is `tmp_path`, in which a module is called like one of ours.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "important_variables.py").write_text("raise RuntimeError('not ours')")

    def run(engine=spotting_engine, films=None, workers=2, shard=3):
        words = list(map(str, films or [tmp_path / "films"]))
        cluster = Cluster(head, workers, shard)
        return predict_on_cluster(words, engine, "out", cluster, SAVED_MODELS, OPTIONS)

    return run


def shards_in(out):
    return sorted(path.parent for path in out.glob(f"shard-*/{SOURCES}"))


def records_in(folders):
    """Records and pictures by the X-ray's name; each name stands there once."""
    found = {}
    for folder in folders:
        for line in (folder / "results.jsonl").read_text().splitlines():
            record = json.loads(line)
            del record["made"]["at"]
            assert record["file"] not in found
            pictures = [(folder / name).read_bytes() for name in record["pictures"]]
            found[record["file"]] = json.dumps(record), pictures
    return found


def write_mixture(folder):
    """Films of all verdicts, broken files, an archive, a name of odd bytes, no picture at all."""
    folder.mkdir()
    for path in SAMPLES.glob("*.png"):
        (folder / path.name).write_bytes(path.read_bytes())
    film = next(SAMPLES.glob("*.png")).read_bytes()
    (folder / "cut.png").write_bytes(film[:2000])
    (folder / "empty.png").write_bytes(b"")
    write_color(folder / "color.png")
    write_picture(folder / "x.png", bright=True).rename(folder / os.fsdecode(b"caf\xe9.png"))
    (folder / "notes.txt").write_text("no picture")
    with ZipFile(folder / "study.zip", "w") as archive:
        archive.writestr("1.png", film)
        archive.writestr("2.png", film[:200])
    return [folder, folder / "empty.png", folder / "study.zip", folder / "missing.png"]


def test_records_are_those_of_one_machine_to_the_bit(spread, tmp_path):
    """Of two workers, and of one on this machine's own Ray."""
    words = write_mixture(tmp_path / "films")
    paths = find_pictures(list(map(str, words)), tmp_path / "plain")
    plain = predict_files(paths, load_engine(), tmp_path / "plain")
    assert spread(load_engine, words, shard=4) == plain
    shards = shards_in(tmp_path / "out")
    assert len(shards) == -(-len(paths) // 4)
    found = records_in(shards)
    assert found == records_in([tmp_path / "plain"]) and len(found) == len(paths) + 1
    assert any(pictures for _, pictures in found.values())
    one = ["predict", *map(str, words), "--out", "one", "--ray", "--workers", "1"]
    assert command_line.main(one) == 1, "some files are broken"
    assert records_in(shards_in(tmp_path / "one")) == found


def test_films_and_results_lie_in_an_object_store(store, tmp_path):
    """On this machine's own Ray, in which workers begin with the store's address."""
    samples = {f"in/{path.name}": path.read_bytes() for path in sorted(SAMPLES.glob("*.png"))[:2]}
    broken = {"in/a b#1.png": b"", "in/notes.txt": b"no picture"}
    files = put_films(store, "films", samples | broken)
    wanted = ["s3://films/in", "s3://films/in/a b#1.png", "s3://films/none.png"]
    (tmp_path / "list.txt").write_text("\n".join(wanted))
    words = ["predict", f"@{tmp_path / 'list.txt'}", "--out", "s3://films/out", "--parquet"]
    words += ["--ray", "--workers", "1", "--shard", "2"]
    assert command_line.main(words) == 1, "a broken one, and one that is missing"
    listed = files.get_file_info(FileSelector("films/out", recursive=True))
    files_in = {info.path for info in listed}
    assert sum(path.endswith(SOURCES) for path in files_in) == 3
    assert not any(path.endswith(BEGUN) for path in files_in)
    found = {record["file"]: record for record in Shards("s3://films/out").records()}
    assert set(found) == {f"s3://films/{key}" for key in (*samples, "in/a b#1.png", "none.png")}
    assert "empty" in found["s3://films/in/a b#1.png"]["error"]
    tables = [path for path in files_in if path.endswith(PARQUET)]
    columns = [pq.read_table(files.open_input_file(path))["record"] for path in tables]
    rows = [json.loads(row) for column in columns for row in column.to_pylist()]
    assert len(tables) == 3 and {row["file"]: row for row in rows} == found
    pictures = {name for record in found.values() for name in record.get("pictures", ())}
    assert pictures <= {path.rpartition("/")[2] for path in files_in}
    plain = predict_files([SAMPLES / path.removeprefix("in/") for path in samples], load_engine(),
                          tmp_path / "plain").predicted  # fmt: skip
    assert sum("gate_probability" in record for record in found.values()) == plain == 2


def test_dead_workers_cost_nothing_and_a_second_run_does_what_is_missing(spread, tmp_path):
    films, out = tmp_path / "films", tmp_path / "out"
    for n in range(5):
        write_picture(films / f"{n}.png", bright=n % 2 == 0)
    deadly = write_deadly(films / "2b.png")
    outcome = spread(deadly_engine)
    assert outcome.predicted == 5 and outcome.unreadable == {str(deadly): DIED}
    before = {path: path.stat().st_mtime_ns for path in out.glob("shard-*/*")}
    more = [write_deadly(films / "6.png"), write_picture(films / "3b.png", bright=True)]
    outcome = spread(partial(deadly_engine, tmp_path / "flag"))
    assert (tmp_path / "flag").exists(), "a worker died"
    assert outcome.predicted == 7 and outcome.unreadable == {str(deadly): DIED}
    after = {path: path.stat().st_mtime_ns for path in out.glob("shard-*/*")}
    assert {path: after[path] for path in before} == before
    assert set(records_in(shards_in(out))) == set(map(str, films.iterdir())) >= set(map(str, more))


def test_no_film_is_blamed_where_workers_fail(spread, tmp_path):
    films = [write_picture(tmp_path / "films" / name, bright=True) for name in ("a.png", "b.png")]
    with pytest.raises(ClusterError, match=r"2 X-rays .*TypeError: a mistake of ours\)"):
        spread(failing_engine)
    assert shards_in(tmp_path / "out") == [], "none counts as done"
    assert spread().predicted == len(films)


def test_a_cluster_that_is_not_there_is_told(tmp_path):
    film = write_picture(tmp_path / "a.png", bright=True)
    words = [str(film)], spotting_engine, str(tmp_path / "out")
    with pytest.raises(ClusterError, match="There is no Ray at 127"):
        predict_on_cluster(*words, Cluster("127.0.0.1:1"), SAVED_MODELS, OPTIONS)
