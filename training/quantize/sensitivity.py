"""`sensitivity`: what rounding each tensor of a network alone to 8 bits does to its logits."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from keras import ops

from create_segmentation_model import load_model
from important_variables import NETWORKS
from training.data.dataset import FracAtlasError, read_fracatlas, usable
from training.options import add_data_option, add_models_option
from training.quantize.fake_quant import Ranges, copy_weights, fake_quant, fake_quant_kernel
from training.quantize.fold_network import WEIGHTED, kernel_axes
from training.quantize.prepared import check_from_keras, prepare
from training.quantize.quantization_aware import RoundingSettings

TOLD_ERRORS = (FracAtlasError,)
FILE = "sensitivity.json"
BATCH = 16


@dataclass(frozen=True)
class Sensitivity:
    """What rounding one tensor costs.

    Attributes:
        tensor: name of the layer in the folded network; "" for all tensors at once.
        kind: "activation" (the layer's output) or "kernel".
        logit_rms: root mean square of the change of the logits, 0 or more.
    """

    tensor: str
    kind: str
    logit_rms: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens sensitivity`."""
    parser.add_argument("name", choices=tuple(NETWORKS))
    add_data_option(parser)
    add_models_option(parser)
    parser.add_argument(
        "--pictures",
        type=int,
        default=32,
        help="views of training X-rays that are looked at (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Measures, writes sensitivity.json beside the network and prints the worst tensors."""
    exact = load_model(arguments.name, "float32", arguments.models)
    check_from_keras(exact.card)
    settings = RoundingSettings()
    train = usable(read_fracatlas(arguments.data), "train")
    ready = prepare(exact, train, settings, arguments.models)
    views = np.concatenate(ready.pictures[:: max(1, len(ready.pictures) // arguments.pictures)])
    found = measure(ready.folded, ready.ranges, views)
    path = Path(arguments.models) / arguments.name / FILE
    report = {
        "file": exact.digest,
        "split": "train",
        "views": len(views),
        "tensors": [asdict(one) for one in found],
    }
    path.write_text(json.dumps(report, indent=2) + "\n")
    for one in found[:12]:
        sys.stdout.write(f"{one.logit_rms:.4f} {one.kind:10} {one.tensor or 'all of them'}\n")
    sys.stdout.write(f"Written to {path}\n")
    return 0


def measure(folded, ranges: Ranges, views: np.ndarray) -> list[Sensitivity]:
    """The change of the logits for each tensor rounded alone, the worst first.

    Args:
        folded: what `fold_network` returns.
        ranges: of the layers' outputs, as the INT8 file takes them.
        views: float32 (N, S, S, 3) in [0, 1].

    Returns:
        One entry for each output in `ranges` and each kernel, and those of all outputs, and of all
        kernels, at once.
    """
    network = _Switched(folded, ranges)
    exact = network.logits(views)
    found = []
    for kind, names in network.tensors.items():
        for tensor in ("", *names):
            with network.rounded(kind, [tensor] if tensor else names):
                change = network.logits(views) - exact
            found.append(Sensitivity(tensor, kind, float(np.sqrt(np.mean(change**2)))))
    return sorted(found, key=lambda one: -one.logit_rms)


class _Switched:
    """A folded network up to its logits, each of whose tensors can be rounded by itself.

    Attributes:
        tensors: names of the layers whose output, and of those whose kernel, can be rounded.
    """

    def __init__(self, folded, ranges: Ranges):
        def call(layer, *inputs, **options):
            output = layer(*inputs, **options)
            if layer.name not in ranges:
                return output
            return _Switch(*ranges[layer.name], name=f"{layer.name}_switch")(output)

        clone = keras.models.clone_model(folded, call_function=call)
        copy_weights(folded, clone)
        self.network = keras.Model(clone.input, clone.layers[-1].input)
        names = [layer.name for layer in folded.layers]
        self.tensors = {
            "activation": [name for name in names if name in ranges],
            "kernel": [x.name for x in folded.layers if isinstance(x, WEIGHTED)],
        }

    def logits(self, views: np.ndarray) -> np.ndarray:
        return self.network.predict(views, batch_size=BATCH, verbose=0)

    @contextmanager
    def rounded(self, kind: str, names: Sequence[str]) -> Iterator[None]:
        if kind == "activation":
            variables = [self.network.get_layer(f"{name}_switch").on for name in names]
            values = [1.0] * len(names)
        else:
            layers = [self.network.get_layer(name) for name in names]
            variables = [layer.kernel for layer in layers]
            values = [fake_quant_kernel(layer.kernel, kernel_axes(layer)) for layer in layers]
        before = [ops.convert_to_numpy(variable) for variable in variables]
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        yield
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


class _Switch(keras.layers.Layer):
    """Rounds its input to 8 bits where `on` is 1, and passes it on where that is 0."""

    def __init__(self, low: float, high: float, **options):
        super().__init__(**options)
        self.low, self.high = low, high
        self.on = self.add_weight(name="on", shape=(), initializer="zeros", trainable=False)

    def call(self, inputs):
        return ops.cond(
            self.on > 0, lambda: fake_quant(inputs, self.low, self.high), lambda: inputs
        )
