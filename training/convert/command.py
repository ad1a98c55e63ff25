"""`convert`: makes one more network of ours of somebody's PyTorch network."""

import argparse
import sys
from pathlib import Path

from fracturelens.networks.card import FILES, FLOAT_LITERT, ModelCard
from training.convert.errors import ConversionError
from training.options import add_data_option, add_models_option

TOLD_ERRORS = (ConversionError,)
GIVES = ("logits", "probabilities")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens convert`."""
    add = parser.add_argument
    add("source", help="a .pt2 file of torch.export.save, or module:factory")
    add("--name", required=True, help="key of the network, such as my_unet; its folder's name")
    add("--inference", type=Path, required=True, metavar="FILE",
        help="how it is asked: JSON of `fracturelens export`, or a card.json")  # fmt: skip
    add("--weights", type=Path, metavar="FILE", help="state dict for module:factory")
    add("--gives", choices=GIVES, default=GIVES[0],
        help="what the network returns (default: %(default)s)")  # fmt: skip
    add("--mean", type=float, nargs="+", default=[0.0], metavar="M",
        help="that it expects to be subtracted from gray values of 0 to 1; one number, or one for "
        "each channel (default: 0)")  # fmt: skip
    add("--deviation", type=float, nargs="+", default=[1.0], metavar="D",
        help="that it expects them to be divided by then (default: 1)")  # fmt: skip
    add("--films", type=Path, metavar="DIR",
        help="X-rays that set the ranges of INT8 (default: FracAtlas' training split)")  # fmt: skip
    add("--title", default="", help="name for people (default: made of --name)")
    add("--caption", default="", help="what it does, a sentence for the homepage")
    add("--history", type=Path, metavar="CSV",
        help="its training, columns as in a history.csv of ours")  # fmt: skip
    add("--replace", action="store_true",
        help="replace a network of this name, and forget what was measured of it")  # fmt: skip
    add_data_option(parser)
    add_models_option(parser)
    parser.epilog = "The code of module:factory runs: convert only what you trust."


def run(arguments: argparse.Namespace) -> int:
    """Converts, prints the operator table of both files and how near they come to PyTorch."""
    # PyTorch is optional, and slow to import.
    from training.convert.convert import Request, convert
    from training.quantize.operator_table import format_table, read_operators, summarize

    wanted = {name: getattr(arguments, name) for name in Request.__dataclass_fields__}
    card = convert(Request(**wanted))
    folder = arguments.models / card.name
    for file in (FLOAT_LITERT, FILES["int8"]):
        content = (folder / file).read_bytes()
        table = format_table(summarize(read_operators(content)))
        sys.stdout.write(f"{folder / file} ({len(content):,} bytes)\n{table}\n\n")
    sys.stdout.write(_told(card))
    return 0


def _told(card: ModelCard) -> str:
    """The parity of both files, and what is to be done next."""
    lines = []
    for precision in FILES:
        found = card.metrics[f"torch_parity_{precision}"]
        dice = found["mask_dice"]
        masks = "" if dice is None else f", Dice of the masks {dice:.3f}"
        lines.append(
            f"{precision} against PyTorch on {found['views']} views: probabilities differ by at "
            f"most {found['largest']:.2g}, {found['mean']:.2g} on average{masks}"
        )
    lines.append(
        f"Next: `fracturelens calibrate --names {card.name}`, then "
        f"`fracturelens evaluate {card.name}`. Restart the app to see it."
    )
    return "\n".join(lines) + "\n"
