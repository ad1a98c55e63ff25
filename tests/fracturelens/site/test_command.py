"""`evaluate-site`: what it writes, what it tells and how it ends."""

import json
import subprocess
import sys

import pytest

import command_line
from fracturelens.measured.site import read_site
from important_variables import ROOT
from tests.helpers.small_site import site_engine, write_site_folder


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `evaluate-site` with stand-ins; results go to tmp_path/out."""
    monkeypatch.setattr("fracturelens.site.command.load_engine", lambda *_: site_engine())

    def run(*words):
        return command_line.main(["evaluate-site", *words, "--out", str(tmp_path / "out")])

    return run


def test_it_measures_and_leaves_out_what_cannot_be_read(tmp_path, command, capsys):
    folder = write_site_folder(tmp_path / "films", 4, 5)
    (folder / "normal" / "broken.png").write_bytes((folder / "normal" / "00.png").read_bytes()[:99])
    assert command(str(folder)) == 0
    told = capsys.readouterr().out
    assert "All X-rays, thresholds as shipped (9, 4 fractured): AUROC 1.000" in told
    assert "1 left out" in told
    content = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert list(content["left_out"]) == ["normal/broken.png"] and content["name"] == "films"
    assert "<h1>FractureLens at films</h1>" in (tmp_path / "out" / "report.html").read_text()
    assert not (tmp_path / "out" / "site.json").exists()


def test_it_calibrates_and_predict_uses_it(tmp_path, command, capsys, monkeypatch):
    folder = write_site_folder(tmp_path / "films")
    assert command(str(folder), "--calibrate", "--name", "Ward 7", "--by", "me") == 0
    assert "Held-out half, calibrated here (23, 11 fractured)" in capsys.readouterr().out
    path = tmp_path / "out" / "site.json"
    assert (read_site(path).name, read_site(path).made_by) == ("Ward 7", "me")

    monkeypatch.setattr("fracturelens.site.options.load_engine", lambda *_: site_engine())
    words = ["predict", str(folder / "normal"), "--site", str(path), "--out", str(tmp_path / "p")]
    assert command_line.main(words) == 0
    lines = (tmp_path / "p" / "results.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert {record["thresholds"]["site"] for record in records} == {"Ward 7"}
    assert [record["verdict"] for record in records].count("no_fracture") >= 22
    assert ",Ward 7," in (tmp_path / "p" / "results.csv").read_text()


def test_the_halves_follow_the_seed(tmp_path, command):
    folder = write_site_folder(tmp_path / "films")
    chosen = []
    for seed in ("1", "1", "2"):
        assert command(str(folder), "--calibrate", "--seed", seed) == 0
        chosen.append(read_site(tmp_path / "out" / "site.json").calibration)
    assert chosen[0] == chosen[1] != chosen[2]


def test_too_few_write_the_report_and_tell_how_many_are_needed(tmp_path, command, capsys):
    folder = write_site_folder(tmp_path / "films", 4, 30)
    assert command(str(folder), "--calibrate") == 1
    output = capsys.readouterr()
    assert "20 fractured and 20 normal ones are needed" in output.err and "4 and 30" in output.err
    assert (tmp_path / "out" / "report.html").is_file()
    assert not (tmp_path / "out" / "site.json").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["{films}", "--name", "two\nlines"], "one printable line"),
        (["{bad}"], "None of the files could be judged. a.png: there is no such file"),
    ],
)
def test_mistakes_are_told(tmp_path, command, capsys, words, told):
    films = write_site_folder(tmp_path / "films", 1, 1)
    (tmp_path / "bad.csv").write_text("file,label\na.png,1\n")
    places = {"films": films, "bad": tmp_path / "bad.csv"}
    assert command(*(word.format(**places) for word in words)) == 1
    assert told in capsys.readouterr().err


def test_predict_refuses_the_file_of_another_gate(tmp_path, command, capsys, monkeypatch):
    folder = write_site_folder(tmp_path / "films")
    assert command(str(folder), "--calibrate") == 0
    path = tmp_path / "out" / "site.json"
    path.write_text(path.read_text().replace("a" * 64, "9" * 64))
    monkeypatch.setattr("fracturelens.site.options.load_engine", lambda *_: site_engine())
    assert command_line.main(["predict", str(folder), "--site", str(path)]) == 1
    assert "another gate file" in capsys.readouterr().err


def test_needs_neither_tensorflow_nor_the_workshop():
    code = (
        "import sys, argparse, fracturelens.networks.litert, fracturelens.site.command as c;"
        "c.add_arguments(argparse.ArgumentParser());"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'sklearn', 'scipy', 'training'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
