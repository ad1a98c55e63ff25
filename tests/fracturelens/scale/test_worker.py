"""A worker answers as the run that asks it, and tells what it cannot write."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fracturelens.batch.files import Options, conditions_of
from fracturelens.reporting import reporter_of
from fracturelens.scale.errors import OtherEngineError
from fracturelens.scale.shards import Shards, shard_name
from fracturelens.scale.sources import Source
from fracturelens.scale.worker import Examiner, Job, examine_shard, row_of, sources_of
from important_variables import SAVED_MODELS
from tests.helpers.bright_spots import spotting_engine, write_picture

OPTIONS = Options(
    always_segment=False, accept_any=False, study_folders=False, pdf=False, parquet=False
)


@pytest.fixture
def job(tmp_path):
    engine = spotting_engine()
    made, conditions = reporter_of(engine, SAVED_MODELS).made, conditions_of(engine, OPTIONS)
    return Job(spotting_engine, SAVED_MODELS, str(tmp_path / "out"), made, conditions, OPTIONS)


@pytest.fixture
def sources(tmp_path):
    path = write_picture(tmp_path / "a.png", bright=True)
    return [Source("a.png", "", str(path)), Source("caf\udce9.png", "", str(tmp_path / "none.png"))]


def test_rows_carry_names_of_any_bytes(sources):
    row = row_of(sources)
    assert row["sources"].isascii() and sources_of(row) == sources


def test_a_shard_is_examined_and_put_in_its_place(job, sources, tmp_path):
    told = Examiner(job)(row_of(sources))
    assert told == {"sources": "2", "skipped": "{}", "file": "", "error": ""}
    folder = tmp_path / "out" / shard_name([source.name for source in sources])
    records = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    assert [record["file"] for record in records] == ["a.png", "caf\\xe9.png"]
    assert records[0]["made"]["at"] == job.made.at, "of the run, not of the worker"
    assert "no such file" in records[1]["error"]


def test_a_film_alone_is_noted_only_while_it_is_examined(job, sources, tmp_path):
    shards, shard = Shards(job.out), shard_name([sources[0].name])
    noted = []

    def read(source):
        noted.append(shards.was_begun(shard, job.made.at))
        return Path(source.path).read_bytes()

    assert examine_shard(job, job.engine(), sources[:1], read)["error"] == ""
    assert noted == [True] and not shards.was_begun(shard, job.made.at)

    def fail(_):
        raise TypeError("a mistake of ours")

    with pytest.raises(TypeError):
        examine_shard(job, job.engine(), sources[:1], fail)
    assert not shards.was_begun(shard, job.made.at), "nobody died"


def test_a_shard_brings_its_records_as_parquet(job, sources, tmp_path):
    options = {**OPTIONS, "parquet": True}
    job = replace(job, options=options, conditions=job.conditions | {"parquet": True})
    Examiner(job)(row_of(sources))
    folder = tmp_path / "out" / shard_name([source.name for source in sources])
    rows = pq.read_table(folder / "results.parquet")["record"].to_pylist()
    assert rows == (folder / "results.jsonl").read_text().splitlines() and len(rows) == 2


def test_what_cannot_be_put_is_told(job, sources, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / shard_name(["a.png"])).write_text("in the way")
    told = Examiner(job)(row_of(sources[:1]))
    assert told["sources"] == "0" and told["file"] == "a.png"
    assert "its results cannot be put into" in told["error"]


def test_a_full_disk_of_the_worker_leaves_no_shard(job, sources, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fracturelens.batch.files.ResultsFolder.add", full)
    told = Examiner(job)(row_of(sources))
    assert "No space left" in told["error"] and not (tmp_path / "out").exists()


def test_a_machine_with_other_thresholds_does_not_work(job):
    other = {**job.conditions, "thresholds": {}}
    with pytest.raises(OtherEngineError, match="same version of FractureLens"):
        Examiner(replace(job, conditions=other))
