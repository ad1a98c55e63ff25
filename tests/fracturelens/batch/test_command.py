"""`predict`: what it loads, what it tells, and how it ends."""

import subprocess
import sys

import pytest
from pypdf import PdfReader

import command_line
from important_variables import ROOT
from tests.helpers.bright_spots import spotting_engine, write_color, write_picture


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `predict` with networks that see bright spots."""
    monkeypatch.setattr("fracturelens.batch.command.load_engine", lambda *_: spotting_engine())

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

    def load(precision, folder):
        asked.append((precision, folder))
        return spotting_engine()

    monkeypatch.setattr("fracturelens.batch.command.load_engine", load)
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path / "set"))
    words = ["predict", str(tmp_path), "--out", str(tmp_path / "out")]
    command_line.main(words)
    command_line.main([*words, "--precision", "float32", "--models", str(tmp_path / "named")])
    assert asked == [("int8", tmp_path / "set"), ("float32", tmp_path / "named")]


def test_without_networks_the_remedy_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path))
    assert command_line.main(["predict", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "fracturelens quantize gate" in capsys.readouterr().err
