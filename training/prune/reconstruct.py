"""Refits each layer of a narrower network to what the whole one computes, by least squares.

He et al. 2017 (arXiv 1707.06168): the channels that stay take over what they can of those that
went, before any training.
"""

import keras
import numpy as np
from keras import layers, ops
from keras.ops import convert_to_numpy as array

from training.prune.channels import Kept

PLACES = 384
"""Of each view, at which a layer is fitted."""
RIDGE = 1e-3
"""Of the mean square of the inputs: holds what the views do not decide near the weights so far."""


def reconstruct(model, narrow, kept: Kept, views: np.ndarray, seed: int = 1) -> None:
    """Changes the weights of `narrow` in place, layer by layer from the input on.

    Args:
        model: the whole keras segmenter.
        narrow: of `cut`.
        kept: its channels.
        views: float32 (N, S, S, 3) in [0, 1], training views.
        seed: of the places that are looked at.
    """
    random = np.random.default_rng(seed)
    for layer in narrow.layers:
        if _can_be_fitted(layer):
            whole = model.get_layer(layer.name)
            inputs = _seen(narrow, layer, views)
            wanted = _before_activation(whole, _seen(model, whole, views))
            if layer.name in kept:
                wanted = wanted[..., kept[layer.name]]
            _fit(layer, inputs, wanted, random)


def _can_be_fitted(layer) -> bool:
    """Convolutions that keep the picture's size, and upsampling whose pieces do not overlap."""
    if isinstance(layer, layers.Conv2DTranspose):
        return layer.kernel_size == layer.strides and _is_linear(layer)
    if type(layer) is not layers.Conv2D or layer.strides != (1, 1):  # a kind of it may do more
        return False
    return layer.padding == "same" or layer.kernel_size == (1, 1)


def _is_linear(layer) -> bool:
    return layer.activation is keras.activations.linear


def _seen(model, layer, views: np.ndarray) -> np.ndarray:
    """What a layer reads, float32 (N, h, w, C)."""
    probe = keras.Model(model.input, layer.input)
    return np.concatenate([array(probe(view[None], training=False)) for view in views])


def _before_activation(layer, inputs: np.ndarray) -> np.ndarray:
    """What a convolution gives before its activation, float32 (N, h, w, C)."""
    if isinstance(layer, layers.Conv2DTranspose):
        return np.concatenate([array(layer(one[None])) for one in inputs])
    made = [layer.convolution_op(ops.convert_to_tensor(x[None]), layer.kernel) for x in inputs]
    return np.concatenate([array(one) for one in made]) + array(layer.bias)


def _fit(layer, inputs: np.ndarray, wanted: np.ndarray, random) -> None:
    """The ridge solution around the layer's present weights."""
    kernel, bias = (array(weight) for weight in layer.weights)
    spread = isinstance(layer, layers.Conv2DTranspose)
    rows = (_blocks if spread else _patches)(inputs, wanted, layer, random)
    seen, aim = (part.astype(np.float64) for part in rows)
    present = _as_matrix(kernel, spread)
    rest = aim - seen @ present
    seen_mean, rest_mean = seen.mean(axis=0), rest.mean(axis=0)
    centered = seen - seen_mean
    gram = centered.T @ centered
    gram[np.diag_indices_from(gram)] += RIDGE * max(np.trace(gram) / len(gram), 1e-12)
    change = np.linalg.solve(gram, centered.T @ (rest - rest_mean))
    offset = rest_mean - seen_mean @ change
    fitted = _from_matrix(present + change, kernel.shape, spread)
    offset = offset.reshape(-1, len(bias)).mean(axis=0)
    layer.set_weights([fitted.astype(np.float32), offset.astype(np.float32)])


def _patches(inputs, wanted, layer, random) -> tuple[np.ndarray, np.ndarray]:
    """What a convolution reads at random places, (M, kh * kw * C), and what it shall give."""
    high, wide = layer.kernel_size
    around = [(0, 0), ((high - 1) // 2, high // 2), ((wide - 1) // 2, wide // 2), (0, 0)]
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(inputs, around), (high, wide), axis=(1, 2)
    )
    at = _places(wanted.shape, random)
    seen = np.moveaxis(windows[at], 1, -1)
    return seen.reshape(len(seen), -1), wanted[at]


def _blocks(inputs, wanted, layer, random) -> tuple[np.ndarray, np.ndarray]:
    """What an upsampling reads at random places, (M, C), and the block that it shall give."""
    count, height, width = inputs.shape[:3]
    high, wide = layer.strides
    blocks = wanted.reshape(count, height, high, width, wide, -1).swapaxes(2, 3)
    at = _places(inputs.shape, random)
    return inputs[at], blocks[at].reshape(len(at[0]), -1)


def _places(shape, random) -> tuple[np.ndarray, ...]:
    views, height, width = shape[:3]
    total = PLACES * views
    return (
        np.repeat(np.arange(views), PLACES),
        random.integers(height, size=total),
        random.integers(width, size=total),
    )


def _as_matrix(kernel: np.ndarray, spread: bool) -> np.ndarray:
    """A kernel as (inputs, outputs); of an upsampling, outputs for each place of a block."""
    if spread:
        return np.moveaxis(kernel, -1, 0).reshape(kernel.shape[-1], -1)
    return kernel.reshape(-1, kernel.shape[-1])


def _from_matrix(matrix: np.ndarray, shape: tuple[int, ...], spread: bool) -> np.ndarray:
    if spread:
        return np.moveaxis(matrix.reshape(shape[-1], *shape[:-1]), 0, -1)
    return matrix.reshape(shape)
