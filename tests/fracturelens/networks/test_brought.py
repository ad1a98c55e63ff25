"""Networks that somebody brought: found in their folder, told where they are wrong."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import command_line
from create_segmentation_model import MissingModelError, load_model
from fracturelens.networks.brought import (
    SPEC_FILE,
    add_brought_networks,
    networks_in,
    read_spec,
    write_spec,
)
from fracturelens.networks.card import (
    FLOAT_LITERT,
    CardError,
    read_card,
    restore_words,
    sha256_of,
    write_card,
)
from important_variables import NETWORKS, SAMPLES, SAVED_MODELS, segmenters, trained_here
from prediction import load_engine
from tests.helpers.app_helpers import THIRD

MINE = replace(THIRD, name="mine", title="Mine", brought=True)


@pytest.fixture
def models(tmp_path, networks):
    """Our folder with one network more: the U-Net's INT8 file under another name, twice."""
    for name in (*networks, "screening"):
        shutil.copytree(SAVED_MODELS / name, tmp_path / name, copy_function=link)
    (tmp_path / "mine").mkdir()
    for file in (FLOAT_LITERT, "model_int8.tflite"):
        shutil.copy(SAVED_MODELS / "unet" / "model_int8.tflite", tmp_path / "mine" / file)
    digest = sha256_of(tmp_path / "mine" / FLOAT_LITERT)
    files = {FLOAT_LITERT: digest, "model_int8.tflite": digest}
    write_card(replace(read_card("unet"), name="mine", title="Mine", files=files), tmp_path)
    write_spec(MINE, tmp_path)
    return tmp_path


def link(source, target):
    Path(target).symlink_to(source)


def test_it_is_one_more_network(models):
    assert add_brought_networks(models) == []
    assert segmenters() == ("encoder_decoder", "unet", "mine") and NETWORKS["mine"] == MINE
    assert "mine" in networks_in(models) and "mine" not in networks_in(SAVED_MODELS)
    assert trained_here() == ("gate", "encoder_decoder", "unet")


def test_an_engine_of_its_folder_has_it_and_another_has_not(models):
    assert list(load_engine("int8", models).thresholds.mask) == ["encoder_decoder", "unet", "mine"]
    assert set(load_engine("int8").networks) == {"gate", "encoder_decoder", "unet"}


def test_its_float_file_needs_no_keras(models):
    add_brought_networks(models)
    found = load_model("mine", "float32", models)
    assert type(found.run).__name__ == "LitertPredictor"
    assert found.digest == found.card.files[FLOAT_LITERT]


def test_predict_marks_with_it(models, tmp_path):
    film, out = SAMPLES / "lower_leg_broken.png", tmp_path / "out"
    words = ["predict", str(film), "--models", str(models), "--out", str(out), "--always-segment"]
    assert command_line.main(words) == 0
    record = json.loads((out / "results.jsonl").read_text())
    assert record["segmenters_run"] == ["encoder_decoder", "unet", "mine"]


def test_commands_know_its_name_and_none_trains_it(models, capsys):
    words = ["--models", str(models), "--data", str(models / "none")]
    assert command_line.main(["evaluate", "mine", *words]) == 1
    assert "FracAtlas" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command_line.main(["train", "mine"])


def test_a_models_option_without_a_folder_is_told_by_its_command(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["predict", "film.png", "--models"])
    assert "usage: fracturelens predict" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "other"}, "not its folder's"),
        ({"role": "gate"}, "not 'segmenter'"),
        ({"brought": False}, "does not say that it was brought"),
        ({"mark": [0, 1, 256]}, "`mark` holds no three numbers"),
        ({"lines": ["red", "#000000"]}, "`lines` holds no colors"),
        ({"title": None}, "title"),
    ],
)
def test_a_wrong_spec_is_told_and_takes_no_other_with_it(models, capsys, change, words):
    path = models / "mine" / SPEC_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CardError, match=words):
        read_spec(path)
    [problem] = add_brought_networks(models)
    assert str(path) in problem and "`fracturelens convert`" in problem
    assert "mine" not in NETWORKS


def test_a_lost_file_is_told_with_its_own_remedy(models):
    add_brought_networks(models)
    (models / "mine" / "model_int8.tflite").unlink()
    with pytest.raises(MissingModelError, match="`fracturelens convert`") as caught:
        load_model("mine", "int8", models)
    assert "git checkout" not in str(caught.value) and "train" not in str(caught.value)
    assert "git checkout" in restore_words(models / "unet" / "card.json")
