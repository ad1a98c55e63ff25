"""Overlap mathematics: Jaccard index, Dice coefficient and the losses made of them."""

import keras
from keras import ops

SMOOTH = 1.0


def overlap_sums(y_true, y_pred):
    """Sums of one channel over the picture, one value for each picture in the batch.

    Args:
        y_true: float tensor (N, H, W), 0 or 1.
        y_pred: float tensor (N, H, W), probabilities in [0, 1].

    Returns:
        Three float tensors (N,): intersection, sum of y_true, sum of y_pred.
    """
    axes = (1, 2)
    return (
        ops.sum(y_true * y_pred, axis=axes),
        ops.sum(y_true, axis=axes),
        ops.sum(y_pred, axis=axes),
    )


def jaccard_index(y_true, y_pred, smooth=SMOOTH):
    """Soft Jaccard index |A and B| / |A or B| of the last channel (the fracture), shape (N,).

    Both tensors are float (N, H, W, C) in [0, 1]. `smooth` (pixels) is added above and below
    the line, so that two empty masks score 1.
    """
    shared, true, pred = overlap_sums(y_true[..., -1], y_pred[..., -1])
    return (shared + smooth) / (true + pred - shared + smooth)


def dice_coefficient(y_true, y_pred, smooth=SMOOTH):
    """Soft Dice coefficient 2|A and B| / (|A| + |B|) of the last channel, shape (N,).

    Arguments as for `jaccard_index`.
    """
    shared, true, pred = overlap_sums(y_true[..., -1], y_pred[..., -1])
    return (2 * shared + smooth) / (true + pred + smooth)


def jaccard_loss(y_true, y_pred):
    """One minus the mean soft Jaccard index of the batch, a scalar in [0, 1]."""
    return 1 - ops.mean(jaccard_index(y_true, y_pred))


def dice_loss(y_true, y_pred):
    """One minus the mean soft Dice coefficient of the batch, a scalar in [0, 1]."""
    return 1 - ops.mean(dice_coefficient(y_true, y_pred))


def bce_dice_loss(y_true, y_pred):
    """Binary cross-entropy plus Dice loss, a scalar >= 0."""
    return ops.mean(keras.losses.binary_crossentropy(y_true, y_pred)) + dice_loss(y_true, y_pred)


def lesion_loss(y_true, y_pred, lesion_weight=10.0):
    """Weighted cross-entropy plus Dice loss over the whole batch, a scalar >= 0.

    Lesions are one pixel in a thousand: their pixels count `lesion_weight` times in the
    cross-entropy, and Dice is taken over the batch at once, so that pictures without a lesion
    neither score a free 1 nor pull every output to the background.
    """
    weight = 1 + (lesion_weight - 1) * y_true[..., -1]
    cross_entropy = ops.mean(weight * keras.losses.binary_crossentropy(y_true, y_pred))
    shared, true, pred = (ops.sum(part) for part in overlap_sums(y_true[..., -1], y_pred[..., -1]))
    return cross_entropy + 1 - (2 * shared + SMOOTH) / (true + pred + SMOOTH)


def lesion_loss_weighing(lesion_weight):
    """`lesion_loss` with this weight, as Keras takes a loss: a function of truth and answer."""

    def loss(y_true, y_pred):
        return lesion_loss(y_true, y_pred, lesion_weight)

    return loss
