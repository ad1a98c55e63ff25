"""Copies the graph of a network for another input size, or with other numbers of channels."""

from collections.abc import Mapping

import keras
from keras import layers


def rebuilt(model, size: int | None, widths: Mapping[str, int] = {}):
    """A copy of a functional keras.Model with fresh weights.

    Args:
        model: it is not altered.
        size: input side in pixels; None leaves it open.
        widths: output channels of the layers that get others than before, by name.
    """

    def clone(layer):
        config = layer.get_config()
        if layer.name in widths:
            config["units" if isinstance(layer, layers.Dense) else "filters"] = widths[layer.name]
        return type(layer).from_config(config)

    first = model.inputs[0]
    picture = keras.Input((size, size, first.shape[-1]), name=first.name)
    return keras.models.clone_model(model, input_tensors=picture, clone_function=clone)


def resized(model, size: int | None):
    """A copy, weights too, for another input size."""
    copy = rebuilt(model, size)
    copy.set_weights(model.get_weights())
    return copy
