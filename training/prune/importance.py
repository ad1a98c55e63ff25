"""How much each channel of a segmenter matters: how the loss would change without it.

To first order, after Molchanov et al. 2019 (arXiv 1906.10771): the square of the sum of activation
times gradient over a view, which needs no scaling between layers.
"""

from collections.abc import Iterable

import keras
import numpy as np

from utils import lesion_loss


def channel_importance(
    model, names: Iterable[str], batches: Iterable[tuple[np.ndarray, np.ndarray]], weight: float
) -> dict[str, np.ndarray]:
    """Mean over the views of the squared first-order change of the loss, for each channel.

    Args:
        model: keras segmenter that takes views of any size, in TensorFlow.
        names: of the layers whose output channels are measured.
        batches: views float32 (N, S, S, 3) in [0, 1] and their truth (N, S, S, 2).
        weight: of a lesion pixel in the loss.

    Returns:
        float64 (C,), at least 0, by layer name.
    """
    import tensorflow as tf

    names = list(names)
    outputs = [model.get_layer(name).output for name in names]
    probe = keras.Model(model.input, [*outputs, model.output])
    sums, count = {name: 0.0 for name in names}, 0
    for views, truth in batches:
        with tf.GradientTape() as tape:
            *activations, answer = probe(views, training=False)
            loss = lesion_loss(truth, answer, weight)
        gradients = tape.gradient(loss, activations)
        for name, activation, gradient in zip(names, activations, gradients, strict=True):
            change = np.sum(activation * gradient, axis=(1, 2))
            sums[name] = sums[name] + np.sum(change.astype(float) ** 2, axis=0)
        count += len(views)
    return {name: np.asarray(total) / count for name, total in sums.items()}
