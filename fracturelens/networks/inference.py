"""How a network is asked: the `inference` block of card.json, complete for any front end.

Whoever reads this block, and only this, gets the same answer from the same file: the input, how a
picture is cut into tiles and joined, what the outputs mean, their calibration and thresholds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RESAMPLING = {"shrink": "area", "enlarge": "bilinear"}


@dataclass(frozen=True)
class Stretch:
    """Contrast that is stretched before a network is asked.

    Attributes:
        low: percentile of the letterboxed picture, its padding left out, that becomes black;
            between two of its values the percentile is interpolated.
        high: that becomes white.
    """

    low: float
    high: float


@dataclass(frozen=True)
class InputContract:
    """What a network takes.

    Attributes:
        size: side of the square input, pixels.
        channels: equal copies of the gray picture.
        range: values of black and white.
        layout: order of the axes.
        dtype: of the values.
        letterbox: how a picture is fitted in: aspect kept, centered, the rest filled with
            `padding`; resampled by "area" where it shrinks, "bilinear" where it grows.
        stretch: of the letterboxed picture; None where its gray values stay.
    """

    size: int
    channels: int = 3
    range: tuple[float, float] = (0.0, 1.0)
    layout: str = "NHWC"
    dtype: str = "float32"
    letterbox: Mapping[str, object] = field(
        default_factory=lambda: {"aspect": "kept", "place": "center", "padding": 0.0} | RESAMPLING
    )
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Tiling:
    """Overlapping tiles of an enlarged copy, for networks that were trained on enlargements.

    Attributes:
        enlargement: side of the enlarged letterbox in sides of the input; above 1, below 2.
        per_side: tiles along each side, the first and the last flush with the rim.
        blend: how answers are joined where tiles overlap: "linear" fades one into the next. The
            joined whole is shrunk (area) to the input size.
    """

    enlargement: float = 1.5
    per_side: int = 2
    blend: str = "linear"

    @property
    def tiles(self) -> int:
        """How often the network is asked for one X-ray."""
        return self.per_side**2


@dataclass(frozen=True)
class AveragedView:
    """One of several small changes of a picture over which a gate's answers are averaged.

    Attributes:
        scale: side of the letterbox in sides of the input; what juts out is cut off, what is open
            is black. The margin is rounded down to whole pixels.
        right: pixels of the input by which it is then moved.
        down: likewise.
        mirrored: whether left and right are then exchanged.
    """

    scale: float = 1.0
    right: int = 0
    down: int = 0
    mirrored: bool = False


@dataclass(frozen=True)
class Calibration:
    """Platt scaling: probability = sigmoid(slope * logit(output) + intercept)."""

    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True)
class Inference:
    """The whole contract.

    Attributes:
        input: what the network takes.
        classes: what the channels of the output mean.
        output: "sigmoid" (N, 1) or "softmax" (N, size, size, classes), probabilities; "logits"
            (N, classes), of which softmax makes probabilities.
        tiling: None where the whole picture is asked about once.
        views: of a gate: small changes over which its logits are averaged; () for the picture
            alone.
        flips: whether the answers for the picture and its mirror image are averaged.
        calibration: of a gate, by precision.
        thresholds: by precision: {"doubtful", "fracture"} of a gate, {"mask",
            "min_lesion_share"} of a segmenter, {"refuse_below", "accept_from"} of the screening,
            with "chosen_on" and "images".
    """

    input: InputContract
    classes: tuple[str, ...]
    output: str
    tiling: Tiling | None = None
    views: tuple[AveragedView, ...] = ()
    flips: bool = False
    calibration: Mapping[str, Calibration] = field(default_factory=dict)
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def times_asked(self) -> int:
        """How often the network runs for one X-ray."""
        tiles = self.tiling.tiles if self.tiling else 1
        return tiles * max(1, len(self.views)) * (2 if self.flips else 1)

    @property
    def looked_at(self) -> str:
        """What the network is asked about, in words."""
        if self.views:
            return f"{len(self.views)} slightly moved, scaled and mirrored copies of the X-ray"
        if self.tiling is None:
            return "the whole X-ray"
        return (
            f"{self.tiling.tiles} overlapping tiles of a copy enlarged "
            f"{self.tiling.enlargement:g} times"
        )


GATE_VIEWS = (
    AveragedView(),
    AveragedView(mirrored=True),
    AveragedView(right=4, down=3),
    AveragedView(right=-3, down=-5, mirrored=True),
    AveragedView(scale=0.96),
    AveragedView(scale=1.04, mirrored=True),
)
"""Over which the answers of new gates are averaged."""


def gate_inference(size: int, stretch: Stretch | None = None) -> Inference:
    """The contract of a new gate whose thresholds are not chosen yet: 0.5.

    Args:
        size: side of the input, pixels.
        stretch: of the contrast that it was trained with.
    """
    start = {"doubtful": 0.5, "fracture": 0.5, "chosen_on": "not chosen yet"}
    return Inference(
        InputContract(size, stretch=stretch),
        classes=("fracture",),
        output="sigmoid",
        views=GATE_VIEWS,
        calibration={"float32": Calibration()},
        thresholds={"float32": start},
    )


def segmenter_inference(size: int, enlarged: bool, stretch: Stretch | None = None) -> Inference:
    """The contract of a new segmenter, its mask threshold 0.5.

    Args:
        size: side of the input, pixels.
        enlarged: whether it was trained on enlargements, and so is asked about tiles.
        stretch: of the contrast that it was trained with.
    """
    return Inference(
        InputContract(size, stretch=stretch),
        classes=("background", "fracture"),
        output="softmax",
        tiling=Tiling() if enlarged else None,
        thresholds={"float32": {"mask": 0.5, "chosen_on": "not chosen yet"}},
    )
