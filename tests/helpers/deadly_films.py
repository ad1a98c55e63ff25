"""Networks that end their own process on certain films, fail, or take their time."""

import os
import signal
import time
from pathlib import Path

import cv2

from fracturelens.networks.predictor import Predictor
from important_variables import GATE
from prediction import Engine
from tests.helpers.bright_spots import spotting_engine, write_picture

DEADLY = 255
"""Brightest gray of a film on which the process ends; other films end at 250."""


def write_deadly(path: Path) -> Path:
    """A film on which `deadly_engine` ends the process."""
    write_picture(path, bright=True)
    pixels = cv2.imread(str(path))
    pixels[30:40, 20:30] = DEADLY
    cv2.imwrite(str(path), pixels)
    return path


def deadly_engine(flag: Path | None = None) -> Engine:
    """As `spotting_engine`; a deadly film ends the process, with a flag only the first time."""
    engine = spotting_engine()
    gate = engine.networks[GATE]

    def look(batch):
        if batch.max() > 0.99 and not (flag and flag.exists()):
            if flag:
                flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return gate.run(batch)

    return _looking(engine, look)


def failing_engine() -> Engine:
    """As `spotting_engine`; on every film the gate fails, and the process goes on."""

    def look(batch):
        raise TypeError("a mistake of ours")

    return _looking(spotting_engine(), look)


def slow_engine(folder: Path, seconds: float = 0.3) -> Engine:
    """As `spotting_engine`, and slow; a file in a folder is called like each process at work."""
    engine = spotting_engine()

    def look(batch):
        (folder / str(os.getpid())).touch()
        time.sleep(seconds)
        return engine.networks[GATE].run(batch)

    return _looking(engine, look)


def _looking(engine: Engine, look) -> Engine:
    gate = Predictor(look, engine.networks[GATE].card, "int8")
    return Engine({**engine.networks, GATE: gate}, "int8", engine.thresholds)
