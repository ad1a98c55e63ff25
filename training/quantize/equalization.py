"""Cross-layer equalization: evens out the channels of each tensor, so that one scale fits them all.

Nagel et al. 2019 (arXiv 1906.04721), with the ranges of the activations, seen on pictures, in
place of bounds from weights. ReLU and pooling commute with a positive factor: a channel may leave
one layer divided by s if the next layer's weights for it are multiplied by s.
"""

import keras
import numpy as np
from keras import layers

from training.quantize.fold_network import WEIGHTED, readers_of

SMALLEST_SHARE = 1e-3  # a channel that is hardly ever on is not blown up beyond this
PASSING = (
    layers.MaxPooling2D,
    layers.ZeroPadding2D,
    layers.GlobalAveragePooling2D,
    layers.Dropout,
)
Reading = tuple[object, int]
"""A layer that reads a channel, and the number of its input channel 0 of the producer."""


def equalize(folded, peaks: dict[str, np.ndarray]) -> None:
    """Rescales the weights of a folded network in place; its function stays the same.

    Args:
        folded: what `fold_network` returns.
        peaks: largest absolute output of each channel of each layer, float (C,), by layer name.
    """
    readers = readers_of(folded)
    for layer in folded.layers:
        if isinstance(layer, WEIGHTED) and _is_homogeneous(layer):
            readings = readings_of(layer, 0, readers)
            if readings:
                _rescale(layer, readings, peaks[_seen_as(layer, readers)])


def readings_of(layer, offset: int, readers: dict) -> list[Reading]:
    """All that reads a layer's output, pooling and concatenation looked through.

    Empty where a reader (a sum, a sigmoid) would not undo a factor for each channel.
    """
    found: list[Reading] = []
    for reader in readers[layer.name]:
        if isinstance(reader, PASSING) or _keeps_channels(reader):
            deeper = readings_of(reader, offset, readers)
        elif isinstance(reader, layers.Concatenate):
            inputs = [tensor is layer.output for tensor in reader.input]
            before = sum(t.shape[-1] for t in reader.input[: inputs.index(True)])
            deeper = readings_of(reader, offset + before, readers)
        else:
            deeper = [(reader, offset)] if isinstance(reader, WEIGHTED) else []
        if not deeper:
            return []
        found += deeper
    return found


def is_depthwise(layer) -> bool:
    """Whether each channel of a layer reads one channel alone."""
    return isinstance(layer, layers.DepthwiseConv2D)


def _seen_as(layer, readers: dict) -> str:
    """The name under which a layer's channels reach their reader: its own, or its average's.

    An average over the picture may be a hundredth of its peak. In one scale with maxima, as a
    concatenation has it, it would be rounded away.
    """
    first, *others = readers[layer.name]
    averaged = isinstance(first, layers.GlobalAveragePooling2D) and not others
    return first.name if averaged else layer.name


def _rescale(layer, readings: list[Reading], peak: np.ndarray) -> None:
    """Divides each output channel by its factor and multiplies what reads it."""
    count = len(peak)
    peak = np.maximum(peak, SMALLEST_SHARE * max(float(peak.max()), 1e-9))
    dense = [_by_input(r)[:, o : o + count] for r, o in readings if not is_depthwise(r)]
    if dense:
        weight = np.max([np.abs(kernel).max(axis=0) for kernel in dense], axis=0)
        factor = np.sqrt(peak / np.maximum(weight, SMALLEST_SHARE * weight.max()))
    else:  # a depthwise kernel has a scale for each channel: only the activation needs evening
        factor = peak / np.exp(np.log(peak).mean())
    _multiply_output(layer, 1 / factor)
    for reader, offset in readings:
        whole = np.ones(_input_channels(reader), np.float32)
        whole[offset : offset + count] = factor
        _multiply_input(reader, whole)


def _is_homogeneous(layer) -> bool:
    return layer.activation in (keras.activations.linear, keras.activations.relu)


def _keeps_channels(layer) -> bool:
    """A flattening of a single pixel."""
    return isinstance(layer, layers.Flatten) and layer.input.shape[1:-1] == (1, 1)


def _input_channels(layer) -> int:
    return layer.input.shape[-1]


def _by_input(layer) -> np.ndarray:
    """The kernel as (rest, input channel)."""
    kernel = layer.get_weights()[0]
    axis = -1 if isinstance(layer, layers.Conv2DTranspose) else -2
    return np.moveaxis(kernel, axis, -1).reshape(-1, kernel.shape[axis])


def _multiply_input(layer, factor: np.ndarray) -> None:
    kernel, *rest = layer.get_weights()
    shape = (-1,) if isinstance(layer, layers.Conv2DTranspose) else (-1, 1)
    layer.set_weights([kernel * factor.reshape(shape), *rest])


def _multiply_output(layer, factor: np.ndarray) -> None:
    kernel, bias = layer.get_weights()
    transposed = isinstance(layer, (layers.Conv2DTranspose, layers.DepthwiseConv2D))
    shape = (-1, 1) if transposed else (-1,)
    layer.set_weights([kernel * factor.reshape(shape), bias * factor])
