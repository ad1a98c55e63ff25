"""Nothing is lost, mixed up or left half: the folder of results after all that stops a run."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from fracturelens.batch.earlier import ResultsFolderError
from fracturelens.batch.files import predict_files
from fracturelens.batch.folder import ResultsFolder
from fracturelens.batch.growing import GrowingFile
from important_variables import ROOT, SAMPLES, segmenters
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.results import assert_consistent, read_records, read_rows


@pytest.fixture
def films(tmp_path):
    """Three bright films, one refused and one broken."""
    folder = tmp_path / "in"
    paths = [write_picture(folder / f"{name}.png", bright=True) for name in "abc"]
    (folder / "empty.png").write_bytes(b"")
    return [*paths, write_color(folder / "color.png"), folder / "empty.png"]


def predict(films, out, engine=None, **options):
    return predict_files(films, engine or spotting_engine(), out, **options)


def test_names_that_collide_stand_in_the_record(tmp_path):
    names = ["a/x.png", "b/x.png", "c/x-2.png", "d/X.png"]
    films = [write_picture(tmp_path / name, bright=True) for name in names]
    predict(films, tmp_path / "out")
    records = [
        json.loads(line) for line in (tmp_path / "out/results.jsonl").read_text().splitlines()
    ]
    masks = [record["pictures"][-1] for record in records]
    assert masks == [f"{stem}_unet_mask.png" for stem in ("x", "x-2", "x-2-2", "X-3")]
    listed = [name for record in records for name in record["pictures"]]
    assert len({name.casefold() for name in listed}) == len(listed) == 4 * 2 * len(segmenters())
    assert all((tmp_path / "out" / name).is_file() for name in listed)
    assert {row["pictures"] for row in read_rows(tmp_path / "out")} == {
        "+".join(record["pictures"]) for record in records
    }


def test_a_second_run_leaves_nothing_of_the_first(tmp_path, films):
    out = tmp_path / "out"
    predict(films, out)
    (out / "notes.txt").write_text("mine")
    (out / "z_unet_mask.png").write_bytes(b"mine")
    predict([write_picture(tmp_path / "in" / "z.png", bright=True)], out)
    assert set(read_records(out)) == {"z.png"}
    assert (out / "z_unet_mask.png").read_bytes() == b"mine"
    assert {path.name for path in out.iterdir()} == {
        "results.jsonl", "results.csv", "run.json", "notes.txt", "z_unet_mask.png",
        *(f"z-2_{name}_{kind}.png" for name in segmenters() for kind in ("overlay", "mask")),
    }  # fmt: skip


def test_a_record_cannot_make_us_remove_what_lies_elsewhere(tmp_path, films):
    out, precious = tmp_path / "out", tmp_path / "precious.png"
    predict(films, out)
    precious.write_bytes(b"mine")
    with (out / "results.jsonl").open("a") as lines:
        lines.write(json.dumps({"file": "x", "pictures": ["../precious.png", str(precious)]}))
    predict(films, out)
    assert precious.read_bytes() == b"mine"
    assert_consistent(out)


@pytest.mark.parametrize("name", ["results.jsonl", "results.csv"])
@pytest.mark.parametrize("resume", [True, False])
def test_somebody_elses_table_is_left_alone(tmp_path, films, name, resume):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(ResultsFolderError, match="another one with --out"):
        predict(films, tmp_path / "out", resume=resume)
    assert (tmp_path / "out" / name).read_text() == "mine"


def test_resuming_examines_what_is_missing_and_what_failed(tmp_path, films):
    out = tmp_path / "out"
    predict([films[0], *films[3:]], out)
    first = read_records(out)
    stamp = (out / "a_unet_mask.png").stat().st_mtime_ns
    films[-1].write_bytes(films[1].read_bytes())
    outcome = predict(films, out, resume=True)
    assert (outcome.predicted, len(outcome.refused), outcome.unreadable) == (4, 1, {})
    assert (out / "a_unet_mask.png").stat().st_mtime_ns == stamp
    found = read_records(out)
    assert set(found) == {"a.png", "b.png", "c.png", "color.png", "empty.png"}
    assert {name: found[name] for name in ("a.png", "color.png")} == {
        name: first[name] for name in ("a.png", "color.png")
    }
    assert_consistent(out)


def test_resuming_where_nothing_was_begun_is_a_first_run(tmp_path, films):
    assert predict(films, tmp_path / "out", resume=True).predicted == 3
    assert_consistent(tmp_path / "out")


@pytest.mark.parametrize("options", [{"always_segment": True}, {"accept_any": True}])
def test_resuming_with_other_options_is_refused(tmp_path, films, options):
    predict(films, tmp_path / "out")
    with pytest.raises(ResultsFolderError, match="other networks or options"):
        predict(films, tmp_path / "out", resume=True, **options)


def test_resuming_with_other_thresholds_is_refused(tmp_path, films):
    predict(films, tmp_path / "out")
    other = spotting_engine(fracture=0.999)
    with pytest.raises(ResultsFolderError, match="Leave out --resume"):
        predict(films, tmp_path / "out", other, resume=True)


@pytest.mark.parametrize("cut", [5, 60, 150])
@pytest.mark.parametrize("table", ["results.jsonl", "results.csv"])
def test_half_a_line_of_a_killed_run_is_made_whole(tmp_path, films, table, cut):
    out = tmp_path / "out"
    predict(films, out)
    whole = read_records(out), read_rows(out)
    (out / table).write_bytes((out / table).read_bytes()[:-cut])
    (out / "c_unet_mask.png.part").write_bytes(b"half")
    if table == "results.csv":  # its rows come first: where they are cut, the record is missing
        lines = (out / "results.jsonl").read_text().splitlines(keepends=True)
        (out / "results.jsonl").write_text("".join(lines[:-1]))
    predict(films, out, resume=True)
    assert (read_records(out), read_rows(out)) == whole
    assert_consistent(out)


def test_a_row_whose_pictures_did_not_get_their_names_is_done_again(tmp_path, films):
    out = tmp_path / "out"
    predict(films[:3], out)
    (out / "c_unet_mask.png").rename(out / "c_unet_mask.png.part")
    assert predict(films[:3], out, resume=True).predicted == 3
    assert_consistent(out)


def test_names_that_would_break_a_table_are_resumed_too(tmp_path):
    names = ["a\rb.png", "\r=1.png", "\t=1.png", "line\nfeed.png", 'quo"te.png']
    films = [write_picture(tmp_path / "x.png", bright=True).rename(tmp_path / n) for n in names]
    predict(films, tmp_path / "out")
    whole = read_rows(tmp_path / "out")
    assert predict(films, tmp_path / "out", resume=True).predicted == 5
    assert read_rows(tmp_path / "out") == whole and len(whole) == 5 * len(segmenters())


def test_each_xray_of_an_archive_is_resumed_by_itself(tmp_path):
    from zipfile import ZipFile

    data = write_picture(tmp_path / "film.png", bright=True).read_bytes()
    with ZipFile(tmp_path / "study.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", data)
    out = tmp_path / "out"
    predict([tmp_path / "study.zip"], out)
    lines = (out / "results.jsonl").read_text().splitlines(keepends=True)
    (out / "results.jsonl").write_text(lines[0] + lines[2])
    assert predict([tmp_path / "study.zip"], out, resume=True).predicted == 3
    assert set(read_records(out)) == {f"study.zip: {number}.png" for number in range(3)}


def test_a_full_disk_costs_one_xray_and_leaves_no_half_of_it(tmp_path, films, monkeypatch):
    kept = GrowingFile.append
    monkeypatch.setattr(GrowingFile, "append", fails_on(b"/b.png", kept))
    outcome = predict(films, tmp_path / "out")
    assert outcome.predicted == 2
    [(name, words)] = outcome.unwritten.items()
    assert name.endswith("b.png") and "(No space left on device); make room" in words
    assert set(read_records(tmp_path / "out")) == {"a.png", "c.png", "color.png", "empty.png"}
    assert_consistent(tmp_path / "out")
    monkeypatch.setattr(GrowingFile, "append", kept)
    assert predict(films, tmp_path / "out", resume=True).predicted == 3
    assert_consistent(tmp_path / "out")


def fails_on(part, append):
    """As `append`, but where this part is in the data half of it is written and the disk full."""

    def write(self, data):
        if part in data and data.startswith(b"{"):
            append(self, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        append(self, data)

    return write


def test_what_cannot_be_appended_whole_is_taken_back(tmp_path, monkeypatch):
    file = GrowingFile(tmp_path / "table")
    file.append(b"one\n")
    file._file = ShortOfRoom(file._file, room=2)
    with pytest.raises(OSError, match="No space"):
        file.append(b"two\n")
    assert (tmp_path / "table").read_bytes() == b"one\n" and file.size == 4
    file.close()


class ShortOfRoom:
    """A file that takes so many bytes more."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def write(self, data):
        if not self.room:
            raise OSError(28, "No space left on device")
        written = self.file.write(data[: self.room])
        self.room -= written
        return written

    def __getattr__(self, name):
        return getattr(self.file, name)


