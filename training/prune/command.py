"""`prune`: a narrower segmenter that costs a share of the multiply-accumulates."""

import argparse
import sys
from pathlib import Path

from fracturelens.networks.card import FILES
from important_variables import GATE, NETWORKS, WORK
from training.data.dataset import FracAtlasError, read_fracatlas
from training.fit.fit import SettingsChangedError
from training.fit.settings import SettingsError, number_of
from training.options import add_data_option, add_models_option, add_numbers_option
from training.prune.channels import PruneError
from training.prune.prune import prune

TOLD_ERRORS = (FracAtlasError, PruneError, SettingsChangedError, SettingsError)
EPOCHS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens prune`."""
    parser.add_argument("name", choices=[name for name in NETWORKS if name != GATE])
    parser.add_argument(
        "--macs",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="of the multiply-accumulates that stay (default: %(default)s)",
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, help="of training (default: %(default)s)"
    )
    add_numbers_option(parser)
    add_data_option(parser)
    add_models_option(parser)
    parser.add_argument(
        "--workdir",
        type=Path,
        default=WORK / "pruned",
        help="for the narrow network and its checkpoint (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prunes and trains; a second call goes on where the first was stopped."""
    epochs = {"epochs": arguments.epochs, "crop_epochs": arguments.epochs}
    card = prune(
        arguments.name,
        read_fracatlas(arguments.data),
        arguments.macs,
        changes=epochs | dict(map(number_of, arguments.numbers)),
        models=arguments.models,
        workdir=arguments.workdir,
    )
    path = arguments.models / card.name / FILES["float32"]
    macs = card.training["pruned"]["multiply_accumulates"]
    sys.stdout.write(
        f"{macs['before']:,} multiply-accumulates became {macs['after']:,}; "
        f"{card.parameters:,} weights.\n{path}\n{card.metrics}\n"
        f"Run calibrate, quantize and evaluate {card.name} next.\n"
    )
    return 0
