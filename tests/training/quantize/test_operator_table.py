"""Tests of training.operator_table."""

import numpy as np
import pytest

from tests.helpers.tiny_networks import pictures, tiny_gate, tiny_int8_file, tiny_segmenter
from training.quantize.fold_network import fold_network
from training.quantize.litert_export import export_dynamic, export_float32, export_int8
from training.quantize.operator_table import (
    UnfusedGraphError,
    check_fully_int8,
    format_table,
    read_operators,
    summarize,
    total_multiply_accumulates,
)


def test_multiply_accumulates_by_hand():
    # 16 px: 3x3x3x4 at 16x16, 3x3x4x8 at 8x8, 2x2 transposed 8 -> 4 at 8x8, 1x1x8x2 at 16x16
    expected = 256 * 108 + 64 * 288 + 64 * 128 + 256 * 16
    assert total_multiply_accumulates(tiny_int8_file()) == expected


def test_int8_graph_passes_and_its_table_adds_up():
    operators = read_operators(tiny_int8_file())
    check_fully_int8(operators)
    rows = summarize(operators)
    assert sum(row["count"] for row in rows) == len(operators)
    heaviest = rows[0]
    assert heaviest["operator"] == "CONV_2D + RELU"
    assert heaviest["type"] == "int8"
    assert heaviest["count"] == 2
    assert heaviest["bytes"] == (108 + 4 * 4) + (288 + 8 * 4)
    table = format_table(rows)
    assert "CONV_2D + RELU" in table
    assert f"{total_multiply_accumulates(tiny_int8_file()):,}" in table.splitlines()[-1]


def test_kernels_have_a_scale_for_each_channel():
    convolutions = [o for o in read_operators(tiny_int8_file()) if o.multiply_accumulates]
    assert convolutions
    assert all(operator.per_channel for operator in convolutions)


def test_gate_is_int8_throughout():
    file = export_int8(export_float32(fold_network(tiny_gate())), pictures(8)[:, None])
    operators = read_operators(file)
    check_fully_int8(operators)
    ends = {"QUANTIZE", "DEQUANTIZE"}
    assert all("float32" not in o.types for o in operators if o.name not in ends)


def test_float_graph_is_refused():
    file = export_float32(fold_network(tiny_segmenter()))
    with pytest.raises(UnfusedGraphError, match=r"CONV_2D .* computes in \('float32',\)"):
        check_fully_int8(read_operators(file))


def test_dynamic_graph_is_refused():
    file = export_dynamic(export_float32(fold_network(tiny_segmenter())))
    with pytest.raises(UnfusedGraphError, match=r"'float32'"):
        check_fully_int8(read_operators(file))


def test_lone_activation_is_refused():
    import keras
    from keras import layers

    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 1)(inputs)
    outputs = layers.Add()([layers.ReLU()(x), x])  # x is read twice: ReLU cannot be fused
    file = export_int8(export_float32(keras.Model(inputs, outputs)), pictures(4)[:, None])
    with pytest.raises(UnfusedGraphError, match=r"RELU .* is not fused into CONV_2D"):
        check_fully_int8(read_operators(file))
    assert np.isfinite(total_multiply_accumulates(file))


@pytest.mark.parametrize(
    ("activation", "name"),
    [("leaky_relu", "LEAKY_RELU"), ("elu", "ELU"), ("hard_swish", "HARD_SWISH"), ("gelu", "GELU")],
)
def test_every_lone_activation_is_refused(activation, name):
    import keras
    from keras import layers

    inputs = keras.Input((16, 16, 3))
    outputs = layers.Activation(activation)(layers.Conv2D(4, 1)(inputs))
    with pytest.raises(UnfusedGraphError, match=rf"{name} .* is not fused into CONV_2D"):
        check_fully_int8(read_operators(export_float32(keras.Model(inputs, outputs))))


def test_an_activation_behind_moved_values_is_refused():
    import keras
    from keras import layers

    inputs = keras.Input((16, 16, 3))
    moved = layers.Reshape((8, 32, 4))(layers.Conv2D(4, 1)(inputs))
    joined = layers.Concatenate()([moved, moved])
    file = export_int8(
        export_float32(keras.Model(inputs, layers.ReLU()(joined))), pictures(4)[:, None]
    )
    assert "CONCATENATION" in {operator.name for operator in read_operators(file)}
    with pytest.raises(UnfusedGraphError, match=r"RELU .* is not fused into CONV_2D"):
        check_fully_int8(read_operators(file))


def test_an_activation_of_no_convolution_passes():
    import keras
    from keras import layers

    inputs = keras.Input((16, 16, 3))
    outputs = layers.ReLU()(layers.Reshape((8, 32, 3))(inputs))
    check_fully_int8(read_operators(export_float32(keras.Model(inputs, outputs))))
