"""Settings of FractureLens: paths, limits and the list of networks. Standard library only."""

import os
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.2.0"
"""Of FractureLens; pyproject.toml reads it here."""

ROOT = Path(__file__).resolve().parent
SAVED_MODELS = ROOT / "saved_model"
FRACTURE = ROOT / "fracture"
SPLITS = FRACTURE / "splits"
SAMPLES = FRACTURE / "samples"
HOME = ROOT if (ROOT / "pyproject.toml").is_file() else Path.cwd()
"""Where the workshop keeps what it makes: the clone, or the current folder where installed."""
WORK = HOME / "work"
BENCHMARK = ROOT / "benchmarks" / "latest.json"

IMAGE_SIZE = 256
"""Side of a segmenter's input, pixels; a network's card has its own, which counts."""
FRACTURE_CHANNEL = 1
PRECISIONS = ("float32", "int8")
RUNTIMES = ("auto", "litert", "openvino")
"""Of LiteRT files; "auto" takes the quicker one of those that give the same answers."""
OVERLAP_LIMIT = 0.1
"""IoU from which a region finds a lesion, and from which two regions mark the same place."""

DISCLAIMER = "Research tool, not a medical device. Not for diagnosis or treatment."
ATTRIBUTION = (
    "Trained on FracAtlas (Abedeen et al. 2023, doi 10.1038/s41597-023-02432-4), CC BY 4.0."
)

RGB = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""


@dataclass(frozen=True)
class UploadLimits:
    """What the reader accepts: file size in bytes and picture size in pixels.

    The dashboard's uploader and the REST interface take their limits from here.
    """

    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = 50_000_000

    @property
    def max_megabytes(self) -> int:
        """The file size in whole megabytes of 1,048,576 bytes."""
        return self.max_bytes // (1024 * 1024)


@dataclass(frozen=True)
class Curve:
    """A measure that is drawn against the epochs.

    Attributes:
        column: of history.csv; the validation value stands in `val_<column>`.
        title: for people.
        baseline: column of the value that a network reaches by answering "nothing" always.
    """

    column: str
    title: str
    baseline: str = ""


@dataclass(frozen=True)
class NetworkSpec:
    """What the project knows of a network before it is trained.

    Pages, tables, files and commands follow from it: a new network is one builder in
    create_segmentation_model.py, one spec in `NETWORKS` and one folder in saved_model/.

    Attributes:
        name: key; the folder under saved_model/, and `build_<name>` builds it.
        title: for people.
        role: "gate" or "segmenter".
        caption: what it does, for the homepage.
        color_name: of its marks, for captions.
        mark: color of its marks on an X-ray.
        lines: colors of its curves, hexadecimal, on a light and on a dark page.
        headline: keys of the figures that introduce it.
        curves: measures that its history holds, the most telling first.
        deepest_stride: input pixels under one pixel of its deepest layer.
        brought: whether somebody's own network, or a pruned one, which `train` does not build; its
            spec lies in its folder, and whoever reads the folder adds it to `NETWORKS`.
    """

    name: str
    title: str
    role: str
    caption: str
    color_name: str
    mark: RGB
    lines: tuple[str, str]
    headline: tuple[str, ...]
    curves: tuple[Curve, ...]
    deepest_stride: int
    brought: bool = False


SEGMENTER_CURVES = (
    Curve("dice_positives", "Dice on fractured X-rays"),
    Curve("loss", "Loss"),
    Curve("iou_positives", "IoU on fractured X-rays"),
    Curve("pixel_accuracy", "Pixel accuracy, a weak figure", "val_pixel_accuracy_baseline"),
)
GATE_CURVES = (
    Curve("auroc", "AUROC"),
    Curve("loss", "Loss"),
    Curve("accuracy", "Accuracy", "val_accuracy_baseline"),
)
SEGMENTER_HEADLINE = ("dice_mean", "lesion_recall_10")

