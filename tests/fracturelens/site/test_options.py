"""Every command that judges films tells what keeps its networks from being loaded."""

import shutil

import pytest

from command_line import main
from important_variables import SAMPLES, SAVED_MODELS

COMMANDS = (
    ("predict", str(SAMPLES / "hand_whole.png"), "--out", "out"),
    ("dicom-results", str(SAMPLES / "hand_whole.png"), "--out", "out"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_damaged_screening_network_is_told_without_a_traceback(
    words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "models"
    shutil.copytree(SAVED_MODELS, folder, ignore=shutil.ignore_patterns("*.keras", "*.json.gz"))
    (folder / "screening" / "model_int8.tflite").write_bytes(b"broken")
    assert main([*words, "--models", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "screening" in told and "git checkout" in told and "Traceback" not in told
