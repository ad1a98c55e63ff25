"""Training settings of the three networks, as measured best so far (see docs/experiments.md)."""

from dataclasses import dataclass, field, replace

from important_variables import GATE, IMAGE_SIZE
from training.fit.augmentation import Augmentation


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
        decoys: cut crops also around decoys: places where the network at `start` paints a lesion
            on training pictures where none is (see hard_negatives.py).
        teacher: .keras file of a trained gate whose features a segmenter learns besides (see
            distillation.py); "" for none.
        transplants: share of views with a piece of another picture moved in (see copy_paste.py).
        simulated: share of views with a bone broken, or bent, by the computer (see
            simulated_fracture.py).
        closeup: largest factor by which a segmenter's crops are enlarged beyond the whole
            picture's scale; it then looks at windows of an enlarged picture (networks/tiling.py).
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
    decoys: bool = False
    teacher: str = ""
    transplants: float = 0.0
    simulated: float = 0.0
    closeup: float = 1.0
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self):
        """Raises SettingsError where nothing would be trained, or no enlarged crop can be cut."""
        if self.epochs < 1 or self.learning_rate < 0:
            raise SettingsError(
                f"Training takes at least 1 epoch and no rate below 0, received {self.epochs} and "
                f"{self.learning_rate}. Mend --epochs or --learning-rate."
            )
        if self.closeup < 1 or (self.closeup > 1 and self.name == GATE):
            raise SettingsError(
                f"A segmenter's crops are enlarged by a factor of at least 1, received "
                f"{self.closeup} for {self.name}. Leave --closeup out."
            )

    @property
    def watched_size(self) -> int:
        """Side of the letterboxed pictures on which the best epoch is chosen, pixels.

        The middle of the scales that are trained, in sixteenths of the input: a segmenter halves
        its picture up to four times.
        """
        return self.input_size * round(16 * self.closeup**0.5) // 16


def default_settings(name: str) -> TrainingSettings:
    """The settings that `train` uses for one network."""
    if name == GATE:
        return TrainingSettings(
            name,
            input_size=320,
            epochs=12,
            crop_epochs=0,
            views=1280,
            positive_share=0.4,
            learning_rate=5e-4,
            precision="float32",
            synthetic=40,
        )
    if name == "encoder_decoder":
        return TrainingSettings(name, epochs=16, crop_epochs=12, synthetic=40)
    return TrainingSettings(name, epochs=39)


def continued_settings(name: str, start: str) -> TrainingSettings:
    """The settings for going on from a trained network: further stages of the published ones.

    Lesion pixels weigh less: the first stage left the empty mask behind, and its tenfold weight
    made the segmenters paint too much. All views are crops: whole pictures brought nothing. Their
    weights are averaged over an epoch, which smooths what a high rate shakes.
    """
    first = replace(default_settings(name), start=start)
    if name == GATE:
        return replace(first, epochs=20, positive_share=0.35)
    epochs = {"unet": 28, "encoder_decoder": 18}[name]
    return replace(
        first,
        crop_epochs=epochs,
        epochs=epochs,
        crop_views=5120,
        average_momentum=0.997,
        lesion_weight=3.0,
        positive_share=0.5,
        decoys=True,
    )
