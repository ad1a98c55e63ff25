"""Simulates INT8 arithmetic in a float network, so that training can adapt to its rounding."""

from collections.abc import Iterable

import keras
import numpy as np
from keras import layers, ops

from training.quantize.fold_network import WEIGHTED, kernel_axes, readers_of

LEVELS = 255
KERNEL_LEVELS = 127
LOGIT_LIMIT = 8.0  # sigmoid(-8) = 0.0003
Channels = dict[str, np.ndarray]
"""Smallest and largest value of each channel of a layer's output, float (2, C), by layer name."""

Ranges = dict[str, tuple[float, float]]
"""Smallest and largest value of each layer's output, by layer name; 0 lies within."""

# Their output is made of values of their input: the same scale serves.
RANGE_KEEPING = (
    layers.InputLayer,
    layers.MaxPooling2D,
    layers.ZeroPadding2D,
    layers.Flatten,
    layers.Identity,
)


def observe_channels(folded, batches: Iterable[np.ndarray]) -> Channels:
    """Ranges of each channel of every layer output that INT8 gives a scale of its own.

    Args:
        folded: what `fold_network` returns.
        batches: float32 (N, S, S, 3) in [0, 1], training pictures.
    """
    watched = [layer for layer in folded.layers if _has_own_range(layer, folded)]
    probe = keras.Model(folded.input, [_extremes(layer.output) for layer in watched])
    seen = [probe.predict_on_batch(batch) for batch in batches]
    return {
        layer.name: np.stack([np.min(values, axis=0)[0], np.max(values, axis=0)[1]])
        for layer, values in zip(watched, zip(*seen, strict=True), strict=True)
    }


def ranges_of(channels: Channels, folded) -> Ranges:
    """One range for each tensor, 0 within; that of the logits no wider than they need.

    Beyond `LOGIT_LIMIT` the sigmoid is flat: a wider range would only coarsen the levels around
    the thresholds. What a concatenation alone reads has the concatenation's range, as in the file.
    """
    logits = folded.layers[-1].input
    ranges = {}
    for layer in folded.layers:
        if layer.name in channels:
            low, high = channels[layer.name]
            limit = LOGIT_LIMIT if layer.output is logits else np.inf
            ranges[layer.name] = (
                float(max(min(low.min(), 0), -limit)),
                float(min(max(high.max(), 0), limit)),
            )
    for name, followers in readers_of(folded).items():
        alone = len(followers) == 1 and isinstance(followers[0], layers.Concatenate)
        if alone and name in ranges:
            ranges[name] = ranges[followers[0].name]
    return ranges


class QuantizedTwin(keras.Model):
    """A network that computes as its INT8 file will, and can be trained.

    Its weights stay float; each call sees them, and each layer's output, rounded to 8 bits.
    Rounding passes gradients on unchanged, clipping stops them.

    Args:
        folded: what `fold_network` returns; its weights are copied.
        ranges: what `ranges_of` returns.
    """

    def __init__(self, folded, ranges: Ranges):
        """Clones the network with rounding behind its layers."""
        super().__init__(name=f"{folded.name}_twin")
        self.network = _with_rounded_outputs(folded, ranges)
        copy_weights(folded, self.network)

    def call(self, inputs):
        """Probabilities, as `folded` gives them but for the rounding."""
        rounded = [
            (layer.kernel, fake_quant_kernel(layer.kernel, kernel_axes(layer)))
            for layer in self.network.layers
            if isinstance(layer, WEIGHTED)
        ]
        with keras.StatelessScope(state_mapping=rounded):
            return self.network(inputs)

    def build(self, input_shape):
        """Nothing to build: the network came built."""


def copy_weights(source, target) -> None:
    """Copies weights between networks whose weighted layers have the same names."""
    for layer in source.layers:
        if isinstance(layer, WEIGHTED):
            target.get_layer(layer.name).set_weights(layer.get_weights())


def fake_quant(x, low: float, high: float):
    """Rounds to the 256 levels of an asymmetric INT8 scale over [low, high], which holds 0."""
    scale = max(high - low, 1e-6) / LEVELS
    zero = round(-low / scale)
    clipped = ops.clip(x, -zero * scale, (LEVELS - zero) * scale)
    return clipped + ops.stop_gradient(ops.round(clipped / scale) * scale - clipped)


def fake_quant_kernel(kernel, axes: tuple[int, ...]):
    """Rounds to 255 symmetric levels, each output channel with a scale of its own."""
    kernel = ops.convert_to_tensor(kernel)
    largest = ops.max(ops.abs(kernel), axis=axes, keepdims=True)
    scale = ops.stop_gradient(ops.maximum(largest, 1e-9) / KERNEL_LEVELS)
    return kernel + ops.stop_gradient(ops.round(kernel / scale) * scale - kernel)


class FakeQuant(layers.Layer):
    """`fake_quant` as a layer with a fixed range."""

    def __init__(self, low: float, high: float, **options):
        """Keeps the range."""
        super().__init__(**options)
        self.low, self.high = low, high

    def call(self, inputs):
        """The rounded input."""
        return fake_quant(inputs, self.low, self.high)


def _with_rounded_outputs(folded, ranges: Ranges):
    """Clone with a FakeQuant behind every layer that has a range."""

    def call(layer, *inputs, **options):
        output = layer(*inputs, **options)
        if layer.name not in ranges:
            return output
        return FakeQuant(*ranges[layer.name], name=f"{layer.name}_rounded")(output)

    return keras.models.clone_model(folded, call_function=call)


def _extremes(output):
    """Smallest and largest value of each channel over a batch, (2, C)."""
    axes = tuple(range(len(output.shape) - 1))
    return ops.stack([ops.min(output, axis=axes), ops.max(output, axis=axes)])


def _has_own_range(layer, folded) -> bool:
    """False too for the last layer: the scale of a probability is always 1/256."""
    return not isinstance(layer, RANGE_KEEPING) and layer is not folded.layers[-1]
