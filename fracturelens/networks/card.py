"""Reads and writes saved_model/<name>/card.json, the source of every figure about a network."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from fracturelens.networks.flaws import flaws_of
from fracturelens.networks.inference import Calibration, Inference
from important_variables import ATTRIBUTION, DISCLAIMER, NETWORKS, SAVED_MODELS, trained_here

CARD_FILE = "card.json"
FILES = {"float32": "model.keras", "int8": "model_int8.tflite"}
"""File of a network in saved_model/<name>, by precision."""
FLOAT_LITERT = "model_float32.tflite"
"""Stands in for the .keras file of a network that was converted from PyTorch."""
INTENDED_USE = "Research and teaching on radiographs of limbs, hip and shoulder. " + DISCLAIMER


class CardError(RuntimeError):
    """A card, or a file that it names, is missing or damaged; the text says what to do."""


POINTER = b"version https://git-lfs"
"""How the file begins that Git leaves where LFS was not installed."""


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
        """The thresholds of one precision; float32's where it has none of its own.

        Raises:
            CardError: it has neither.
        """
        chosen = self.inference.thresholds
        found = chosen.get(precision) or chosen.get("float32")
        if not found:
            raise CardError(
                f"The card of {self.name!r} holds no thresholds for {precision}. Choose them with "
                f"`fracturelens calibrate {self.name}`."
            )
        return found

    def file_at(self, precision: str) -> str:
        """Name of the file that runs in one precision."""
        if precision == "float32" and FLOAT_LITERT in self.files:
            return FLOAT_LITERT
        return FILES[precision]

    def calibration_at(self, precision: str) -> Calibration:
        """The gate's calibration in one precision; float32's where it has none of its own."""
        fitted = self.inference.calibration
        return fitted.get(precision) or fitted.get("float32") or Calibration()


def read_card(name: str, folder: Path = SAVED_MODELS) -> ModelCard:
    """The card of one network.

    Raises:
        CardError: card.json is missing, not JSON, not whole, or that of another network.
    """
    path = Path(folder) / name / CARD_FILE
    remedy = restore_words(path, name)
    try:
        content = path.read_bytes()
        card = msgspec.json.decode(content, type=ModelCard)
    except FileNotFoundError:
        train = f"Make it with `fracturelens train {name}`. " if name in trained_here() else ""
        raise CardError(
            f"{path} is missing: the network {name!r} was not trained yet, or the file was lost. "
            f"{train}{restore_words(path)}"
        ) from None
    except OSError as error:
        raise CardError(f"{path} cannot be opened ({error.strerror}). {remedy}") from error
    except msgspec.ValidationError as error:
        raise CardError(f"{path} is no complete card ({error}). {remedy}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _check_pointer(path, content)
        raise CardError(f"{path} is not a readable card ({error}). {remedy}") from error
    if card.name != name:
        raise CardError(f"{path} is the card of {card.name!r}, not of {name!r}. {remedy}")
    for flaw in flaws_of(card.inference):
        raise CardError(f"{path} is no complete card: {flaw}. {remedy}")
    return card


def check_file(path: Path, card: ModelCard) -> None:
    """Looks whether a model file is the one that its card describes.

    Raises:
        CardError: it is missing, a pointer, or not the card's.
    """
    remedy = restore_words(path)
    if not path.is_file():
        raise CardError(f"{path} is missing. {remedy}")
    try:
        with path.open("rb") as file:
            _check_pointer(path, file.read(len(POINTER)))
        digest = sha256_of(path)
    except OSError as error:
        raise CardError(f"{path} cannot be opened ({error.strerror}). {remedy}") from error
    if digest != card.files.get(path.name):
        raise CardError(
            f"{path} ({path.stat().st_size:,} bytes) is not the file that its card describes: "
            f"it is truncated, changed or swapped. {remedy}"
        )


def restore_words(path: Path, name: str = "") -> str:
    """How to get a file back that is missing or damaged, a sentence.

    Args:
        path: of the file.
        name: of the network, where training it anew would make the file too.
    """
    if path.parent.name in set(NETWORKS) - set(trained_here()):
        return "Make it anew with `fracturelens convert`."
    anew = f", or make it with `fracturelens train {name}`" if name in trained_here() else ""
    return f"Restore it with `git checkout -- {path}`{anew}."


def _check_pointer(path: Path, content: bytes) -> None:
    """Raises CardError where Git LFS left a pointer instead of a file."""
    if content.startswith(POINTER):
        raise CardError(f"{path} is a Git LFS pointer, not the file. Run `git lfs pull`.")


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
