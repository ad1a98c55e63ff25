"""The spool loses and doubles nothing, wherever the node is killed."""

import os
import shutil
import time

import pytest

from fracturelens.export.dicom_results import DicomResult
from fracturelens.pacs import spool as module
from fracturelens.pacs.spool import Entry, Spool, SpoolFullError

RESULTS = [DicomResult("sr", "1.1", b"report"), DicomResult("gsps", "1.2", b"marks")]


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path)


def only_entry(spool):
    ((entry,),) = spool.quiet_studies(0)
    return entry


def test_films_of_a_study_wait_until_it_is_quiet(spool):
    assert spool.add("a", "1.2", b"one") and spool.add("b", "1.2", b"two")
    spool.add("c", "1.3", b"three")
    assert spool.quiet_studies(60) == []
    studies = [[entry.key for entry in study] for study in spool.quiet_studies(0)]
    assert sorted(studies) == [["a", "b"], ["c"]]
    old = time.time() - 100
    os.utime(spool.quiet_studies(0)[0][0].path, (old, old))
    assert len(spool.quiet_studies(60)) <= 1  # its sister came a moment ago


def test_each_destination_gets_the_results_once(spool):
    spool.add("a", "1.2", b"film")
    spool.judged(only_entry(spool), RESULTS, "fracture")
    assert spool.quiet_studies(0) == [] and spool.counts() == (0, 1)
    for name in ("first", "second"):
        (parcel,) = spool.parcels(name)
        assert [path.read_bytes() for path in parcel.files()] == [b"report", b"marks"]
        spool.sent(parcel, name, ["first", "second"])
        assert spool.parcels(name) == []
    assert spool.counts() == (0, 0) and spool.outcomes() == {"a": "fracture"}
    assert not spool.add("a", "1.2", b"film")


def test_a_film_without_results_is_answered_by_that(spool):
    spool.add("a", "1.2", b"film")
    spool.judged(only_entry(spool), [], "refused")
    assert spool.outcomes() == {"a": "refused"} and spool.counts() == (0, 0)


def test_a_film_that_comes_again_while_it_is_judged_is_answered_once(spool):
    spool.add("a", "1.2", b"film")
    entry = only_entry(spool)
    spool.judged(entry, RESULTS, "fracture")
    entry.path.parent.mkdir(exist_ok=True)
    entry.path.write_bytes(b"film")  # written between the check and the verdict
    spool.judged(only_entry(spool), RESULTS, "fracture")
    assert spool.counts() == (0, 1)


def test_a_node_that_is_killed_at_any_step_goes_on_where_it_was(tmp_path, monkeypatch):
    """Ends the run before each write and each rename, as SIGKILL would, and starts it anew."""

    class KilledError(BaseException):
        pass

    def run(folder, most_steps):
        steps = 0

        def counted(name, real):
            def step(*words, **options):
                nonlocal steps
                steps += 1
                if steps > most_steps:
                    raise KilledError(name)
                return real(*words, **options)

            return step

        with monkeypatch.context() as patch:
            patch.setattr(module, "_rename", counted("rename", module._rename))
            patch.setattr(module.Path, "unlink", counted("unlink", module.Path.unlink))
            patch.setattr(module.shutil, "rmtree", counted("rmtree", shutil.rmtree))
            patch.setattr(module.Path, "mkdir", counted("mkdir", module.Path.mkdir))
            try:
                answer(folder, taken)
            except KilledError:
                return False
        return True

    for most_steps in range(60):
        folder, taken = tmp_path / str(most_steps), []
        if run(folder, most_steps):
            break
        answer(folder, taken)  # after the restart
        assert Spool(folder).outcomes() == {"a": "fracture", "b": "refused"}
        assert set(taken) == {b"report", b"marks"} and len(taken) in (2, 4)
    else:
        pytest.fail("more steps than expected")
    assert most_steps > 10


def answer(folder, taken):
    """What a node does with two films; a sender whose film was not kept sends it again."""
    spool = Spool(folder)
    spool.settle(["archive"])
    for key in "ab":
        spool.add(key, "1.2", b"film")
    for study in spool.quiet_studies(0):
        for entry in study:
            spool.try_again(entry)
            results = RESULTS if entry.key == "a" else []
            spool.judged(entry, results, "fracture" if results else "refused")
    for parcel in spool.parcels("archive"):
        taken += [path.read_bytes() for path in parcel.files()]
        spool.sent(parcel, "archive", ["archive"])


def test_a_nearly_full_disk_keeps_nothing(spool, monkeypatch):
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(SpoolFullError, match="nearly full"):
        spool.add("a", "1.2", b"film")
    assert spool.counts() == (0, 0)


def test_tries_are_counted_across_restarts(tmp_path):
    spool = Spool(tmp_path)
    spool.add("a", "1.2", b"film")
    assert spool.try_again(only_entry(spool)) == 1
    again = Spool(tmp_path)
    assert again.try_again(only_entry(again)) == 2
    again.give_up(only_entry(again))
    assert again.outcomes() == {"a": "failed"}
    assert (tmp_path / "failed" / "a.dcm").read_bytes() == b"film"


def test_old_answers_are_forgotten(tmp_path):
    spool = Spool(tmp_path)
    spool.add("a", "1.2", b"film")
    spool.judged(only_entry(spool), [], "refused")
    old = time.time() - 91 * 24 * 3600
    os.utime(tmp_path / "done" / "a", (old, old))
    assert Spool(tmp_path).outcomes() == {}


def test_only_the_owner_may_read_it(tmp_path):
    spool = Spool(tmp_path)
    spool.add("a", "1.2", b"film")
    entry: Entry = only_entry(spool)
    assert entry.path.parent.parent.stat().st_mode & 0o077 == 0
