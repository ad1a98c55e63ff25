"""Cards survive a round trip, and a broken one says what is wrong."""

import hashlib
import json
from dataclasses import replace

import pytest

from fracturelens.networks.card import (
    CardError,
    ModelCard,
    read_card,
    read_cards,
    sha256_of,
    write_card,
)
from fracturelens.networks.inference import (
    Calibration,
    Inference,
    InputContract,
    Tiling,
    gate_inference,
    segmenter_inference,
)
from important_variables import NETWORKS, SAVED_MODELS

CARD = ModelCard(
    "unet",
    "U-Net",
    7,
    Inference(
        InputContract(256, letterbox={"aspect": "kept", "padding": 0.0}),
        classes=("background", "fracture"),
        output="softmax",
        tiling=Tiling(1.25, 3),
        flips=True,
        calibration={"float32": Calibration(1.5, -0.25)},
        thresholds={"float32": {"mask": 0.7}, "int8": {"mask": 0.65, "chosen_on": "val"}},
    ),
    metrics={"val": {"dice": 0.25}},
    files={"model.keras": "0" * 64},
)


def test_card_comes_back_as_written(tmp_path):
    path = write_card(CARD, tmp_path)
    assert path == tmp_path / "unet" / "card.json"
    assert read_card("unet", tmp_path) == CARD
    assert "not a medical device" in path.read_text()
    assert not list(path.parent.glob("*.tmp"))


@pytest.mark.parametrize(
    "inference",
    [gate_inference(320), segmenter_inference(256, True), segmenter_inference(8, False)],
)
def test_new_contracts_come_back_as_written(tmp_path, inference):
    write_card(replace(CARD, inference=inference), tmp_path)
    assert read_card("unet", tmp_path).inference == inference


@pytest.mark.parametrize("name", NETWORKS)
def test_our_own_cards_are_read_and_written_without_loss(tmp_path, name):
    card = read_card(name)
    path = write_card(card, tmp_path)
    assert read_card(name, tmp_path) == card
    kept = json.loads((SAVED_MODELS / name / "card.json").read_text())
    assert json.loads(path.read_text()) == kept


def test_missing_card_names_the_network(tmp_path):
    with pytest.raises(CardError, match="'unet' was not trained yet"):
        read_card("unet", tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not a readable card"),
        ('{"name": "unet"}', "no complete card .*missing required field `title`"),
        ("[]", "no complete card"),
    ],
)
def test_broken_card_is_told(tmp_path, text, problem):
    path = write_card(CARD, tmp_path)
    path.write_text(text)
    with pytest.raises(CardError, match=problem) as caught:
        read_card("unet", tmp_path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("place", "field"),
    [((), "inference"), (("inference",), "classes"), (("inference", "input"), "size")],
)
def test_a_missing_field_is_named_with_its_place(tmp_path, place, field):
    path = write_card(CARD, tmp_path)
    content = json.loads(path.read_text())
    inner = content
    for key in place:
        inner = inner[key]
    del inner[field]
    path.write_text(json.dumps(content))
    with pytest.raises(CardError, match=f"missing required field `{field}`") as caught:
        read_card("unet", tmp_path)
    assert all(key in str(caught.value) for key in place)


def test_cards_that_cannot_be_read_are_left_out(tmp_path):
    write_card(CARD, tmp_path)
    assert read_cards(["gate", "unet"], tmp_path) == [CARD]


def test_unknown_fields_of_a_newer_card_are_passed_over(tmp_path):
    path = write_card(CARD, tmp_path)
    path.write_text(path.read_text().replace("{", '{"news": 1,', 1))
    assert read_card("unet", tmp_path) == CARD


def test_each_precision_has_thresholds_and_calibration_of_its_own():
    inference = replace(
        CARD.inference,
        calibration={"float32": Calibration(1.5, 0.2), "int8": Calibration(1.1, 0.0)},
    )
    card = replace(CARD, inference=inference)
    assert [card.thresholds_at(key)["mask"] for key in ("float32", "int8")] == [0.7, 0.65]
    assert [card.calibration_at(key).slope for key in ("float32", "int8")] == [1.5, 1.1]


def test_int8_falls_back_on_float32():
    only = replace(CARD.inference, thresholds={"float32": {"mask": 0.7}})
    card = replace(CARD, inference=only)
    assert card.thresholds_at("int8") == {"mask": 0.7}
    assert card.calibration_at("int8") == Calibration(1.5, -0.25)
    bare = replace(card, inference=replace(only, calibration={}))
    assert bare.calibration_at("int8") == Calibration(1.0, 0.0)


def test_sha256_is_the_librarys(tmp_path):
    (tmp_path / "f").write_bytes(b"bone")
    assert sha256_of(tmp_path / "f") == hashlib.sha256(b"bone").hexdigest()
