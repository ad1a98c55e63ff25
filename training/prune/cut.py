"""Builds the narrower network out of the channels that stay."""

import numpy as np
from keras import layers
from keras.ops import convert_to_numpy as array

from training.fit.rebuild import rebuilt
from training.prune.channels import Kept, Layer
from training.quantize.fold_network import WEIGHTED


def cut(model, network: dict[str, Layer], kept: Kept):
    """A network of the channels that stay, with their weights.

    Args:
        model: functional keras.Model; it is not altered.
        network: its `layers_of`.
        kept: of `choose_channels`.
    """
    widths = {name: len(channels) for name, channels in kept.items()}
    narrow = rebuilt(model, model.input_shape[1], widths)
    for layer in narrow.layers:
        if isinstance(layer, WEIGHTED):
            outputs = kept.get(layer.name, slice(None))
            weights = _cut_weights(
                model.get_layer(layer.name), inputs_kept(layer.name, network, kept), outputs
            )
            layer.set_weights(weights)
    return narrow


def inputs_kept(name: str, network: dict[str, Layer], kept: Kept) -> np.ndarray:
    """Numbers of the input channels of a layer that stay, in order."""
    stays = np.ones(network[name].inputs, bool)
    for producer, layer in network.items():
        for reader, offset in layer.read_by:
            if reader == name and producer in kept:
                gone = np.setdiff1d(np.arange(layer.outputs), kept[producer])
                stays[offset + gone] = False
    return np.flatnonzero(stays)


def _cut_weights(layer, inputs: np.ndarray, outputs) -> list[np.ndarray]:
    kernel, *bias = (array(weight) for weight in layer.weights)
    if isinstance(layer, layers.Conv2DTranspose):
        kernel = kernel[..., outputs, :][..., inputs]
    elif isinstance(layer, layers.DepthwiseConv2D):
        kernel = kernel[:, :, inputs]
    else:
        kernel = kernel[..., inputs, :][..., outputs]
    return [kernel, *(values[outputs] for values in bias)]
