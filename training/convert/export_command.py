"""`export`: writes a network of ours for other programs, its inference block beside it."""

import argparse
import sys
from pathlib import Path

from important_variables import trained_here
from training.convert.errors import ConversionError
from training.options import add_models_option

TOLD_ERRORS = (ConversionError,)
FORMATS = ("onnx", "torch", "saved_model")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens export`."""
    parser.add_argument("name", choices=trained_here())
    parser.add_argument("--format", choices=FORMATS, required=True)
    parser.add_argument(
        "--out", type=Path, default=Path(), help="folder for the files (default: this one)"
    )
    add_models_option(parser)
    parser.epilog = (
        "onnx: NAME.onnx. torch: NAME.pt2, a program of torch.export, and NAME.pt, a state dict. "
        "saved_model: a folder NAME of TensorFlow's. Beside each NAME.json: how the network is "
        "asked."
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the files and prints their paths."""
    # PyTorch and Keras are slow to import.
    from training.convert.exports import export_network

    for path in export_network(arguments.name, arguments.format, arguments.out, arguments.models):
        sys.stdout.write(f"{path}\n")
    return 0
