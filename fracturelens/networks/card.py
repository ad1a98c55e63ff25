"""Reads and writes saved_model/<name>/card.json, the source of every figure about a network."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from important_variables import ATTRIBUTION, DISCLAIMER, SAVED_MODELS

CARD_FILE = "card.json"
INT8 = "int8"
INPUT_CONTRACT = (
    "float32 RGB, NHWC, values in [0, 1]; the X-ray letterboxed (aspect kept, centred, zero "
    "padding) to the input size by xray_image.prepare_xray"
)
INTENDED_USE = "Research and teaching on radiographs of limbs, hip and shoulder. " + DISCLAIMER


class CardError(RuntimeError):
    """A card is missing or cannot be read; the text names it."""


@dataclass(frozen=True)
class ModelCard:
    """What a network is, how it was made and what it measured.

    Attributes:
        name: folder under saved_model.
        title: name for people.
        parameters: number of weights.
        settings: training settings and "input_size" (pixels).
        training: epochs run, best epoch, seconds, machine.
        data: fingerprint (SHA-256 over ids and files), counts for each split, synthetic pictures.
        versions: package versions, and the commit of the code.
        thresholds: operating points, chosen on val only; under "int8" those of the INT8 file
            where it has its own.
        metrics: figures, each on the split that its key names.
        limits: sentences on what the network cannot do.
        files: SHA-256 of each model file, by file name.
    """

    name: str
    title: str
    parameters: int
    settings: dict
    training: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    thresholds: dict = field(default_factory=dict)
    metrics: dict = field(default_factory=dict)
    limits: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    input_contract: str = INPUT_CONTRACT
    intended_use: str = INTENDED_USE
    licence: str = "Apache-2.0. " + ATTRIBUTION

    @property
    def looks_closer(self) -> bool:
        """Whether it was trained on enlargements too, and so looks at windows (tiling.py)."""
        return self.settings.get("closeup", 1.0) > 1.0

    def thresholds_at(self, precision: str) -> dict:
        """The operating points of one precision, "float32" or "int8"."""
        shared = {key: value for key, value in self.thresholds.items() if key != INT8}
        return shared | (self.thresholds.get(INT8, {}) if precision == INT8 else {})


def read_card(name: str, folder: Path = SAVED_MODELS) -> ModelCard:
    """The card of one network.

    Raises:
        CardError: card.json is missing, is not JSON, or lacks a field.
    """
    path = Path(folder) / name / CARD_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CardError(f"{path} is missing: the network {name!r} was not trained yet.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CardError(f"{path} is not a readable card ({error}).") from error
    known = {entry.name for entry in fields(ModelCard)}
    try:
        return ModelCard(**{key: value for key, value in content.items() if key in known})
    except (TypeError, AttributeError) as error:
        raise CardError(f"{path} lacks fields of a card ({error}).") from error


def write_card(card: ModelCard, folder: Path = SAVED_MODELS) -> Path:
    """Writes card.json whole or not at all; returns its path."""
    path = Path(folder) / card.name / CARD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


FILES = {"float32": "model.keras", "int8": "model_int8.tflite"}
