"""`predict`: what it loads, what it tells, and how it ends."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from pypdf import PdfReader

import command_line
from create_segmentation_model import MissingModelError
from important_variables import ROOT
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture
from tests.helpers.results import assert_consistent, read_records


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `predict` with networks that see bright spots."""
    monkeypatch.setattr("fracturelens.site.options.load_engine", lambda *_: spotting_engine())

    def run(*words):
        return command_line.main(["predict", *words, "--out", str(tmp_path / "out")])

    return run


@pytest.mark.parametrize(
    ("name", "code", "count", "told"),
    [
        ("good.png", 0, "1 predicted, 0 refused, 0 failed.", ""),
        ("bad.png", 1, "0 predicted, 0 refused, 1 failed.", "empty"),
        ("color.png", 1, "0 predicted, 1 refused, 0 failed. --accept-any", "refused. This is a"),
    ],
)
def test_command_counts_and_exits(tmp_path, command, capsys, name, code, count, told):
    write_picture(tmp_path / "good.png", bright=True)
    (tmp_path / "bad.png").write_text("")
    write_color(tmp_path / "color.png")
    assert command(str(tmp_path / name)) == code
    output = capsys.readouterr()
    assert count in output.out and told in output.err


def test_accepting_any_ends_well(tmp_path, command, capsys):
    assert command(str(write_color(tmp_path / "color.png")), "--accept-any") == 0
    assert "1 predicted, 0 refused, 0 failed." in capsys.readouterr().out


def test_reports_are_written_where_they_are_asked_for(tmp_path, command):
    films = [write_picture(tmp_path / name / "a.png", bright=bright)
             for name, bright in (("one", True), ("two", False))]  # fmt: skip
    color = write_color(tmp_path / "color.png")
    out = tmp_path / "out"
    assert command(*map(str, films)) == 0
    assert not list(out.glob("*.pdf"))
    command(*map(str, films), str(color), "--pdf")
    assert {path.name for path in out.glob("*.pdf")} == {
        "a_report.pdf", "a-2_report.pdf", "summary.pdf"
    }  # fmt: skip
    words = PdfReader(out / "summary.pdf").pages[0].extract_text()
    assert "3 files" in words and "Not analyzed" in words


def test_a_missing_reportlab_is_told_before_any_work_is_done(
    tmp_path, command, monkeypatch, capsys
):
    def missing():
        raise ModuleNotFoundError("No module named 'reportlab'", name="reportlab")

    monkeypatch.setattr("fracturelens.batch.files.pdf_fonts", missing)
    assert command(str(write_picture(tmp_path / "a.png", bright=True)), "--pdf") == 1
    assert "reportlab is not installed" in capsys.readouterr().err


def test_help_tells_the_exit_codes(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["predict", "--help"])
    assert "Exit code: 0 where every file got a verdict" in " ".join(
        capsys.readouterr().out.split()
    )


def test_no_picture_found_is_a_failure(tmp_path, command):
    assert command(str(tmp_path)) == 1


def test_needs_neither_tensorflow_nor_streamlit():
    code = (
        "import sys, argparse, fracturelens.networks.litert, fracturelens.batch.command as p;"
        "p.add_arguments(argparse.ArgumentParser());"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'pandas', 'matplotlib'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_engine_is_that_of_the_precision_and_the_folder(tmp_path, monkeypatch):
    asked = []

    def load(precision, folder, runtime):
        asked.append((precision, folder, runtime))
        return spotting_engine()

    monkeypatch.setattr("fracturelens.site.options.load_engine", load)
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path / "set"))
    words = ["predict", str(tmp_path), "--out", str(tmp_path / "out")]
    command_line.main(words)
    command_line.main([*words, "--precision", "float32", "--models", str(tmp_path / "named")])
    command_line.main([*words, "--runtime", "openvino"])
    assert asked == [
        ("int8", tmp_path / "set", "litert"),
        ("float32", tmp_path / "named", "litert"),
        ("int8", tmp_path / "set", "openvino"),
    ]


