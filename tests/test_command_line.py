"""One table of commands; own errors are told in a sentence, not as a traceback."""

import subprocess
import sys
from importlib import import_module

import pytest

import command_line
from command_line import COMMANDS, main
from important_variables import ROOT, SAMPLES

HEAVY = {"streamlit", "keras", "tensorflow", "sklearn", "matplotlib", "pydicom"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert f"usage: fracturelens {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_run_by_its_module(name):
    module = import_module(COMMANDS[name][0])
    assert callable(module.run) and callable(module.add_arguments)


def test_help_lists_the_commands_and_the_notice(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    assert "not a medical device" in text


def test_own_errors_are_told(tmp_path, capsys):
    assert main(["train", "unet", "--data", str(tmp_path)]) == 1
    assert "fracturelens download" in capsys.readouterr().err


def test_a_package_that_is_missing_is_told(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(COMMANDS, "audit", ("sklearn.nothing", "needs what is not there"))
    assert main(["audit"]) == 1
    assert "sklearn is not installed. requirements.txt lists" in capsys.readouterr().err


def test_a_module_of_ours_that_is_missing_is_a_mistake(monkeypatch):
    monkeypatch.setitem(COMMANDS, "audit", ("training.nothing", "was never written"))
    with pytest.raises(ModuleNotFoundError, match=r"training\.nothing"):
        main(["audit"])


def test_app_runs_streamlit_on_our_app_from_anywhere(monkeypatch, tmp_path):
    asked = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr("runpy.run_module", lambda name, **_: asked.append([name, *sys.argv[1:]]))
    assert main(["app", "--port", "8600", "--no-browser"]) == 0
    app = str(ROOT / "app.py")
    settings = ["--server.port", "8600", "--server.headless", "true"]
    assert asked == [["streamlit", "run", app, *settings]]


def test_app_without_streamlit_says_so(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "streamlit", None)
    assert main(["app"]) == 1
    assert "The package streamlit is not installed" in capsys.readouterr().err


def test_the_file_is_a_command_too(tmp_path):
    command = [sys.executable, command_line.__file__, "predict", "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert "usage: fracturelens predict" in done.stdout


def test_predict_in_int8_needs_neither_streamlit_nor_keras_nor_scikit_learn(tmp_path):
    """As requirements-edge.txt promises; `pydicom` comes in for DICOM files alone."""
    code = (
        "import sys; from command_line import main; "
        "code = main(['predict', *sys.argv[1:], '--precision', 'int8']); "
        f"print(sorted({HEAVY} & set(sys.modules))); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, str(SAMPLES / "hand_broken.png"), "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "results.jsonl").is_file()
