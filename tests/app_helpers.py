"""Stand-ins for the trained networks, so that pages are tested without TensorFlow."""

import numpy as np
from PIL import Image

from app_pages.reports import notice_png
from create_segmentation_model import Predictor
from model_card import ModelCard, write_card

SIZE = 64
SPOT = (slice(20, 30), slice(12, 24))
"""Where the stand-in segmenters see a lesion, rows and columns of their input."""


def fake_predictor(name: str, precision: str = "float32") -> Predictor:
    """The gate answers with the brightness of the X-ray, the segmenters with a fixed spot."""
    card = ModelCard(name, name, 1, {"input_size": SIZE})

    def run(batch):
        if name == "gate":
            return batch.mean(axis=(1, 2, 3), dtype=np.float32)[:, None]
        maps = np.zeros((len(batch), SIZE, SIZE, 2), np.float32)
        maps[:, *SPOT, 1] = 0.8
        if name == "unet":
            maps[:, 40:50, 40:50, 1] = 0.6
        maps[..., 0] = 1 - maps[..., 1]
        return maps

    return Predictor(run, SIZE, card, precision)


def write_cards(folder, doubtful=0.2, fracture=0.6):
    """Cards with thresholds for all three networks."""
    points = {"doubtful": doubtful, "fracture": fracture}
    write_card(ModelCard("gate", "Gate", 1000, {"input_size": SIZE}, thresholds=points), folder)
    for name in ("encoder_decoder", "unet"):
        card = ModelCard(name, name, 2000, {"input_size": SIZE}, thresholds={"mask": 0.5})
        write_card(card, folder)


def xray_png(brightness: int, side: int = 96) -> bytes:
    """A gray PNG; the stand-in gate takes its brightness for a probability."""
    return notice_png(np.full((side, side, 3), brightness, np.uint8))


def pixels(data: bytes) -> np.ndarray:
    """Pixels of a PNG or JPEG."""
    from io import BytesIO

    return np.asarray(Image.open(BytesIO(data)))
