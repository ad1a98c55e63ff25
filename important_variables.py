"""Settings of FractureLens: paths, sizes, limits and defaults, as frozen dataclasses."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SAVED_MODELS = ROOT / "saved_model"
FRACTURE = ROOT / "fracture"
SPLITS = FRACTURE / "splits"
SAMPLES = FRACTURE / "samples"
WORK = ROOT / "work"
BENCHMARK = ROOT / "benchmarks" / "latest.json"

GATE = "gate"
SEGMENTERS = ("encoder_decoder", "unet")
NETWORKS = (GATE, *SEGMENTERS)
TITLES = {"gate": "Gate", "encoder_decoder": "Encoder-decoder", "unet": "U-Net"}

IMAGE_SIZE = 256
FRACTURE_CHANNEL = 1

DISCLAIMER = "Research tool, not a medical device. Not for diagnosis or treatment."
ATTRIBUTION = (
    "Trained on FracAtlas (Abedeen et al. 2023, doi 10.1038/s41597-023-02432-4), CC BY 4.0."
)


@dataclass(frozen=True)
class UploadLimits:
    """What the reader accepts: file size in bytes and picture size in pixels."""

    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = 50_000_000


@dataclass(frozen=True)
class Thresholds:
    """Operating points, all probabilities in [0, 1].

    Below `doubtful` the verdict is "no fracture seen"; from `fracture` on it is "fracture";
    between the two it is "doubtful". `mask` holds one pixel threshold for each segmenter, and
    a lesion smaller than `min_lesion_share` of the picture (fraction of its pixels) is dropped.
    `slope` and `intercept` calibrate the gate's logit (Platt scaling).
    """

    doubtful: float
    fracture: float
    mask: dict[str, float]
    min_lesion_share: float = 0.0001
    slope: float = 1.0
    intercept: float = 0.0


def fracatlas_folder() -> Path:
    """Folder of FracAtlas: the environment variable FRACATLAS, else fracture/FracAtlas."""
    return Path(os.environ.get("FRACATLAS", FRACTURE / "FracAtlas"))
