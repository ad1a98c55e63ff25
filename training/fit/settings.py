"""Training settings of the networks, as measured best so far (docs/experiments.md tells why)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from important_variables import GATE, IMAGE_SIZE, NETWORKS
from training.fit.augmentation import Augmentation

STEP = 16
"""Pixels of which every watched size is a multiple, for any network."""


class SettingsError(ValueError):
    """Settings that do not go together; the text says which."""


@dataclass(frozen=True)
class TrainingSettings:
    """Everything that decides a training run, kept in the card.

    Attributes:
        name: network.
        input_size: pixels.
        epochs: most epochs; the best on val is kept.
        crop_epochs: leading epochs on crops around lesions (segmenters).
        crop: side of these crops, pixels, cut from the picture letterboxed to `input_size`.
        views: training views in one epoch of whole pictures.
        crop_views: training views in one epoch of crops.
        batch_size: views in one batch.
        positive_share: share of views that come from fractured pictures.
        learning_rate: peak of Adam's rate; it warms up over one epoch and falls to a hundredth
            along a cosine.
        clip_norm: global gradient norm above which gradients are scaled down.
        average_momentum: momentum of the averaged weights that are validated and kept.
        lesion_weight: weight of a lesion pixel in the cross-entropy.
        precision: Keras dtype policy while training; the saved network is float32.
        seed: of weights, batches and views.
        synthetic: synthetic radiographs added to the training pictures.
        start: .keras file of a trained network to go on from; "" for fresh weights.
        start_share: share of that network's weights in those that are validated and kept, for a
            gate: such a mean keeps what both know (Wortsman et al. 2022, arXiv 2109.01903).
        hard_negatives: cut crops also around hard negatives: places where the network at `start`
            paints a lesion on training pictures and none is.
        teacher: .keras file of a trained gate (distillation); "" for none. A segmenter learns its
            features besides; a gate learns what it says of the same view with its gray values
            unchanged, its INT8 file being asked as the card beside it says.
        teacher_share: weight of what the teacher says in a gate's loss; the labels have the rest.
        copy_paste: share of views, in [0, 1], with a piece of another picture pasted in.
        simulated_fractures: share of views, in [0, 1], with a bone broken or bent by the computer.
        enlargement: largest factor, at least 1, by which a segmenter's crops are enlarged beyond
            the scale of the whole picture. Above 1 the new network's card asks for tiles of an
            enlarged picture (`inference.tiling`), which from then on is all that decides.
        exports: share of views, in [0, 1], changed as export, scanning and cropping do.
        stretch: stretch the contrast of each picture as screening does; the new network's card asks
            for the same (`inference.input.stretch`).
    """

    name: str
    input_size: int = IMAGE_SIZE
    epochs: int = 60
    crop_epochs: int = 30
    crop: int = 128
    views: int = 640
    crop_views: int = 1280
    batch_size: int = 16
    positive_share: float = 0.7
    learning_rate: float = 1e-3
    clip_norm: float = 1.0
    average_momentum: float = 0.99
    lesion_weight: float = 10.0
    precision: str = "mixed_bfloat16"
    seed: int = 1
    synthetic: int = 0
    start: str = ""
    start_share: float = 0.0
    hard_negatives: bool = False
    teacher: str = ""
    teacher_share: float = 0.5
    copy_paste: float = 0.0
    simulated_fractures: float = 0.0
    enlargement: float = 1.0
    exports: float = 0.0
    stretch: bool = False
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self):
        """Raises SettingsError where nothing would be trained, or no enlarged crop can be cut."""
        if self.epochs < 1 or self.learning_rate < 0:
            raise SettingsError(
                f"Training takes at least 1 epoch and no rate below 0, received {self.epochs} and "
                f"{self.learning_rate}. Mend --epochs or --learning-rate."
            )
        if self.enlargement < 1 or (self.enlargement > 1 and self.name == GATE):
            raise SettingsError(
                f"A segmenter's crops are enlarged by a factor of at least 1, received "
                f"{self.enlargement} for {self.name}. Leave --enlargement out."
            )

    @property
    def watched_size(self) -> int:
        """Side of the letterboxed pictures on which the best epoch is chosen, pixels.

        The middle of the scales that are trained, as a multiple of what a network can halve.
        """
        step = max(STEP, NETWORKS[self.name].deepest_stride)
        return step * round(self.input_size * self.enlargement**0.5 / step)


FIRST_STAGE: Mapping[str, Mapping[str, object]] = {
    GATE: {
        "input_size": 320,
        "epochs": 12,
        "crop_epochs": 0,
        "views": 1280,
        "positive_share": 0.4,
        "learning_rate": 5e-4,
        "precision": "float32",
        "synthetic": 40,
    },
    "encoder_decoder": {"epochs": 16, "crop_epochs": 12, "synthetic": 40},
    "unet": {"epochs": 39},
}
"""What a network's first stage does otherwise than `TrainingSettings` say; {} for any further."""

FURTHER_STAGES = {"unet": 28, "encoder_decoder": 18}
"""Epochs of a segmenter's further stages; any other network's take as many as its first."""


def default_settings(name: str) -> TrainingSettings:
    """The settings that `train` uses for one network."""
    return TrainingSettings(name, **FIRST_STAGE.get(name, {}))


def continued_settings(name: str, start: str) -> TrainingSettings:
    """The settings for going on from a trained network: further stages of the published ones.

    Lesion pixels weigh less: the first stage left the empty mask behind, and its tenfold weight
    made the segmenters paint too much. All views are crops: whole pictures brought nothing. Their
    weights are averaged over an epoch, which smooths what a high rate shakes.
    """
    first = replace(default_settings(name), start=start)
    if name == GATE:
        return replace(first, epochs=20, positive_share=0.35)
    epochs = FURTHER_STAGES.get(name, first.epochs)
    return replace(
        first,
        crop_epochs=epochs,
        epochs=epochs,
        crop_views=5120,
        average_momentum=0.997,
        lesion_weight=3.0,
        positive_share=0.5,
        hard_negatives=True,
    )


def number_of(words: str) -> tuple[str, float]:
    """Name and value of a setting from "name=number".

    Raises:
        SettingsError: no setting that is a number has this name, or the value is none.
    """
    name, _, text = words.partition("=")
    kinds = {f.name: f.type for f in fields(TrainingSettings) if f.type in (int, float)}
    try:
        return name, kinds[name](text)
    except (KeyError, ValueError) as error:
        raise SettingsError(
            f"--set {words} sets nothing. Give NAME=NUMBER, NAME one of {', '.join(kinds)}."
        ) from error
