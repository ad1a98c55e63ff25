"""The card of a network that was just trained: how it was made, on what, and how it is asked."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from fracturelens.networks.card import FILES, ModelCard, sha256_of
from fracturelens.networks.history import History
from fracturelens.networks.inference import Inference, gate_inference, segmenter_inference
from fracturelens.networks.stretching import STRETCH
from important_variables import GATE, NETWORKS, trained_here
from training.data.dataset import Xray
from training.fit.settings import TrainingSettings

PACKAGES = ("keras", "numpy", "opencv-python-headless", "pillow")
BACKEND_PACKAGES = {"tensorflow": "tensorflow-cpu", "jax": "jax", "torch": "torch"}
LIMITS = [
    "Trained on one data set without patient identifiers, from three hospitals of one country.",
    "Annotations are coarse: two annotators of one picture agree at a mean Dice of 0.69.",
    "Chest, spine, skull and CT pictures were never seen; neither were infants' growth plates "
    "in any number.",
]


def make_card(
    settings: TrainingSettings,
    parameters: int,
    train: list[Xray],
    val: list[Xray],
    history: History,
    file: Path,
) -> ModelCard:
    """The card of a new network, its thresholds 0.5 until `calibrate` chooses them.

    Args:
        settings: of the run.
        parameters: of the network.
        train: training pictures.
        val: pictures that were watched.
        history: of the run.
        file: the saved network.
    """
    return ModelCard(
        name=settings.name,
        title=NETWORKS[settings.name].title,
        parameters=parameters,
        inference=new_inference(
            settings.name, settings.input_size, settings.enlargement > 1, settings.stretch
        ),
        settings=asdict(settings)
        | {key: Path(getattr(settings, key)).name for key in ("start", "teacher")},
        training={
            "epochs": len(history.rows),
            "best_epoch": history.best_epoch,
            "seconds": round(sum(entry["seconds"] for entry in history.rows)),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "notes": list(_notes(settings)),
        },
        data={
            "name": "FracAtlas",
            "train": _counts(train),
            "watched_val": _counts(val) | ({"changed": len(val)} if settings.exports else {}),
            "synthetic": settings.synthetic,
            "train_sha256": fingerprint(train),
        },
        versions=_versions(),
        metrics={"watched_val": {k: v for k, v in history.best.items() if k.startswith("val_")}},
        limits=LIMITS,
        files={FILES["float32"]: sha256_of(file)},
    )


def new_inference(name: str, size: int, enlarged: bool, stretched: bool = False) -> Inference:
    """How a new network is asked.

    Args:
        name: of the network.
        size: side of its input, pixels.
        enlarged: whether a segmenter was trained on enlargements.
        stretched: whether it was trained with stretched contrast.
    """
    stretch = STRETCH if stretched else None
    if name == GATE:
        return gate_inference(size, stretch)
    return segmenter_inference(size, enlarged, stretch)


def fingerprint(xrays: list[Xray]) -> str:
    """SHA-256 over ids and file contents, in order."""
    digest = hashlib.sha256()
    for xray in xrays:
        digest.update(xray.image_id.encode() + xray.path.read_bytes())
    return digest.hexdigest()


def commit() -> str:
    """Of the code that runs; "" outside of a clone."""
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()


def _notes(settings: TrainingSettings) -> Iterator[str]:
    """Sentences that a reader of the training curves needs."""
    if settings.start:
        yield (
            f"Went on from the trained network with SHA-256 {_digest(settings.start)}; "
            "these epochs came after those that made it."
        )
    if settings.name == GATE:
        yield "The epoch of the lowest validation loss was kept."
    if settings.start_share:
        yield f"Each epoch's weights were mixed with {settings.start_share:.0%} of that network's."
    yield from _notes_on_teacher(settings)
    if settings.copy_paste:
        yield (
            f"A piece of another training picture was pasted into {settings.copy_paste:.0%} of "
            "the views at most, with a lesion in half of the cases."
        )
    if settings.simulated_fractures:
        yield (
            f"A bone was broken by the computer, or bent without a break, in "
            f"{settings.simulated_fractures:.0%} of the views at most."
        )
    if settings.exports:
        yield (
            f"{settings.exports:.0%} of the views were changed as export, scanning and cropping do."
        )
    if settings.enlargement > 1:
        yield (
            f"Crops were enlarged by up to {settings.enlargement:g} times beyond the scale of the "
            f"whole picture; validated on whole pictures of {settings.watched_size} px."
        )
    if settings.crop_epochs:
        around = f"around lesions{' and hard negatives' if settings.hard_negatives else ''}"
        rest = ", the rest whole pictures" if settings.epochs > settings.crop_epochs else ""
        yield f"Epochs 1 to {settings.crop_epochs} saw {settings.crop} px crops {around}{rest}."


def _notes_on_teacher(settings: TrainingSettings) -> Iterator[str]:
    if settings.teacher and settings.name == GATE:
        yield (
            f"Learned what the gate with SHA-256 {_digest(settings.teacher)} says of each view "
            f"with its gray values unchanged; this counts {settings.teacher_share:.0%} of the loss."
        )
    elif settings.teacher and settings.name not in trained_here():
        yield (
            f"Learned what the network with SHA-256 {_digest(settings.teacher)} paints on each "
            f"view; this counts {settings.teacher_share:.0%} of the loss."
        )
    elif settings.teacher:
        yield (
            f"Learned the features of the gate with SHA-256 {_digest(settings.teacher)} "
            "besides; its loss holds their relative error."
        )


def _digest(file: str) -> str:
    """Beginning of a file's SHA-256, enough to tell networks apart."""
    return sha256_of(Path(file))[:12]


def _counts(xrays: list[Xray]) -> dict:
    return {"pictures": len(xrays), "fractured": sum(xray.fractured for xray in xrays)}


def _versions() -> dict:
    import keras

    backend = keras.backend.backend()
    names = (*PACKAGES, BACKEND_PACKAGES[backend])
    found = {name: version(name) for name in names}
    return {"python": platform.python_version(), "backend": backend, "commit": commit()} | found
