"""Which channels of a network can go, what each saves, and which do go."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from keras import layers

from training.quantize.equalization import is_depthwise, readings_of
from training.quantize.fold_network import WEIGHTED, readers_of

BLOCK = 8
"""Channels that go at once: INT8 kernels compute them by eights, so that single ones save none."""
LEAST_SHARE = 0.25
"""Of a layer's channels, that stay."""
Kept = dict[str, np.ndarray]
"""Numbers of the output channels that stay, in order, by layer name."""


class PruneError(ValueError):
    """A network cannot be pruned as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Layer:
    """One weighted layer, as far as its cost goes.

    Attributes:
        inputs: channels that it reads.
        outputs: channels that it gives.
        unit: multiply-accumulates for each pair of an input and an output channel.
        read_by: names of the layers that read its outputs, and the first of their input channels
            that is one of these; empty where they cannot be taken away.
    """

    inputs: int
    outputs: int
    unit: int
    read_by: tuple[tuple[str, int], ...]


def layers_of(model) -> dict[str, Layer]:
    """The weighted layers of a functional keras.Model of fixed input size, by name.

    Raises:
        PruneError: none of them has channels that can be taken away.
    """
    readers = readers_of(model)
    found = {
        layer.name: Layer(
            layer.input.shape[-1], layer.output.shape[-1], _unit(layer), _read_by(layer, readers)
        )
        for layer in model.layers
        if isinstance(layer, WEIGHTED)
    }
    if not any(layer.read_by for layer in found.values()):
        raise PruneError(
            f"No channel of {model.name!r} can be taken away: each is summed, multiplied or read "
            "by a depthwise convolution. Prune a network of plain convolutions, such as the U-Net."
        )
    return found


def multiply_accumulates(network: Mapping[str, Layer], gone: Mapping[str, int]) -> int:
    """Multiply-accumulates for one picture, with so many output channels of each layer gone."""
    inputs = {name: layer.inputs for name, layer in network.items()}
    for name, layer in network.items():
        for reader, _ in layer.read_by:
            inputs[reader] -= gone.get(name, 0)
    return sum(
        layer.unit * inputs[name] * (layer.outputs - gone.get(name, 0))
        for name, layer in network.items()
    )


def choose_channels(
    network: Mapping[str, Layer], importance: Mapping[str, np.ndarray], share: float
) -> Kept:
    """The channels that stay, so that at most a share of the multiply-accumulates does.

    Of all layers' least important blocks the one goes that costs least importance for each
    multiply-accumulate saved, until enough are.

    Args:
        network: of `layers_of`.
        importance: of each output channel, float (C,), at least 0, by layer name.
        share: of the multiply-accumulates that may stay, in (0, 1).

    Raises:
        PruneError: a quarter of the channels of each layer costs more than that.
    """
    aim = share * multiply_accumulates(network, {})
    ranks = {name: np.argsort(importance[name]) for name, x in network.items() if x.read_by}
    gone = dict.fromkeys(ranks, 0)
    while (now := multiply_accumulates(network, gone)) > aim:
        steps = [name for name in ranks if _may_go(network[name], gone[name])]
        if not steps:
            raise PruneError(
                f"A quarter of all channels takes {now / multiply_accumulates(network, {}):.2f} of "
                f"the multiply-accumulates, asked was {share}. Say --macs with more."
            )
        prices = {name: _price(network, importance, ranks, gone, name, now) for name in steps}
        cheapest = min(prices, key=lambda name: prices[name])
        gone[cheapest] += _block(network[cheapest])
    return {name: np.sort(rank[gone[name] :]) for name, rank in ranks.items()}


def _price(network, importance, ranks, gone, name: str, now: int) -> float:
    """Importance that goes with a layer's next block, for each multiply-accumulate saved."""
    block = _block(network[name])
    lost = importance[name][ranks[name][gone[name] : gone[name] + block]].sum()
    saved = now - multiply_accumulates(network, gone | {name: gone[name] + block})
    return float(lost) / saved


def _may_go(layer: Layer, gone: int) -> bool:
    return layer.outputs - gone - _block(layer) >= LEAST_SHARE * layer.outputs


def _block(layer: Layer) -> int:
    return min(BLOCK, max(1, layer.outputs // 2))


def _read_by(layer, readers) -> tuple[tuple[str, int], ...]:
    """Empty too for what a depthwise convolution reads: its own outputs would have to go too."""
    found = readings_of(layer, 0, readers)
    if is_depthwise(layer) or any(is_depthwise(reader) for reader, _ in found):
        return ()
    return tuple((reader.name, offset) for reader, offset in found)


def _unit(layer) -> int:
    if isinstance(layer, layers.Dense):
        return 1
    seen = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
    area = int(np.prod(seen.shape[1:-1])) * int(np.prod(layer.kernel_size))
    return area // layer.input.shape[-1] if is_depthwise(layer) else area
