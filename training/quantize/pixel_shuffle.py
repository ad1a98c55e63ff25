"""Rewrites the upsampling of a LiteRT file so that it runs in the fast kernels.

XNNPACK has no integer kernel for a transposed convolution with one scale for each channel: LiteRT
falls back to plain code, a third of the U-Net's time; its float32 kernel is slow too. Where the
stride is the kernel's size, an output pixel comes from one input pixel: a 1x1 convolution into
four times the channels, then depth-to-space (Shi et al. 2016, arXiv 1609.05158), gives the same
numbers.
"""

from copy import deepcopy

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils
from ai_edge_litert.tools.flatbuffer_utils import get_builtin_code_from_operator_code

from training.quantize.operator_table import TYPE_NAMES

BLOCK = 2  # kernel and stride of the transposed convolutions, pixels
CODES = schema.BuiltinOperator


def shuffle_pixels(file: bytes) -> bytes:
    """The same network with every 2x2 transposed convolution of stride 2 rewritten.

    Args:
        file: a LiteRT file in float32 or INT8, what the converter or litert-quantizer writes.

    Returns:
        A LiteRT file with the same outputs, bit for bit.
    """
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(file))
    graph, operators = model.subgraphs[0], []
    for operator in graph.operators:
        code = get_builtin_code_from_operator_code(model.operatorCodes[operator.opcodeIndex])
        fits = code == CODES.TRANSPOSE_CONV and _fits(graph, operator)
        operators += _rewritten(model, graph, operator) if fits else [operator]
    graph.operators = operators
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _fits(graph, operator) -> bool:
    """True for a kernel as large as the stride, which has a bias."""
    options, kernel = operator.builtinOptions, graph.tensors[operator.inputs[1]]
    sides = (*kernel.shape[1:3], options.strideH, options.strideW)
    return set(sides) == {BLOCK} and len(operator.inputs) == 4


def _rewritten(model, graph, operator) -> list:
    """The 1x1 convolution and the depth-to-space that give the operator's output."""
    _, kernel, source, bias = operator.inputs
    _widen(model, graph.tensors[kernel], _as_pointwise)
    _widen(model, graph.tensors[bias], lambda values, _: np.tile(values, BLOCK**2))
    packed = deepcopy(graph.tensors[operator.outputs[0]])
    count, height, width, channels = packed.shape
    packed.shape = [count, height // BLOCK, width // BLOCK, channels * BLOCK**2]
    packed.name += b"_packed"
    packed.shapeSignature = None
    graph.tensors.append(packed)
    number = len(graph.tensors) - 1
    convolution = schema.Conv2DOptionsT()
    convolution.strideH = convolution.strideW = 1
    convolution.fusedActivationFunction = operator.builtinOptions.fusedActivationFunction
    spread = schema.DepthToSpaceOptionsT()
    spread.blockSize = BLOCK
    return [
        _operator(model, "CONV_2D", 3, [source, kernel, bias], [number], convolution),
        _operator(model, "DEPTH_TO_SPACE", 2, [number], list(operator.outputs), spread),
    ]


def _as_pointwise(values: np.ndarray, shape) -> np.ndarray:
    """Kernel (C, 2, 2, D) as (4 C, 1, 1, D), in the order in which depth-to-space reads it."""
    channels, _, _, depth = shape
    return values.reshape(shape).transpose(1, 2, 0, 3).reshape(BLOCK**2 * channels, 1, 1, depth)


def _widen(model, tensor, rearrange) -> None:
    """Rearranges a constant, and repeats its scales, for four times the output channels."""
    buffer = model.buffers[tensor.buffer]
    values = np.frombuffer(bytes(buffer.data), TYPE_NAMES[tensor.type])
    values = rearrange(values, tensor.shape)
    buffer.data, tensor.shape = np.frombuffer(values.tobytes(), np.uint8), list(values.shape)
    quantization = tensor.quantization
    if quantization.scale is not None and len(quantization.scale) > 1:
        quantization.scale = np.tile(quantization.scale, BLOCK**2)
        quantization.zeroPoint = np.tile(quantization.zeroPoint, BLOCK**2)


def _operator(model, name: str, version: int, inputs: list, outputs: list, options):
    made = schema.OperatorT()
    made.opcodeIndex = _opcode(model, getattr(CODES, name), version)
    made.inputs, made.outputs, made.builtinOptions = inputs, outputs, options
    kind = type(options).__name__.removesuffix("T")
    made.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
    return made


def _opcode(model, code: int, version: int) -> int:
    """Number of the operator's code in the file's list, where it is added if it is missing."""
    for number, entry in enumerate(model.operatorCodes):
        if get_builtin_code_from_operator_code(entry) == code:
            return number
    entry = schema.OperatorCodeT()
    entry.builtinCode = entry.deprecatedBuiltinCode = code  # both below 127, where they agree
    entry.version = version
    model.operatorCodes.append(entry)
    return len(model.operatorCodes) - 1
