"""A shard counts when it is whole, and a folder of shards is never mixed with other results."""

import pytest

from fracturelens.batch.earlier import ResultsFolderError
from fracturelens.scale.shards import SOURCES, Shards, shard_name

NAMES = ["a.png", "b.png"]


def written(folder, name="a.png"):
    folder.mkdir(exist_ok=True)
    (folder / "results.jsonl").write_text(f'{{"file": "{name}"}}\n')
    (folder / "studies.jsonl").write_text("{}\n")
    (folder / "a_unet_mask.png").write_bytes(b"mask")
    return folder


@pytest.fixture
def shards(tmp_path):
    shards = Shards(str(tmp_path / "out"))
    shards.begin({"precision": "int8"})
    return shards


def test_a_shard_is_told_by_its_files():
    assert shard_name(NAMES) == shard_name(list(NAMES)) != shard_name(NAMES[:1])
    assert shard_name(["caf\udce9.png"]), "names need not be UTF-8"


def test_what_is_put_twice_is_there_once(shards, tmp_path):
    for _ in range(2):
        shards.put(shard_name(NAMES), written(tmp_path / "made"), NAMES)
    assert shards.finished() == set(NAMES)
    assert [record["file"] for record in shards.records()] == ["a.png"]
    [folder] = (tmp_path / "out").glob("shard-*")
    assert {path.name for path in folder.iterdir()} == {
        "results.jsonl", "a_unet_mask.png", SOURCES
    }  # fmt: skip


@pytest.mark.parametrize("left", [None, "", '["a.p'])
def test_what_a_dead_worker_left_does_not_count(shards, tmp_path, left):
    folder = written(tmp_path / "out" / shard_name(NAMES))
    if left is not None:
        (folder / SOURCES).write_text(left)
    assert shards.finished() == set() and list(shards.records()) == []
    shards.put(shard_name(NAMES), written(tmp_path / "made"), NAMES)
    assert shards.finished() == set(NAMES)


def test_other_conditions_are_refused(shards, tmp_path):
    shards.begin({"precision": "int8"})
    with pytest.raises(ResultsFolderError, match="other networks or options"):
        shards.begin({"precision": "float32"})


def test_results_of_one_machine_are_not_mixed_with_shards(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.jsonl").write_text("")
    with pytest.raises(ResultsFolderError, match="or on one machine"):
        Shards(str(tmp_path / "out")).begin({})


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(ResultsFolderError, match="Choose another folder with --out"):
        Shards(str(tmp_path / "out")).begin({})
