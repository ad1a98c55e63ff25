"""Tiny networks with the layers of the real ones, for fast tests of training and the INT8 path."""

from dataclasses import replace
from functools import cache, partial

import numpy as np

import create_segmentation_model
from important_variables import NETWORKS

SIZE = 16
THIRD = "third"


def pictures(count: int, size: int = SIZE, seed: int = 3) -> np.ndarray:
    """Smooth gray pictures, float32 (count, size, size, 3) in [0, 1]."""
    random = np.random.default_rng(seed)
    coarse = random.random((count, 4, 4), np.float32)
    image = np.kron(coarse, np.ones((1, size // 4, size // 4), np.float32))
    return np.repeat(image[..., None], 3, axis=-1)


def use_tiny_networks(patch) -> None:
    """Lets the real builders make narrow networks; `patch` is a pytest.MonkeyPatch."""
    module = create_segmentation_model
    patch.setattr(module, "build_gate", partial(module.build_gate, backbone=tiny_backbone))
    patch.setattr(module, "ENCODER_DECODER_WIDTHS", (2, 2, 4))
    patch.setattr(module, "UNET_WIDTHS", (2, 2, 4, 4))
    patch.setattr(module, "BOTTOM_WIDTH", 4)


def add_third_network(patch) -> str:
    """Adds a further segmenter as a newcomer would: one spec and one builder. Returns its name."""
    spec = replace(NETWORKS["unet"], name=THIRD, title="Third network", deepest_stride=2)
    patch.setitem(NETWORKS, THIRD, spec)
    builder = partial(tiny_segmenter, name=THIRD)
    patch.setattr(create_segmentation_model, f"build_{THIRD}", builder, raising=False)
    return THIRD


def tiny_backbone(pictures, weights: str | None = None):
    """Strided convolutions with batch norm down to stride 32, in place of MobileNetV3."""
    import keras
    from keras import layers

    x = pictures
    for number in range(1, 6):
        options = {"strides": 2, "padding": "same", "activation": "relu"}
        x = layers.Conv2D(4, 3, name=f"stage{number}", **options)(x)
        x = layers.BatchNormalization(name=f"stage{number}_norm")(x)
    return keras.Model(keras.utils.get_source_inputs(pictures), x)


def tiny_segmenter(size: int | None = SIZE, name: str = "unet"):
    """A U-Net of one level, random weights from a fixed seed."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)
    inputs = keras.Input((size, size, 3), name="xray")
    options = {"padding": "same", "activation": "relu", "bias_initializer": "ones"}
    kept = layers.Conv2D(4, 3, name="down", **options)(inputs)
    x = layers.Dropout(0.1, name="dropout")(kept)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.Conv2D(8, 3, name="bottom", **options)(x)
    x = layers.Conv2DTranspose(4, 2, strides=2, bias_initializer="ones", name="up")(x)
    x = layers.Concatenate(name="skip")([x, kept])
    logits = layers.Conv2D(2, 1, name="logits")(x)
    return keras.Model(inputs, layers.Softmax(name="fracture")(logits), name=name)


def tiny_gate():
    """Depthwise convolution, batch norm, ReLU, residual sum and both poolings, as in the gate."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(8)
    inputs = keras.Input((SIZE, SIZE, 3), name="xray")
    x = layers.Rescaling(2.0, offset=-1.0, name="range")(inputs)
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="stem")(x)
    kept = layers.ReLU(name="relu")(_norm("norm")(x))
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(kept)
    x = layers.ReLU(name="depthwise_relu")(_norm("depthwise_norm")(x))
    x = layers.Conv2D(8, 1, use_bias=False, name="project")(x)
    x = layers.Add(name="sum")([_norm("project_norm")(x), kept])
    pooled = [
        layers.GlobalAveragePooling2D(name="average")(x),
        layers.GlobalMaxPooling2D(name="peak")(x),
    ]
    pooled = layers.Concatenate(name="pooled")(pooled)
    output = layers.Dense(1, activation="sigmoid", name="fracture")(pooled)
    return keras.Model(inputs, output, name="gate")


@cache
def tiny_int8_file(*, integer_io: bool = False) -> bytes:
    """The tiny segmenter as an INT8 LiteRT file."""
    from training.quantize.fold_network import fold_network
    from training.quantize.litert_export import export_float32, export_int8

    return export_int8(
        export_float32(fold_network(tiny_segmenter())), pictures(8)[:, None], integer_io=integer_io
    )


def _norm(name: str):
    """A batch norm with uneven statistics."""
    from keras import initializers, layers

    uneven = initializers.RandomUniform(0.5, 1.5)
    return layers.BatchNormalization(
        name=name,
        gamma_initializer=uneven,
        beta_initializer=initializers.RandomUniform(-0.5, 0.5),
        moving_mean_initializer=initializers.RandomUniform(-0.5, 0.5),
        moving_variance_initializer=uneven,
    )
