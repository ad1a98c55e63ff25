"""Whatever is wrong with the folder of the networks: a sentence with the remedy, never a guess."""

import json
import shutil
from pathlib import Path

import pytest

import command_line
from important_variables import SAMPLES, SAVED_MODELS
from tests.helpers.bad_inputs import lfs_pointer

NAMES = ("gate", "unet", "encoder_decoder", "screening")


@pytest.fixture
def models(tmp_path):
    """A copy of the published folder: links, which a test replaces by what is wrong."""
    for name in NAMES:
        (tmp_path / "models" / name).mkdir(parents=True)
        for file in ("card.json", "model_int8.tflite"):
            (tmp_path / "models" / name / file).symlink_to(SAVED_MODELS / name / file)
    return tmp_path / "models"


def predict(models, capsys):
    """What `predict` says on its last line of errors where it answers nothing at all."""
    out = models.parent / "out"
    words = ["predict", str(SAMPLES / "hand_broken.png"), "--models", str(models)]
    assert command_line.main([*words, "--out", str(out)]) == 1
    assert not out.exists()
    return capsys.readouterr().err.splitlines()[-1]


def put(path: Path, content: bytes):
    path.unlink()
    path.write_bytes(content)


def test_the_published_folder_is_whole(models, capsys):
    words = ["predict", str(SAMPLES / "hand_broken.png"), "--models", str(models)]
    assert command_line.main([*words, "--out", str(models.parent / "out")]) == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", ["card.json", "model_int8.tflite"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\x00garbage", "`git checkout -- "),
        (b"", "`git checkout -- "),
        (lfs_pointer(), "Git LFS pointer, not the file. Run `git lfs pull`"),
        (None, "is missing"),
    ],
)
def test_a_damaged_file_is_named_with_its_remedy(models, capsys, name, file, content, words):
    path = models / name / file
    put(path, content or b"")
    if content is None:
        path.unlink()
    told = predict(models, capsys)
    assert str(path) in told and words in told
    assert content is not None or f"`git checkout -- {path}`" in told


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_threshold_is_no_default(models, capsys, name):
    path = models / name / "card.json"
    card = json.loads(path.read_text())
    card["inference"]["thresholds"] = {}
    put(path, json.dumps(card).encode())
    assert "`thresholds` is empty" in predict(models, capsys)


@pytest.mark.parametrize("field", ["name", "title", "inference", "files"])
@pytest.mark.parametrize("name", NAMES)
def test_a_null_in_a_card_is_told(models, capsys, name, field):
    path = models / name / "card.json"
    card = json.loads(path.read_text()) | {field: None}
    put(path, json.dumps(card).encode())
    told = predict(models, capsys)
    assert "no complete card" in told and field in told and "`git checkout -- " in told


@pytest.mark.parametrize(("place", "other"), [("gate", "unet"), ("screening", "gate")])
def test_a_network_in_anothers_place_is_told(models, capsys, place, other):
    shutil.rmtree(models / place)
    shutil.copytree(models / other, models / place)
    assert f"is the card of {other!r}, not of {place!r}" in predict(models, capsys)


def test_a_file_in_anothers_place_is_told(models, capsys):
    put(models / "unet" / "model_int8.tflite", (models / "gate/model_int8.tflite").read_bytes())
    assert "truncated, changed or swapped" in predict(models, capsys)
