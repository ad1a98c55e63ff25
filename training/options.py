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
