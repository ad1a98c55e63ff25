"""What the gate and a segmenter are trained for: outputs, losses, targets and figures."""

from collections.abc import Callable
from typing import Protocol

import keras
import numpy as np

from create_segmentation_model import build_network
from important_variables import GATE, trained_here
from training.fit.batches import gate_targets, segmenter_targets
from training.fit.distillation import FEATURES, TAUGHT, GateTeacher, Teacher, relative_error
from training.fit.epoch_metrics import gate_metrics, segmenter_metrics
from training.fit.rebuild import rebuilt, resized
from training.fit.settings import TrainingSettings
from training.fit.weight_standardization import fold, standardize, unfold
from utils import lesion_loss_weighing

LESION_MAP_WEIGHT = 2.0
LESION_CELL_WEIGHT = 20.0
BATCH = 16
"""Views that a teacher looks at at once."""


class Task(Protocol):
    """One kind of network in training; its main output is always called "fracture".

    Attributes:
        measures: columns of the history beside the loss.
        baseline: the measure that the trivial answer "nothing anywhere" is told for.
    """

    measures: tuple[str, ...]
    baseline: str

    @property
    def teach(self) -> Callable[[np.ndarray], np.ndarray] | None:
        """What a teacher says of the batch before its gray values are changed, where one does."""

    def build(self, weights: str | None) -> keras.Model:
        """The network with its training-only parts, fresh weights; outputs are a dict."""

    def objective(self) -> dict:
        """Losses and metrics for `compile`."""

    def targets(self, images, masks, labels) -> dict[str, np.ndarray]:
        """Targets of one batch of `draw_batches`."""

    def truth(self, targets) -> np.ndarray:
        """The part of the targets that is 1 where there is a fracture, else 0."""

    def take_up(self, network, model) -> None:
        """Copies a trained network into the one in training."""

    def network(self, size: int | None) -> keras.Model:
        """A network of the saved kind, fresh weights; `size` is that of its input."""

    def finish(self, model, network) -> None:
        """Copies the one in training into a network of the saved kind."""


def task_of(settings: TrainingSettings) -> Task:
    """The task that the settings are for."""
    if settings.name == GATE:
        return GateTask(settings)
    is_built_here = settings.name in trained_here()
    return SegmenterTask(settings) if is_built_here else PrunedTask(settings)


class GateTask:
    """Fracture or none, and besides a coarse map of the lesions."""

    measures = ("auroc", "accuracy")
    baseline = "accuracy"

    def __init__(self, settings: TrainingSettings):
        """Loads the teacher, where there is one."""
        self.size, self.teacher_share = settings.input_size, settings.teacher_share
        self.teach = GateTeacher(settings.teacher) if settings.teacher else None

    def build(self, weights):
        """The gate, and its lesion map from the features under the head's maximum."""
        gate = build_network(GATE, self.size, weights)
        lesions = keras.layers.Conv2D(1, 1, activation="sigmoid", dtype="float32", name="lesions")(
            gate.get_layer(FEATURES).output
        )
        outputs = {"fracture": gate.output, "lesion_map": lesions}
        if self.teach:
            outputs[TAUGHT] = keras.layers.Identity(name=TAUGHT)(gate.output)
        return keras.Model(gate.input, outputs)

    def objective(self):
        """Cross-entropies of the verdict and of the map, weighted; AUROC and accuracy."""
        losses = {"fracture": "binary_crossentropy", "lesion_map": cell_loss}
        weights = {"fracture": 1.0, "lesion_map": LESION_MAP_WEIGHT}
        if self.teach:
            losses[TAUGHT] = "binary_crossentropy"
            weights |= {"fracture": 1 - self.teacher_share, TAUGHT: self.teacher_share}
        return {"loss": losses, "loss_weights": weights, "metrics": {"fracture": gate_metrics()}}

    def targets(self, images, masks, labels):
        """Labels (N, 1), the cells (N, S / 16, S / 16, 1) that a lesion touches, the teacher's.

        Without a teacher's column, as on val, the labels stand for what it would say.
        """
        taught = {TAUGHT: labels[:, -1:]} if self.teach else {}
        return gate_targets(masks, labels[:, :1]) | taught

    def truth(self, targets):
        """The labels."""
        return targets["fracture"]

    def take_up(self, network, model):
        """Copies a trained gate; the map starts anew."""
        _copy_by_name(network, into=model)

    def network(self, size):
        """A gate."""
        return build_network(GATE, size)

    def finish(self, model, network):
        """Copies all but the map into a gate."""
        _copy_by_name(model, into=network)


