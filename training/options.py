"""Options that several commands of the workshop share."""

import argparse
from pathlib import Path

from important_variables import fracatlas_folder, models_folder


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """`--data`: where FracAtlas lies."""
    parser.add_argument(
        "--data",
        type=Path,
        default=fracatlas_folder(),
        help="folder of FracAtlas (default: %(default)s)",
    )


def add_models_option(parser: argparse.ArgumentParser) -> None:
    """`--models`: where the networks lie."""
    parser.add_argument(
        "--models",
        type=Path,
        default=models_folder(),
        help="folder of the networks (default: %(default)s)",
    )


def add_numbers_option(parser: argparse.ArgumentParser) -> None:
    """`--set`: settings of a training that have no option; `number_of` reads them."""
    parser.add_argument(
        "--set",
        dest="numbers",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="any other setting of the training, such as positive_share=0.6; may be given several "
        "times",
    )