def test_ctrl_c_keeps_what_is_done_and_nothing_half(tmp_path, films, monkeypatch):
    add = ResultsFolder.add

    def stop(self, report, pictures, study):
        def interrupted():
            raise KeyboardInterrupt

        kinds = dict.fromkeys(pictures, interrupted)
        first = next(iter(pictures.items()), None)
        half = kinds | dict([first]) if report.name.endswith("b.png") else pictures
        add(self, report, half, study)

    monkeypatch.setattr(ResultsFolder, "add", stop)
    outcome = predict(films, tmp_path / "out")
    assert outcome.stopped and outcome.predicted == 1
    assert_consistent(tmp_path / "out")
    monkeypatch.setattr(ResultsFolder, "add", add)
    assert predict(films, tmp_path / "out", resume=True).predicted == 3
    assert_consistent(tmp_path / "out")


@pytest.mark.parametrize("place", ["file/out", "file"])
def test_a_place_that_takes_no_results_is_told(tmp_path, films, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsFolderError, match=r"cannot be written to .*--out"):
        predict(films, tmp_path / place)


LIMITED = """
import resource, sys
from command_line import main
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
sys.exit(main(sys.argv[1:]))
"""


def command(*words, start=(str(ROOT / "command_line.py"),)):
    """Starts `predict`, which takes Ctrl-C even where these tests run in the background."""
    return subprocess.Popen(
        [sys.executable, *start, "predict", *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_a_disk_without_room_gives_a_line_for_each_xray_and_an_honest_code(tmp_path):
    films = [SAMPLES / "hand_broken.png", SAMPLES / "hand_whole.png"]
    running = command(*films, "--out", tmp_path / "out", start=("-c", LIMITED))
    output, errors = running.communicate()
    lines = [line for line in errors.splitlines() if "cannot be written" in line]
    assert running.returncode == 1 and "Traceback" not in errors
    assert len(lines) >= 1 and f"{len(lines)} failed" in output
    assert_consistent(tmp_path / "out")


def test_a_folder_without_rights_is_told(tmp_path, films):
    shut, kept = tmp_path / "shut", os.geteuid()
    shut.mkdir(mode=0o555)
    try:
        if kept == 0:
            os.seteuid(65534)  # root may write anywhere
        with pytest.raises(ResultsFolderError, match=r"cannot be written to .*Permission denied"):
            predict(films, shut / "out")
    finally:
        os.seteuid(kept)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_goes_on_and_nothing_is_lost_or_doubled(tmp_path, how):
    films, out = tmp_path / "in", tmp_path / "out"
    films.mkdir()
    for number in range(12):
        (films / f"{number}.png").symlink_to(SAMPLES / "hand_broken.png")
    running = command(films, "--out", out)
    wait_for_lines(out / "results.jsonl", 2)
    running.send_signal(how)
    _, errors = running.communicate()
    assert "Traceback" not in errors
    assert running.returncode == (130 if how is signal.SIGINT else -how)
    done = [line for line in (out / "results.jsonl").read_text().splitlines() if line]
    assert 2 <= len(done) < 12
    again = command(films, "--out", out, "--resume")
    output, errors = again.communicate()
    assert again.returncode == 0 and "12 predicted" in output, errors
    assert (out / "results.jsonl").read_text().splitlines()[: len(done) - 1] == done[:-1]
    assert set(read_records(out)) == {f"{number}.png" for number in range(12)}
    assert_consistent(out)


def wait_for_lines(path, number):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if path.exists() and path.read_text().count("\n") >= number:
            return
        time.sleep(0.02)
    raise TimeoutError(path)
