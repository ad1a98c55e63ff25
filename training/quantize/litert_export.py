"""Writes LiteRT files: float32, float16, dynamic range and full INT8, by litert-quantizer."""

import os
import tempfile
import warnings
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from litert_quantizer import calibrator, qtyping, quantizer, recipe, recipe_manager
from litert_quantizer.utils import qsv_utils

from fracturelens.networks.completion import completed
from training.quantize.fake_quant import Ranges
from training.quantize.operator_table import read_operators
from training.quantize.pixel_shuffle import shuffle_pixels

INPUT_NAME = "xray"


def export_float32(model) -> bytes:
    """LiteRT file of a Keras network, batch 1, float32 throughout."""
    shape = (1, *model.input_shape[1:])
    signature = [keras.InputSpec(shape=shape, dtype="float32", name=INPUT_NAME)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        model.export(path, format="litert", input_signature=signature, verbose=False)
        return path.read_bytes()


def export_floats(float_file: bytes) -> dict[str, bytes]:
    """Every file that computes in floats, by precision, upsampling in the form that runs fast.

    Args:
        float_file: what `export_float32` returns for a folded network.

    Returns:
        Keys "float32", "float16" and "dynamic".
    """
    fast = shuffle_pixels(float_file)
    return {"float32": fast, "float16": export_float16(fast), "dynamic": export_dynamic(fast)}


def export_float16(float_file: bytes) -> bytes:
    """Weights in float16, arithmetic in float32."""
    config = qtyping.OpQuantizationConfig(
        weight_tensor_config=qtyping.TensorQuantizationConfig(
            num_bits=16, dtype=qtyping.TensorDataType.FLOAT
        ),
        compute_precision=qtyping.ComputePrecision.FLOAT,
        explicit_dequantize=True,
    )
    tool = quantizer.Quantizer(float_file)
    tool.update_quantization_recipe(
        ".*", qtyping.TFLOperationName.ALL_SUPPORTED, config, "float_casting"
    )
    return _write(tool)


def export_dynamic(float_file: bytes) -> bytes:
    """Weights in INT8, activations quantized anew for each picture."""
    return _write(quantizer.Quantizer(float_file, recipe.dynamic_wi8_afp32()))


def export_int8(
    float_file: bytes,
    images: Iterable[np.ndarray],
    ranges: Ranges | None = None,
    *,
    integer_io: bool = False,
) -> bytes:
    """Weights and activations in INT8, upsampling in the form that runs fast.

    Args:
        float_file: what `export_float32` returns for a folded network.
        images: float32 (1, S, S, 3) in [0, 1], training pictures that set the ranges.
        ranges: ranges that go before those seen on `images`, by Keras layer name.
        integer_io: INT8 input and output too, else float32.

    Raises:
        KeyError: a layer of `ranges` is not in the file.
    """
    tool = quantizer.Quantizer(float_file, recipe.static_wi8_ai8())
    if not integer_io:
        for end in (qtyping.TFLOperationName.INPUT, qtyping.TFLOperationName.OUTPUT):
            tool.update_quantization_recipe(".*", end, algorithm_key="no_quantize")
    with _memory_warning_ignored():
        statistics = _observe(float_file, images, tool.get_quantization_recipe())
    outputs = [operator.output for operator in read_operators(float_file)]
    for layer, (low, high) in (ranges or {}).items():
        entry = statistics[_output_of(layer, outputs)]
        entry["min"] = np.full_like(entry["min"], low)
        entry["max"] = np.full_like(entry["max"], high)
    return shuffle_pixels(_write(tool, statistics))


def _observe(float_file: bytes, images: Iterable[np.ndarray], configuration) -> dict:
    """Smallest and largest value of each tensor over the pictures.

    The library's own default, a moving average, would cut off what only few pictures show: the
    logits of a lesion.
    """
    tool = calibrator.Calibrator(
        float_file, num_threads=os.cpu_count() or 1, qsv_update_func=qsv_utils.min_max_update
    )
    manager = recipe_manager.RecipeManager()
    manager.load_quantization_recipe(configuration)
    name, entry = next(iter(tool.get_signature_list().items()))
    tool.calibrate({name: [{entry["inputs"][0]: image} for image in images]}, manager)
    return tool.get_model_qsvs()


def _output_of(layer: str, outputs: list[str]) -> str:
    """Name of the tensor that holds a Keras layer's output.

    The converter joins the names of fused operators, first the last: model/layer_1/Relu;... A
    layer may become several operators: the last one's output is the layer's.
    """
    paths = {name: name.split(";")[0].split("/") for name in outputs}
    found = [n for n, p in paths.items() if len(p) > 2 and p[1].rpartition("_")[0] == layer]
    if not found:
        raise KeyError(f"No tensor of the LiteRT file belongs to the layer {layer!r}.")
    return found[-1]


def _write(tool, statistics: dict | None = None) -> bytes:
    with _memory_warning_ignored():
        result = tool.quantize(statistics, enable_progress_report=False)
    return completed(bytes(result.quantized_model))


@contextmanager
def _memory_warning_ignored():
    """The library's interpreter warns that keeping all tensors takes memory: here it must."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*experimental_preserve_all_tensors.*")
        yield