GATE = "gate"
CASCADE = "cascade"
"""The gate and all segmenters together: what a user gets."""

# Marks are Okabe and Ito's vermilion, sky blue and bluish green: apart in hue and, for those who
# see no hue, in lightness (about 53, 70 and 55 of 100).
NETWORKS: dict[str, NetworkSpec] = {
    spec.name: spec
    for spec in (
        NetworkSpec(
            name=GATE,
            title="Gate",
            role="gate",
            caption="Judges the whole X-ray: how likely is a fracture? Its verdict decides what "
            "is marked: regions are painted, only ringed as hints, or not marked at all.",
            color_name="bluish green",
            mark=(0, 158, 115),
            lines=("#0b6b67", "#4cc0b4"),
            headline=("auroc", "average_precision"),
            curves=GATE_CURVES,
            deepest_stride=32,
        ),
        NetworkSpec(
            name="encoder_decoder",
            title="Encoder-decoder",
            role="segmenter",
            caption="Marks the pixels of a fracture. A simple design: what does not fit through "
            "its narrow middle is lost.",
            color_name="vermilion",
            mark=(213, 94, 0),
            lines=("#d55e00", "#ff8a3d"),
            headline=SEGMENTER_HEADLINE,
            curves=SEGMENTER_CURVES,
            deepest_stride=8,
        ),
        NetworkSpec(
            name="unet",
            title="U-Net",
            role="segmenter",
            caption="Marks the pixels of a fracture. Skip connections carry fine detail across "
            "the middle.",
            color_name="sky blue",
            mark=(86, 180, 233),
            lines=("#0072b2", "#56b4e9"),
            headline=SEGMENTER_HEADLINE,
            curves=SEGMENTER_CURVES,
            deepest_stride=16,
        ),
    )
}
SEVERAL_MARK: RGB = (240, 228, 66)
"""Color of what several segmenters mark: Okabe and Ito's yellow, lightness about 90."""


def segmenters() -> tuple[str, ...]:
    """Names of the networks that mark fractured pixels, in the order of `NETWORKS`."""
    return tuple(name for name, spec in NETWORKS.items() if spec.role == "segmenter")


def trained_here() -> tuple[str, ...]:
    """Names of the networks that `fracturelens train` makes."""
    return tuple(name for name, spec in NETWORKS.items() if not spec.brought)


def title_of(name: str) -> str:
    """A network's title for people; that of the cascade too."""
    if name == CASCADE:
        return "Cascade: gate, then segmenters"
    return NETWORKS[name].title


def fracatlas_folder() -> Path:
    """Folder of FracAtlas: the environment variable FRACATLAS, else fracture/FracAtlas."""
    return Path(os.environ.get("FRACATLAS", HOME / "fracture" / "FracAtlas"))


def site_file() -> Path | None:
    """site.json for the app: the environment variable FRACTURELENS_SITE; None where unset."""
    named = os.environ.get("FRACTURELENS_SITE")
    return Path(named) if named else None


def inference_threads() -> int:
    """Threads of one INT8 network: FRACTURELENS_THREADS, else one for each core, at most 4."""
    return int(os.environ.get("FRACTURELENS_THREADS", 0)) or min(os.cpu_count() or 1, 4)


def wanted_runtime() -> str:
    """Runtime of the INT8 networks, of `RUNTIMES`: FRACTURELENS_RUNTIME, else "auto"."""
    return os.environ.get("FRACTURELENS_RUNTIME", "") or "auto"


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again: XDG_CACHE_HOME, else ~/.cache."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named or os.path.expanduser("~/.cache")) / "fracturelens"  # noqa: PTH111 (never fails)


def models_folder() -> Path:
    """Folder of the networks: the environment variable FRACTURELENS_MODELS, else saved_model/."""
    return Path(os.environ.get("FRACTURELENS_MODELS", SAVED_MODELS))