class SegmenterTask:
    """Lesion or none for each pixel, and besides the features of a teacher where one is named."""

    measures = ("dice_positives", "iou_positives", "pixel_accuracy")
    baseline = "pixel_accuracy"

    def __init__(self, settings: TrainingSettings):
        """Loads the teacher, where there is one."""
        self.name, self.lesion_weight = settings.name, settings.lesion_weight
        self.teach = None
        teacher, size = settings.teacher, settings.watched_size
        self.teacher = Teacher(teacher, settings.name, size) if teacher else None

    def build(self, weights):
        """The segmenter for any input size, standardized; `weights` are a gate's and not used."""
        model = standardize(self.network(None))
        outputs = {"fracture": model.output}
        if self.teacher:
            outputs[FEATURES] = self.teacher.head(model)
        return keras.Model(model.input, outputs)

    def objective(self):
        """Lesion loss, and the features' relative error; Dice, IoU and pixel accuracy."""
        loss = lesion_loss_weighing(self.lesion_weight)
        losses = {"fracture": loss} | ({FEATURES: relative_error} if self.teacher else {})
        return {"loss": losses, "metrics": {"fracture": segmenter_metrics()}}

    def targets(self, images, masks, labels):
        """Two channels (N, S, S, 2), and what the teacher makes of the pictures."""
        taught = {FEATURES: self.teacher(images)} if self.teacher else {}
        return {"fracture": segmenter_targets(masks)} | taught

    def truth(self, targets):
        """The fracture channel."""
        return targets["fracture"][..., 1]

    def take_up(self, network, model):
        """Copies a trained segmenter into the standardized one; same outputs."""
        unfold(network, model)

    def network(self, size):
        """A segmenter by its builder."""
        return build_network(self.name, size)

    def finish(self, model, network):
        """Copies the standardized segmenter into a plain one; same outputs."""
        fold(model, network)


class PrunedTask:
    """As `SegmenterTask`, for a network whose layers only the file knows that it starts from.

    Its kernels are trained as they are: standardized ones have a mean of 0, which the channels that
    went have taken from these. Its teacher is a segmenter, from whose output it learns besides.
    """

    measures = SegmenterTask.measures
    baseline = SegmenterTask.baseline
    teach = None

    def __init__(self, settings: TrainingSettings):
        """Loads the network that it starts from, and the teacher where there is one."""
        self.lesion_weight, self.teacher_share = settings.lesion_weight, settings.teacher_share
        self.start = keras.models.load_model(settings.start, compile=False)
        teacher = settings.teacher
        network = keras.models.load_model(teacher, compile=False) if teacher else None
        self.teacher = resized(network, None) if network else None

    def build(self, weights):
        """The network for any input size, its output a second time for what a teacher says."""
        model = self.network(None)
        outputs = {"fracture": model.output}
        if self.teacher:
            outputs[TAUGHT] = keras.layers.Identity(dtype="float32", name=TAUGHT)(model.output)
        return keras.Model(model.input, outputs)

    def objective(self):
        """Lesion loss against the labels and the teacher, weighted; Dice, IoU, pixel accuracy."""
        loss = lesion_loss_weighing(self.lesion_weight)
        losses, weights = {"fracture": loss}, {"fracture": 1.0}
        if self.teacher:
            losses[TAUGHT] = loss
            weights = {"fracture": 1 - self.teacher_share, TAUGHT: self.teacher_share}
        metrics = {"fracture": segmenter_metrics()}
        return {"loss": losses, "loss_weights": weights, "metrics": metrics}

    def targets(self, images, masks, labels):
        """Two channels (N, S, S, 2), and the same of what the teacher paints."""
        given = {"fracture": segmenter_targets(masks)}
        if self.teacher:
            given[TAUGHT] = self.teacher.predict(images, batch_size=BATCH, verbose=0)
        return given

    def truth(self, targets):
        """The fracture channel."""
        return targets["fracture"][..., 1]

    def take_up(self, network, model):
        """Copies the network that it starts from."""
        _copy_by_name(network, into=model)

    def network(self, size):
        """A copy of the network that it starts from."""
        return rebuilt(self.start, size)

    def finish(self, model, network):
        """Copies the one in training."""
        _copy_by_name(model, into=network)


def cell_loss(y_true, y_pred):
    """Weighted cross-entropy of the coarse lesion map, a scalar >= 0."""
    weight = 1 + (LESION_CELL_WEIGHT - 1) * y_true[..., 0]
    return keras.ops.mean(weight * keras.losses.binary_crossentropy(y_true, y_pred))


def _copy_by_name(network, into) -> None:
    """Copies the weights of all layers that the two networks share."""
    names = {layer.name for layer in into.layers}
    for layer in network.layers:
        if layer.weights and layer.name in names:
            into.get_layer(layer.name).set_weights(layer.get_weights())