@pytest.mark.parametrize(("files", "runtime"), [(99, "litert"), (100, "auto")])
def test_openvino_may_be_taken_where_there_are_many_files(tmp_path, monkeypatch, files, runtime):
    asked = []

    def load(_, folder, runtime):
        asked.append(runtime)
        raise MissingModelError("That is enough.")

    monkeypatch.setattr("fracturelens.site.options.load_engine", load)
    content = write_picture(tmp_path / "film.png", bright=True).read_bytes()
    (tmp_path / "in").mkdir()
    for number in range(files):
        (tmp_path / "in" / f"{number}.png").write_bytes(content)
    words = ["predict", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    command_line.main([*words, "--runtime", "auto"])
    command_line.main([*words, "--runtime", "openvino"])
    assert asked == [runtime, "openvino"]


def test_a_cluster_runs_one_runtime(tmp_path, monkeypatch):
    asked = []

    def spread(words, engine, *_):
        engine()

    monkeypatch.setattr("fracturelens.scale.run.predict_on_cluster", spread)
    monkeypatch.setattr(
        "fracturelens.site.options.load_engine", lambda *words: asked.append(words[2])
    )
    for runtime in ("auto", "openvino"):
        command_line.main(["predict", "films", "--ray", "--runtime", runtime])
    assert asked == ["litert", "openvino"]


def test_the_records_tell_what_ran(tmp_path, monkeypatch):
    film = write_picture(tmp_path / "film.png", bright=True)
    engine = spotting_engine()
    ran = {name: replace(network, runtime="litert") for name, network in engine.networks.items()}
    monkeypatch.setattr(
        "fracturelens.site.options.load_engine", lambda *_: replace(engine, networks=ran)
    )
    assert command_line.main(["predict", str(film), "--out", str(tmp_path / "out")]) == 0
    [record] = read_records(tmp_path / "out").values()
    told = json.loads((tmp_path / "out" / "run.json").read_text())["runtimes"]
    assert record["made"]["runtimes"].items() >= told.items()
    assert told == dict.fromkeys(engine.networks, "litert")


def test_without_networks_the_remedy_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path))
    assert command_line.main(["predict", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "fracturelens quantize gate" in capsys.readouterr().err


def test_a_folder_of_results_that_cannot_be_used_is_told(tmp_path, command, capsys):
    write_picture(tmp_path / "good.png", bright=True)
    (tmp_path / "out").write_text("")
    assert command(str(tmp_path / "good.png")) == 1
    assert "Choose another folder with --out" in capsys.readouterr().err


def test_results_do_not_go_among_the_xrays(tmp_path, command, capsys):
    write_picture(tmp_path / "out" / "good.png", bright=True)
    assert command(str(tmp_path / "out")) == 1
    assert "would lie among the X-rays" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.png"]


def test_where_nothing_is_found_earlier_results_stay(tmp_path, command, capsys):
    write_picture(tmp_path / "good.png", bright=True)
    (tmp_path / "empty").mkdir()
    assert command(str(tmp_path / "good.png")) == 0
    assert command(str(tmp_path / "empty")) == 1
    assert "No X-ray was found" in capsys.readouterr().err
    assert (tmp_path / "out" / "results.jsonl").read_text()


def test_odd_names_and_odd_files_cost_a_line_each(tmp_path, command, capsys):
    """Not UTF-8, a line feed, an escape sequence, a pipe, a device, a name that is too long."""
    names = [b"caf\xe9.png", b"two\nlines.png", b"\x1b[2Jcleared.png", b"=1+1.png"]
    for name in names:
        write_picture(tmp_path / "plain.png", bright=True).rename(tmp_path / os.fsdecode(name))
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    odd = [tmp_path / "pipe.png", tmp_path / "zero.png", tmp_path / ("x" * 300 + ".png")]
    assert command(str(tmp_path), *map(str, odd)) == 1
    output = capsys.readouterr()
    assert "4 predicted, 0 refused, 3 failed" in output.out
    told = [line for line in output.err.splitlines() if line.startswith(str(tmp_path))]
    assert len(told) == 3 and "\x1b[2J" not in output.err
    assert {"caf\\xe9.png", "two\nlines.png"} < set(read_records(tmp_path / "out"))
    assert_consistent(tmp_path / "out")


def test_resuming_is_told_and_the_code_stays_honest(tmp_path, command, capsys):
    write_color(tmp_path / "a.png")
    write_picture(tmp_path / "b.png", bright=True)
    assert command(str(tmp_path / "a.png")) == 1
    assert command(str(tmp_path / "b.png"), "--resume") == 1
    assert "1 predicted, 1 refused, 0 failed" in capsys.readouterr().out


def test_ctrl_c_ends_with_a_word(tmp_path, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("fracturelens.site.options.load_engine", stop)
    write_picture(tmp_path / "b.png", bright=True)
    assert command_line.main(["predict", str(tmp_path / "b.png")]) == 130
    assert capsys.readouterr().err == "Stopped.\n"
