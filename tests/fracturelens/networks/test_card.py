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
from tests.helpers.bad_inputs import lfs_pointer

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


@pytest.mark.parametrize("name", ["gate", "unet"])
def test_a_damaged_card_is_restored_and_not_trained_anew(tmp_path, name):
    path = write_card(replace(CARD, name=name), tmp_path)
    path.write_text("garbage")
    with pytest.raises(CardError, match=f"Restore it with `git checkout -- {path}`, or make"):
        read_card(name, tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"name": "\xff"}', b"null", b""])
def test_no_bytes_end_in_a_traceback(tmp_path, content):
    write_card(CARD, tmp_path).write_bytes(content)
    with pytest.raises(CardError, match="git checkout"):
        read_card("unet", tmp_path)


def test_a_pointer_is_told_from_a_card(tmp_path):
    write_card(CARD, tmp_path).write_bytes(lfs_pointer())
    with pytest.raises(CardError, match=r"Git LFS pointer, not the file. Run `git lfs pull`"):
        read_card("unet", tmp_path)


def test_a_folder_in_place_of_a_card_is_told(tmp_path):
    (tmp_path / "unet" / "card.json").mkdir(parents=True)
    with pytest.raises(CardError, match="cannot be opened"):
        read_card("unet", tmp_path)


def test_a_network_in_anothers_place_is_told(tmp_path):
    write_card(CARD, tmp_path)
    (tmp_path / "unet").rename(tmp_path / "encoder_decoder")
    with pytest.raises(CardError, match="is the card of 'unet', not of 'encoder_decoder'"):
        read_card("encoder_decoder", tmp_path)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("thresholds",), {}, "`thresholds` is empty"),
        (("thresholds", "int8"), {}, "`mask` for int8 is None"),
        (("thresholds", "float32", "mask"), None, "`mask` for float32 is None"),
        (("thresholds", "float32", "mask"), True, "`mask` for float32 is True"),
        (("thresholds", "float32", "mask"), 1.5, "`mask` for float32 is 1.5"),
        (("thresholds", "float32", "mask"), "0.5", "`mask` for float32 is '0.5'"),
        (("thresholds", "int8", "min_lesion_share"), None, "`min_lesion_share` for int8 is None"),
        (("output",), "tanh", "`output` is 'tanh'"),
        (("classes",), [], "`classes` is empty"),
        (("input", "size"), 0, "`input.size` is 0"),
        (("tiling", "enlargement"), 4.0, "3 tiles a side do not cover 4 sides"),
        (("thresholds",), None, "no complete card"),
        (("calibration", "float32", "slope"), None, "no complete card"),
    ],
)
def test_what_decides_an_answer_must_be_whole(tmp_path, place, value, words):
    path = write_card(CARD, tmp_path)
    content = json.loads(path.read_text())
    inner = content["inference"]
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    path.write_text(json.dumps(content))
    with pytest.raises(CardError, match=words):
        read_card("unet", tmp_path)


def test_a_gates_thresholds_must_rise(tmp_path):
    chosen = {"float32": {"doubtful": 0.6, "fracture": 0.2}}
    gate = replace(CARD, name="gate", inference=replace(gate_inference(320), thresholds=chosen))
    write_card(gate, tmp_path)
    with pytest.raises(CardError, match="`doubtful` for float32 is above `fracture`"):
        read_card("gate", tmp_path)


def test_thresholds_of_no_precision_are_not_guessed():
    only = replace(CARD.inference, thresholds={"int8": {"mask": 0.7}})
    with pytest.raises(CardError, match=r"no thresholds for float32.*fracturelens calibrate unet"):
        replace(CARD, inference=only).thresholds_at("float32")
