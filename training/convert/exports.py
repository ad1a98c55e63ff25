"""Writes a float network of ours as ONNX, as a PyTorch program or as TensorFlow's SavedModel."""

import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from create_segmentation_model import MissingModelError
from fracturelens.networks.card import FILES, CardError, ModelCard, check_file, read_card
from training.convert.errors import ConversionError
from training.convert.inference_block import write_block

NEEDED = {
    "onnx": ("tf2onnx", "requirements-torch.txt"),
    "torch": ("torch", "requirements-torch.txt"),
}
"""Package that a format needs, and the file that asks for it."""
LAYOUTS = {"onnx": "NHWC", "torch": "NCHW", "saved_model": "NHWC"}
"""Order of the axes of input and output: PyTorch has its own."""


def export_network(name: str, kind: str, out: Path, models: Path) -> list[Path]:
    """Writes one network with its inference block beside it.

    The block's thresholds and calibration are those of the float network, as its card has them.
    An ONNX file and a SavedModel take float32 (N, S, S, 3) in [0, 1] and give probabilities
    (N, S, S, 2) or (N, 1); a PyTorch program takes (N, 3, S, S) and gives (N, 2, S, S) or (N, 1).

    Args:
        name: of the network.
        kind: "onnx", "torch" or "saved_model".
        out: folder, made where it is missing.
        models: folder of the networks.

    Returns:
        The files and folders written.

    Raises:
        MissingModelError: the network is absent or damaged.
        ConversionError: a package is missing, or a file is in the way.
    """
    package, file = NEEDED.get(kind, ("keras", "requirements.txt"))
    if find_spec(package) is None:
        raise ConversionError(f"{package} is missing: `pip install -r {file}` brings it.")
    try:
        card = read_card(name, models)
        check_file(models / name / FILES["float32"], card)
    except CardError as error:
        raise MissingModelError(str(error)) from error
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = WRITERS[kind](card, out, models)
        block = out / f"{name}.json"
        write_block(card.inference, LAYOUTS[kind], block)
    except OSError as error:
        raise ConversionError(f"{out} cannot be written ({error}). Name another --out.") from error
    return [*paths, block]


def _onnx(card: ModelCard, out: Path, models: Path) -> list[Path]:
    import keras

    model, path = _keras_network(card, models), out / f"{card.name}.onnx"
    signature = [
        keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32", name="xray")
    ]
    with warnings.catch_warnings():
        # Keras gives NumPy back a name that tf2onnx still uses, and NumPy warns of it.
        warnings.filterwarnings("ignore", message="In the future `np.object`")
        model.export(path, format="onnx", input_signature=signature, verbose=False)
    return [path]


def _saved_model(card: ModelCard, out: Path, models: Path) -> list[Path]:
    path = out / card.name
    _keras_network(card, models).export(path, format="tf_saved_model", verbose=False)
    return [path]


def _torch(card: ModelCard, out: Path, models: Path) -> list[Path]:
    import torch

    from training.convert.torch_networks import carried_over

    network = carried_over(card.name, models)
    size = card.inference.input.size
    picture = torch.from_numpy(np.random.default_rng(0).random((2, 3, size, size), np.float32))
    shapes = ({0: torch.export.Dim("pictures", min=1)},)
    program = torch.export.export(network, (picture,), dynamic_shapes=shapes)
    paths = [out / f"{card.name}.pt2", out / f"{card.name}.pt"]
    torch.export.save(program, paths[0])
    torch.save(network.state_dict(), paths[1])
    return paths


WRITERS = {"onnx": _onnx, "torch": _torch, "saved_model": _saved_model}


def _keras_network(card: ModelCard, models: Path):
    import keras

    return keras.saving.load_model(models / card.name / FILES["float32"], compile=False)
