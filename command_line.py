"""Entry of the command line: one table of commands, each living in its own module."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from create_segmentation_model import MissingModelError
from fracturelens.networks.brought import add_brought_networks
from important_variables import DISCLAIMER, ROOT, models_folder

COMMANDS = {
    "app": ("app_pages.serve", "open the app in a browser"),
    "predict": ("fracturelens.batch.command", "examine X-ray files, folders or globs"),
    "dicom-results": ("fracturelens.pacs.results", "write DICOM results of X-ray files"),
    "serve-dicom": ("fracturelens.pacs.serve", "receive films from DICOM peers, send results"),
    "pacs": ("fracturelens.pacs.command", "examine studies of an archive by DICOMweb"),
    "evaluate-site": ("fracturelens.site.command", "measure, and calibrate, on your own X-rays"),
    "export-phone": ("fracturelens.phone.command", "write the web app for a phone"),
    "serve-api": ("api.serve", "serve verdicts and overlays to programs (REST)"),
    "download": ("training.data.download", "get FracAtlas from figshare"),
    "audit": ("training.data.audit", "check a copy of FracAtlas"),
    "samples": ("training.synthetic.samples", "draw the synthetic samples"),
    "train": ("training.fit.train", "train a network on FracAtlas"),
    "prune": ("training.prune.command", "make a narrower segmenter of a trained one"),
    "average": ("training.fit.average", "average a network with earlier stages of itself"),
    "fit-screening": ("training.fit.screening", "fit what tells an X-ray from other pictures"),
    "calibrate": ("training.evaluate.calibration", "choose thresholds on validation"),
    "evaluate-studies": ("training.evaluate.studies", "measure what several views add"),
    "evaluate": ("training.evaluate.evaluation", "measure a network or the cascade"),
    "evaluate-external": ("training.evaluate.external", "measure on films of other hospitals"),
    "compare-runtimes": ("training.evaluate.runtimes", "compare OpenVINO with LiteRT"),
    "quantize": ("training.quantize.quantization", "make the INT8 file of a network"),
    "sensitivity": ("training.quantize.sensitivity", "measure what rounding each tensor costs"),
    "convert": ("training.convert.command", "add a network of your own from PyTorch"),
    "export": ("training.convert.export_command", "write a network for other programs"),
    "benchmark-api": ("training.benchmark.api_load", "load a REST interface with many clients"),
    "benchmark-node": ("training.benchmark.node_load", "load a DICOM node, and time it"),
    "benchmark-batch": ("training.benchmark.batch", "time `predict` on a folder against its parts"),
    "benchmark-scale": ("training.benchmark.scale", "time `predict` on one and many workers"),
    "benchmark": ("training.benchmark.benchmark", "time the networks and their peers"),
    "model-card": ("training.documents.model_card", "write MODEL_CARD.md and docs/results.md"),
    "readme": ("training.documents.readme", "write the README's figures"),
    "docs-check": ("training.documents.check", "check documents against figures, and links"),
}
"""Module, with `add_arguments` and `run`, and summary of each command."""
STOPPED = 130
"""Exit code, as shells give it to what Ctrl-C ended."""
MISSING_PACKAGE = (
    "The package {} is not installed. requirements.txt lists what the app and `predict` need, "
    "requirements-api.txt what `serve-api` needs, requirements-pacs.txt what results as DICOM and "
    "the node need, requirements-torch.txt what `convert` and `export` need, requirements-ray.txt "
    "what `predict --ray` needs, requirements-openvino.txt what `--runtime openvino` needs, "
    "requirements-dev.txt what all other commands need.\n"
)


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        words: command and arguments; those of the process where None.

    Returns:
        Exit code: 0 for success, 1 for an error that was told, 2 for wrong arguments, 130 where
        Ctrl-C ended it.
    """
    words = list(sys.argv[1:] if words is None else words)
    parser = argparse.ArgumentParser(prog="fracturelens", description="FractureLens. " + DISCLAIMER)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    told: tuple[type[Exception], ...] = (MissingModelError,)
    for problem in add_brought_networks(_models_folder(words)):
        sys.stderr.write(f"{problem}\n")
    try:
        for name, (module, summary) in COMMANDS.items():
            command = commands.add_parser(name, help=summary, description=summary)
            if words[:1] == [name]:  # only the command in use pays for its imports
                chosen = import_module(module)
                told += getattr(chosen, "TOLD_ERRORS", ())
                chosen.add_arguments(command)
        arguments = parser.parse_args(words)
        return import_module(COMMANDS[arguments.command][0]).run(arguments)
    except told as error:
        sys.stderr.write(f"{error}\n")
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if (ROOT / package).exists():  # one of ours: a mistake, not a missing package
            raise
        sys.stderr.write(MISSING_PACKAGE.format(package))
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return STOPPED
    return 1


def _models_folder(words: Sequence[str]) -> Path:
    """The folder of the networks that the words name, before any command declares its choices."""
    parser = argparse.ArgumentParser(
        prog="", add_help=False, allow_abbrev=False, exit_on_error=False
    )
    parser.add_argument("--models", type=Path, default=models_folder())
    try:
        return parser.parse_known_args(words)[0].models
    except argparse.ArgumentError:  # the command's own parser tells it
        return models_folder()


if __name__ == "__main__":
    sys.exit(main())
