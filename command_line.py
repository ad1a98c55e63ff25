"""Entry of the command line: one table of commands, each living in its own module."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from create_segmentation_model import MissingModelError
from important_variables import DISCLAIMER

COMMANDS = {
    "train": ("training.fit.train", "train a network on FracAtlas"),
    "average": ("training.fit.average", "mix a network with those that it went on from"),
    "calibrate": ("training.evaluate.calibration", "choose operating points on val"),
    "evaluate": ("training.evaluate.evaluation", "measure a network or the cascade"),
    "quantize": ("training.quantize.quantization", "make the INT8 LiteRT file of a network"),
    "predict": ("fracturelens.batch.command", "predict picture files, folders or globs"),
    "benchmark": ("training.benchmark.benchmark", "time the networks and their peers"),
    "audit": ("training.data.audit", "check a copy of FracAtlas"),
    "download": ("training.data.download", "bring FracAtlas from figshare"),
    "samples": ("training.synthetic.samples", "draw the synthetic samples"),
    "fit-screening": ("training.fit.screening", "fit what tells an X-ray from other pictures"),
    "model-card": ("training.documents.model_card", "write MODEL_CARD.md from the figures"),
    "readme": ("training.documents.readme", "write the README's tables from the figures"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        words: command and arguments; those of the process where None.

    Returns:
        Exit code: 0 for success, 1 for an error that was told, 2 for wrong arguments.
    """
    words = list(sys.argv[1:] if words is None else words)
    parser = argparse.ArgumentParser(
        prog="python command_line.py", description="FractureLens. " + DISCLAIMER
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if words[:1] == [name]:  # only the command in use pays for its imports
            import_module(module).add_arguments(command)
    arguments = parser.parse_args(words)
    try:
        return import_module(COMMANDS[arguments.command][0]).run(arguments)
    except (MissingModelError, *_told_errors(arguments.command)) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _told_errors(command: str) -> tuple[type[Exception], ...]:
    """Exceptions of our own that the command's module names in TOLD_ERRORS."""
    return getattr(import_module(COMMANDS[command][0]), "TOLD_ERRORS", ())


if __name__ == "__main__":
    sys.exit(main())
