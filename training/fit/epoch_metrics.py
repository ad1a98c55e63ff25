"""Keras metrics that are watched while training; the figures of record are evaluation.py's."""

import keras
from keras import ops


class MeanOnPositives(keras.metrics.Metric):
    """Mean overlap over the pictures that hold a lesion, masks cut at 0.5.

    Args:
        kind: "dice" (2 tp / (2 tp + fp + fn)) or "iou" (tp / (tp + fp + fn)).
        name: key in the logs.
    """

    def __init__(self, kind: str, name: str):
        super().__init__(name=name)
        self.kind = kind
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch: both float (N, H, W, 2); weights are ignored."""
        true = ops.cast(y_true[..., 1] >= 0.5, "float32")
        pred = ops.cast(y_pred[..., 1] >= 0.5, "float32")
        shared = ops.sum(true * pred, axis=(1, 2))
        lesion, found = ops.sum(true, axis=(1, 2)), ops.sum(pred, axis=(1, 2))
        factor = 2.0 if self.kind == "dice" else 1.0
        whole = lesion + found if self.kind == "dice" else lesion + found - shared
        positive = ops.cast(lesion > 0, "float32")
        self.total.assign_add(ops.sum(positive * factor * shared / ops.maximum(whole, 1.0)))
        self.count.assign_add(ops.sum(positive))

    def result(self):
        """The mean so far; 0 before any positive picture."""
        return self.total / ops.maximum(self.count, 1.0)


class PixelAccuracy(keras.metrics.Mean):
    """Share of pixels on the right side of 0.5: weak, since lesions are one pixel in a thousand."""

    def __init__(self, name: str = "pixel_accuracy"):
        super().__init__(name=name)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch: both float (N, H, W, 2); weights are ignored."""
        right = ops.equal(y_true[..., 1] >= 0.5, y_pred[..., 1] >= 0.5)
        return super().update_state(ops.cast(right, "float32"))


def segmenter_metrics() -> list:
    """Dice and IoU on positives, and pixel accuracy."""
    return [
        MeanOnPositives("dice", "dice_positives"),
        MeanOnPositives("iou", "iou_positives"),
        PixelAccuracy(),
    ]


def gate_metrics() -> list:
    """AUROC and accuracy at 0.5."""
    return [keras.metrics.AUC(name="auroc"), keras.metrics.BinaryAccuracy(name="accuracy")]
