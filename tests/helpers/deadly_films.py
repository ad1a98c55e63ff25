"""Networks that end their own process on certain films: once each, or always."""

import os
import signal
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

    networks = {**engine.networks, GATE: Predictor(look, gate.card, "int8")}
    return Engine(networks, "int8", engine.thresholds)
