"""Upsampling rewritten in a file: other operators, the same numbers."""

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from tests.helpers.tiny_networks import pictures, tiny_segmenter
from training.quantize import litert_export
from training.quantize.fold_network import fold_network
from training.quantize.operator_table import check_fully_int8, read_operators
from training.quantize.pixel_shuffle import shuffle_pixels


def plain_int8(network, monkeypatch) -> bytes:
    """The INT8 file as the kept library writes it."""
    monkeypatch.setattr(litert_export, "shuffle_pixels", lambda file: file)
    size = network.input_shape[1]
    return litert_export.export_int8(
        litert_export.export_float32(network), pictures(6, size)[:, None]
    )


def outputs(file: bytes, images) -> np.ndarray:
    interpreter = Interpreter(model_content=file, num_threads=1)
    interpreter.allocate_tensors()
    entry, found = interpreter.get_input_details()[0]["index"], []
    for image in images:
        interpreter.set_tensor(entry, image)
        interpreter.invoke()
        found.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    return np.array(found)


def names(file: bytes) -> list[str]:
    return [operator.name for operator in read_operators(file)]


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_outputs_are_the_same_bit_for_bit(precision, monkeypatch):
    network = fold_network(tiny_segmenter())
    whole = litert_export.export_float32(network)
    plain = whole if precision == "float32" else plain_int8(network, monkeypatch)
    shuffled, images = shuffle_pixels(plain), pictures(5)[:, None]
    ups = names(plain).count("TRANSPOSE_CONV")
    assert ups >= 1
    assert "TRANSPOSE_CONV" not in names(shuffled)
    assert names(shuffled).count("DEPTH_TO_SPACE") == ups
    expected = outputs(plain, images)
    assert expected.std() > 0.01
    np.testing.assert_array_equal(outputs(shuffled, images), expected)


def test_work_and_scales_stay(monkeypatch):
    plain = plain_int8(fold_network(tiny_segmenter()), monkeypatch)
    shuffled = shuffle_pixels(plain)
    check_fully_int8(read_operators(shuffled))
    work = [sum(o.multiply_accumulates for o in read_operators(f)) for f in (plain, shuffled)]
    assert work[0] == work[1] > 0
    assert all(o.per_channel for o in read_operators(shuffled) if o.name == "CONV_2D")


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (2, 1)])
def test_other_transposed_convolutions_are_left(kernel, stride, monkeypatch):
    inputs = keras.Input((16, 16, 3))
    spread = keras.layers.Conv2DTranspose(4, kernel, stride, padding="same", name="up")(inputs)
    plain = plain_int8(keras.Model(inputs, spread), monkeypatch)
    assert names(shuffle_pixels(plain)) == names(plain)
    assert "TRANSPOSE_CONV" in names(plain)


@pytest.mark.parametrize("precision", ["float32", "float16", "dynamic"])
def test_files_of_other_precisions_are_rewritten_too(precision, monkeypatch):
    whole, images = litert_export.export_float32(fold_network(tiny_segmenter())), pictures(5)
    file = litert_export.export_floats(whole)[precision]
    assert "TRANSPOSE_CONV" not in names(file)
    monkeypatch.setattr(litert_export, "shuffle_pixels", lambda file: file)
    plain = litert_export.export_floats(whole)[precision]
    assert "TRANSPOSE_CONV" in names(plain)
    expected = outputs(plain, images[:, None])
    np.testing.assert_allclose(outputs(file, images[:, None]), expected, atol=0.01)
