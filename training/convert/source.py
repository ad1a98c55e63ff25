"""Loads somebody's PyTorch network: a torch.export program, or a factory with a state dict."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pickle import UnpicklingError
from zipfile import BadZipFile

import torch
from torch import nn

from training.convert.errors import ConversionError

UNREADABLE = (
    OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError,
    EOFError, BadZipFile, UnpicklingError,
)  # fmt: skip
"""What PyTorch raises for files that are damaged, of others, or of another version."""


def load_source(source: str, weights: Path | None = None) -> nn.Module:
    """The network that the words name. Its code runs: convert only what you trust.

    Args:
        source: path of a .pt2 file that `torch.export.save` wrote, or "module:factory", a function
            without arguments that returns a torch.nn.Module.
        weights: state dict of the factory's network, a file of `torch.save`.

    Returns:
        The network, asked as in use: a factory's is put into evaluation mode.

    Raises:
        ConversionError: it cannot be found or loaded.
    """
    if source.endswith(".pt2"):
        if weights:
            raise ConversionError("A .pt2 program holds its weights: leave --weights out.")
        return _program(Path(source))
    if ":" not in source:
        raise ConversionError(
            f"Expected a .pt2 file or module:factory, received {source!r}. Save a program with "
            "`torch.export.save(torch.export.export(network.eval(), (picture,)), 'name.pt2')`."
        )
    network = _made(source)
    if weights:
        _fill(network, weights)
    return network.eval()


def _program(path: Path) -> nn.Module:
    """The network of a .pt2 file."""
    if not path.is_file():
        raise ConversionError(f"{path} is missing.")
    try:
        program = torch.export.load(path)
    except UNREADABLE as error:
        raise ConversionError(
            f"{path} is no program that PyTorch {torch.__version__} can read ({_first(error)}). "
            "Save it with this version, or name module:factory and --weights."
        ) from error
    return program.module()


def _made(source: str) -> nn.Module:
    """What a factory returns; its module may lie in the current folder."""
    module_name, _, name = source.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    try:
        factory: Callable[[], nn.Module] = getattr(import_module(module_name), name)
        network = factory()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ConversionError(
            f"{source} gave no network ({error}). Expected module:factory, a function without "
            "arguments in a module of the current folder or of this environment."
        ) from error
    if not isinstance(network, nn.Module):
        raise ConversionError(f"{source} gave a {type(network).__name__}, no torch.nn.Module.")
    return network


def _fill(network: nn.Module, weights: Path) -> None:
    """Loads a state dict, tensors alone: a file may hold no code."""
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        network.load_state_dict(state)
    except UNREADABLE as error:
        raise ConversionError(
            f"{weights} is no state dict of this network ({_first(error)}). Save it with "
            "`torch.save(network.state_dict(), 'weights.pt')`."
        ) from error


def _first(error: Exception) -> str:
    """The first line of what an error says, as PyTorch writes pages."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__
