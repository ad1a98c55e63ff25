"""Puts a converted network into the folder of the networks, whole or not at all."""

import platform
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from fracturelens.networks.brought import free_colors, write_spec
from fracturelens.networks.card import FILES, FLOAT_LITERT, ModelCard, sha256_of, write_card
from fracturelens.networks.history import HISTORY_FILE, HistoryError, read_history
from fracturelens.networks.inference import Inference
from fracturelens.screening.network import SCREENING
from important_variables import (
    CASCADE,
    GATE,
    NETWORKS,
    SEGMENTER_CURVES,
    SEGMENTER_HEADLINE,
    NetworkSpec,
    trained_here,
)
from training.convert.converted import Parity
from training.convert.errors import ConversionError
from training.fit.new_card import commit

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
LIMITS = ["Trained elsewhere: what on is not known here. Measure it before you rely on it."]
LICENSE = "That of whoever trained it."
PACKAGES = ("torch", "litert-quantizer", "numpy")


@dataclass(frozen=True)
class Newcomer:
    """What is said of a network that somebody brings.

    Attributes:
        name: key; the folder that it gets.
        inference: how it is asked.
        source: where it comes from, for the card.
        parameters: number of weights.
        title: for people; made of the name where empty.
        caption: for the homepage; a plain one where empty.
        history: CSV of its training, with a column `epoch`; None for none.
    """

    name: str
    inference: Inference
    source: str
    parameters: int
    title: str = ""
    caption: str = ""
    history: Path | None = None

    @property
    def shown_as(self) -> str:
        """Its title."""
        if self.name in trained_here():
            return NETWORKS[self.name].title
        return self.title or self.name.replace("_", " ").capitalize()


def check_place(name: str, inference: Inference, models: Path, *, replace: bool) -> None:
    """Raises ConversionError where a network of this name cannot go into the folder."""
    if not NAME.fullmatch(name) or name in (SCREENING, CASCADE):
        raise ConversionError(
            f"{name!r} is no name for a network. Take small letters, digits and underscores, such "
            "as my_unet."
        )
    if (name == GATE) != (inference.output == "sigmoid"):
        raise ConversionError(
            f"The inference block gives {inference.output!r} and the name is {name!r}. A gate "
            f"(sigmoid) has to be named {GATE!r} and takes the place of ours; every other name is "
            "that of a segmenter (softmax)."
        )
    if (models / name).exists() and not replace:
        raise ConversionError(
            f"{models / name} is there already. Take another name, or say --replace: whatever was "
            "measured of the old network goes with it."
        )


def put_in_place(
    newcomer: Newcomer, models: Path, write: Callable[[Path], dict[str, Parity]]
) -> ModelCard:
    """Writes <models>/<name>: both files, card, spec and history.

    Args:
        newcomer: what is said of it.
        models: folder of the networks; an older folder of this name is replaced.
        write: writes both files into a folder and returns their parity by precision.

    Raises:
        ConversionError: of `write`, or the history cannot be used; the folder is as before.
    """
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".convert_") as draft:
        folder = Path(draft) / newcomer.name
        folder.mkdir()
        _copy_history(newcomer, folder)
        card = _card(newcomer, write(folder), folder)
        write_card(card, Path(draft))
        if newcomer.name not in trained_here():
            write_spec(_spec(newcomer), Path(draft))
        target = models / newcomer.name
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    return card


def _copy_history(newcomer: Newcomer, folder: Path) -> None:
    if newcomer.history is None:
        return
    wanted = "Expected a CSV with a column `epoch` and the columns of a history.csv of ours."
    try:
        shutil.copyfile(newcomer.history, folder / HISTORY_FILE)
        history = read_history(newcomer.name, folder.parent)
    except (OSError, HistoryError) as error:
        raise ConversionError(f"{newcomer.history} cannot be read ({error}). {wanted}") from error
    if history is None:
        raise ConversionError(f"{newcomer.history} holds no epoch. {wanted}")


def _card(newcomer: Newcomer, found: dict[str, Parity], folder: Path) -> ModelCard:
    return ModelCard(
        name=newcomer.name,
        title=newcomer.shown_as,
        parameters=newcomer.parameters,
        inference=newcomer.inference,
        training={"notes": [f"Trained in PyTorch, elsewhere; converted from {newcomer.source}."]},
        versions={"python": platform.python_version(), "commit": commit()}
        | {name: version(name) for name in PACKAGES},
        metrics={f"torch_parity_{kind}": asdict(parity) for kind, parity in found.items()},
        limits=LIMITS,
        files={name: sha256_of(folder / name) for name in (FLOAT_LITERT, FILES["int8"])},
        licence=LICENSE,
    )


def _spec(newcomer: Newcomer) -> NetworkSpec:
    """How pages show it."""
    color_name, mark, lines = free_colors(newcomer.name)
    return NetworkSpec(
        name=newcomer.name,
        title=newcomer.shown_as,
        role="segmenter",
        caption=newcomer.caption or "Marks the pixels of a fracture. Brought from PyTorch.",
        color_name=color_name,
        mark=mark,
        lines=lines,
        headline=SEGMENTER_HEADLINE,
        curves=SEGMENTER_CURVES,
        deepest_stride=1,
        brought=True,
    )
