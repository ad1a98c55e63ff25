"""Files of litert-quantizer are completed, and answer as before."""

import pytest
from ai_edge_litert.tools import flatbuffer_utils

from fracturelens.networks.completion import completed
from fracturelens.networks.litert import LitertPredictor
from important_variables import NETWORKS, SAVED_MODELS
from tests.helpers.tiny_networks import pictures, tiny_int8_file


def old_codes(content):
    """Both fields of every operator code."""
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    return [(code.builtinCode, code.deprecatedBuiltinCode) for code in model.operatorCodes]


def emptied(content):
    """The file as litert-quantizer leaves it: without the old field."""
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    for code in model.operatorCodes:
        code.deprecatedBuiltinCode = 0
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def test_what_we_export_is_complete():
    content = tiny_int8_file()
    assert all(old == min(new, 127) for new, old in old_codes(content))
    assert completed(content) is content


def test_a_completed_file_answers_as_before(tmp_path):
    bare, whole = tmp_path / "bare.tflite", tmp_path / "whole.tflite"
    bare.write_bytes(emptied(tiny_int8_file()))
    whole.write_bytes(completed(bare.read_bytes()))
    assert {old for _, old in old_codes(bare.read_bytes())} == {0}
    assert all(old == min(new, 127) for new, old in old_codes(whole.read_bytes()))
    batch = pictures(3)
    assert (LitertPredictor(bare)(batch) == LitertPredictor(whole)(batch)).all()


@pytest.mark.parametrize("name", [*NETWORKS, "screening"])
def test_what_we_ship_can_be_completed(name):
    content = (SAVED_MODELS / name / "model_int8.tflite").read_bytes()
    whole = completed(content)
    assert all(old == min(new, 127) for new, old in old_codes(whole))
    assert abs(len(whole) - len(content)) <= 16
