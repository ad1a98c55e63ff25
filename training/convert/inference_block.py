"""Reads and writes an `inference` block outside of a card: how a network is asked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from fracturelens.networks.flaws import flaws_of
from fracturelens.networks.inference import Inference
from training.convert.errors import ConversionError

BEGUN = "not chosen yet"
OUTPUTS = ("softmax", "sigmoid")


def read_block(path: Path) -> Inference:
    """The `inference` block of a JSON file, or of a card.json.

    The thresholds and the calibration of a card belong to its network: another one begins at these
    numbers, which `fracturelens calibrate` replaces. A block of its own is taken at its word.

    Raises:
        ConversionError: the file is no whole block, or asks for what our front ends do not give.
    """
    try:
        content = json.loads(path.read_bytes())
        of_a_card = isinstance(content, dict) and "inference" in content
        block = msgspec.convert(content["inference"] if of_a_card else content, Inference)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise ConversionError(
            f"{path} holds no inference block ({error}). Start from one that `fracturelens export` "
            "writes, or name the card.json of a network."
        ) from error
    flaws = [*flaws_of(block), *_strange(block)]
    if flaws:
        raise ConversionError(f"{path} holds no usable inference block: {'; '.join(flaws)}.")
    block = replace(block, input=replace(block.input, layout="NHWC"))
    return _begun(block) if of_a_card else block


def write_block(inference: Inference, layout: str, path: Path) -> None:
    """Writes a block as JSON.

    Args:
        inference: of a network.
        layout: of the file that it stands beside, "NHWC" or "NCHW".
        path: of the JSON file.
    """
    block = replace(inference, input=replace(inference.input, layout=layout))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(block), indent=2) + b"\n")


def _begun(block: Inference) -> Inference:
    """Thresholds as a start: they were chosen for another network."""
    start = block.thresholds.get("float32") or next(iter(block.thresholds.values()))
    kept = {k: v for k, v in start.items() if k not in ("images", "chosen_on")}
    return replace(block, calibration={}, thresholds={"float32": {**kept, "chosen_on": BEGUN}})


def _strange(block: Inference) -> Iterator[str]:
    """What the block asks for and no front end of ours gives."""
    asked = block.input
    if block.output not in OUTPUTS:
        yield f"`output` is {block.output!r}, not one of {', '.join(OUTPUTS)}"
    if tuple(asked.range) != (0.0, 1.0):
        yield f"`input.range` is {asked.range}; pictures come in 0 to 1, say --mean and --deviation"
    if asked.channels != 3:
        yield f"`input.channels` is {asked.channels}, not 3"
    if asked.dtype != "float32":
        yield f"`input.dtype` is {asked.dtype!r}, not 'float32'"
