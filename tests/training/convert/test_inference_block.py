"""Tests of training.convert.inference_block: no PyTorch is needed."""

import json
from dataclasses import replace

import pytest

from fracturelens.networks.card import read_card
from fracturelens.networks.inference import segmenter_inference
from important_variables import SAVED_MODELS
from training.convert.errors import ConversionError
from training.convert.inference_block import read_block, write_block


def test_a_block_comes_back_as_written(tmp_path):
    block = read_card("unet").inference
    for layout in ("NHWC", "NCHW"):
        write_block(block, layout, tmp_path / "unet.json")
        assert json.loads((tmp_path / "unet.json").read_text())["input"]["layout"] == layout
        assert read_block(tmp_path / "unet.json") == block, "our files are NHWC"


@pytest.mark.parametrize("name", ["unet", "gate"])
def test_a_cards_thresholds_are_a_start_alone(name):
    block, card = read_block(SAVED_MODELS / name / "card.json"), read_card(name)
    [(precision, chosen)] = block.thresholds.items()
    assert precision == "float32" and "images" not in chosen
    assert chosen["chosen_on"] == "not chosen yet"
    assert all(card.thresholds_at("float32")[k] == v for k, v in chosen.items() if k != "chosen_on")
    assert block.calibration == {}
    assert replace(block, thresholds={}) == replace(card.inference, thresholds={}, calibration={})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"input": {"size": 0}}, "not a number of pixels"),
        ({"input": {"size": 64, "range": [-1, 1]}}, r"pictures come in 0 to 1, say --mean"),
        ({"input": {"size": 64, "channels": 1}}, "`input.channels` is 1"),
        ({"input": {"size": 64, "dtype": "uint8"}}, "`input.dtype` is 'uint8'"),
        ({"output": "logits", "thresholds": {}}, "`output` is 'logits', not one of softmax"),
        ({"thresholds": {}}, "`thresholds` is empty"),
        ({"classes": None}, "classes"),
        ({"tiling": {"enlargement": 3.0}}, "do not cover"),
    ],
)
def test_what_no_front_end_gives_is_told(tmp_path, change, words):
    path = tmp_path / "block.json"
    write_block(segmenter_inference(64, enlarged=False), "NHWC", path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ConversionError, match=words) as caught:
        read_block(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"inference": 3}', None])
def test_a_file_without_a_block_is_told(tmp_path, content):
    path = tmp_path / "block.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConversionError, match="holds no inference block"):
        read_block(path)
