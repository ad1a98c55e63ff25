"""Makes the float LiteRT file of a PyTorch network, by litert-torch in its own environment."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn

from training.convert.errors import ConversionError

VARIABLE = "FRACTURELENS_LITERT_TORCH"
WORKER = Path(__file__).parent / "litert_worker.py"
SAID = 12
"""Last lines of the converter that are told where it fails."""


def litert_python() -> Path:
    """The Python that has litert-torch: the variable's, else the one that `make torch` made.

    Raises:
        ConversionError: there is none.
    """
    path = Path(os.environ.get(VARIABLE, Path(sys.prefix) / "litert_torch" / "bin" / "python"))
    if not path.is_file():
        raise ConversionError(
            f"litert-torch is missing: {path} does not exist. `make torch` installs it; elsewhere "
            "make an environment with `pip install -r requirements-litert-torch.txt` and name its "
            f"Python in {VARIABLE}."
        )
    return path


def to_litert(network: nn.Module, size: int) -> bytes:
    """The LiteRT file of a network.

    Args:
        network: float32 (1, S, S, 3) -> a tensor, in evaluation mode.
        size: S.

    Raises:
        ConversionError: PyTorch cannot export the network, or litert-torch cannot convert it; the
            text holds what it said last.
    """
    python = litert_python()
    with tempfile.TemporaryDirectory() as folder:
        program, target = Path(folder) / "program.pt2", Path(folder) / "network.tflite"
        torch.export.save(_exported(network, size), program)
        words = [str(python), str(WORKER), str(program), str(target)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode or not target.is_file():
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-SAID:])
            raise ConversionError(
                f"litert-torch cannot convert the network. It said last:\n{said}\nReplace the "
                "operation that it names by another one."
            )
        return target.read_bytes()


def _exported(network: nn.Module, size: int) -> torch.export.ExportedProgram:
    try:
        return torch.export.export(network, (torch.rand(1, size, size, 3),))
    except (RuntimeError, TypeError, ValueError, AttributeError, AssertionError) as error:
        first = str(error).strip().partition("\n")[0]
        raise ConversionError(
            f"`torch.export` cannot take the network apart ({first}). Its Python may not branch on "
            "the values of a picture."
        ) from error
