"""Reads and writes saved_model/<name>/card.json, the source of every figure about a network."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from fracturelens.networks.inference import Calibration, Inference
from important_variables import ATTRIBUTION, DISCLAIMER, SAVED_MODELS

CARD_FILE = "card.json"
FILES = {"float32": "model.keras", "int8": "model_int8.tflite"}
"""File of a network in saved_model/<name>, by precision."""
INTENDED_USE = "Research and teaching on radiographs of limbs, hip and shoulder. " + DISCLAIMER


class CardError(RuntimeError):
    """A card is missing or cannot be read; the text names it."""


@dataclass(frozen=True)
class ModelCard:
    """What a network is, how it is asked, how it was made and what it measured.

    Attributes:
        name: folder under saved_model.
        title: name for people.
        parameters: number of weights.
        inference: all that another program needs to get the same answers.
        settings: training settings.
        training: epochs run, best epoch, seconds, machine.
        data: fingerprint (SHA-256 over ids and files), counts for each split, synthetic pictures.
        versions: package versions, and the commit of the code.
        metrics: figures, each on the split that its key names.
        limits: sentences on what the network cannot do.
        files: SHA-256 of each model file, by file name.
    """

    name: str
    title: str
    parameters: int
    inference: Inference
    settings: dict = field(default_factory=dict)
    training: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    metrics: dict = field(default_factory=dict)
    limits: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    intended_use: str = INTENDED_USE
    licence: str = "Apache-2.0. " + ATTRIBUTION

    @property
    def input_size(self) -> int:
        """Side of the network's input, pixels."""
        return self.inference.input.size

    def thresholds_at(self, precision: str) -> Mapping[str, Any]:
        """The thresholds of one precision; float32's where it has none of its own."""
        chosen = self.inference.thresholds
        return chosen.get(precision) or chosen["float32"]

    def calibration_at(self, precision: str) -> Calibration:
        """The gate's calibration in one precision; float32's where it has none of its own."""
        fitted = self.inference.calibration
        return fitted.get(precision) or fitted.get("float32") or Calibration()


def read_card(name: str, folder: Path = SAVED_MODELS) -> ModelCard:
    """The card of one network.

    Raises:
        CardError: card.json is missing, is not JSON, or lacks a field.
    """
    path = Path(folder) / name / CARD_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=ModelCard)
    except FileNotFoundError:
        raise CardError(f"{path} is missing: the network {name!r} was not trained yet.") from None
    except msgspec.ValidationError as error:
        raise CardError(f"{path} is no complete card ({error}).") from error
    except msgspec.DecodeError as error:
        raise CardError(f"{path} is not a readable card ({error}).") from error


def read_cards(names: Iterable[str], folder: Path = SAVED_MODELS) -> list[ModelCard]:
    """The cards that can be read, in the order of the names; the others are left out."""
    cards = []
    for name in names:
        try:
            cards.append(read_card(name, folder))
        except CardError:
            continue
    return cards


def write_card(card: ModelCard, folder: Path = SAVED_MODELS) -> Path:
    """Writes card.json whole or not at all; returns its path."""
    path = Path(folder) / card.name / CARD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    draft.replace(path)
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
