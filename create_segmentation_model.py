"""Builds the networks and loads the trained ones, Keras float32 or LiteRT INT8."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fracturelens.networks.card import FILES, CardError, check_file, read_card
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.runtimes import KERAS, RuntimeUnavailableError, load_file
from important_variables import GATE, IMAGE_SIZE, NETWORKS, SAVED_MODELS, trained_here

REMEDIES = {
    "float32": "`fracturelens train {0}` makes the network anew.",
    "int8": "`fracturelens quantize {0}` makes the INT8 file anew.",
}
CONVERT_REMEDY = "`fracturelens convert` or `prune` makes the folder of the network anew."
ENCODER_DECODER_WIDTHS = (16, 32, 128)
UNET_WIDTHS = (16, 32, 64, 128)
BOTTOM_WIDTH = 256


class MissingModelError(RuntimeError):
    """A trained network is absent or damaged; the text names the command that makes it."""


def load_model(
    name: str,
    precision: str = "float32",
    folder: Path = SAVED_MODELS,
    runtime: str | None = "litert",
) -> Predictor:
    """Loads saved_model/<name> after checking its SHA-256 against the card.

    Args:
        name: a key of `NETWORKS`.
        precision: "float32" (Keras; LiteRT where it was converted from PyTorch) or "int8"
            (LiteRT; needs no TensorFlow).
        folder: where the networks lie.
        runtime: of LiteRT files, of `RUNTIMES`; None for `wanted_runtime`.

    Raises:
        ValueError: an unknown name or precision.
        MissingModelError: file or card is missing, truncated, a pointer, or another network's; or
            the runtime is not installed.
    """
    if name not in NETWORKS or precision not in FILES:
        raise ValueError(
            f"Expected a network of {tuple(NETWORKS)} and a precision of {tuple(FILES)}, "
            f"received {name!r} and {precision!r}."
        )
    remedy = REMEDIES[precision].format(name) if name in trained_here() else CONVERT_REMEDY
    try:
        card = read_card(name, folder)
        path = Path(folder) / name / card.file_at(precision)
        card.thresholds_at(precision)
        check_file(path, card)
    except CardError as error:
        raise MissingModelError(f"{error} {remedy}") from error
    try:
        run, used = (
            (_load_keras(path), KERAS)
            if path.suffix == ".keras"
            else load_file(path, card, folder, runtime)
        )
    except RuntimeUnavailableError as error:
        raise MissingModelError(str(error)) from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise MissingModelError(f"{path} cannot be loaded ({error}). {remedy}") from error
    return Predictor(run, card, precision, used)


def build_network(name: str, *settings, **options):
    """A fresh network by its key in `NETWORKS`, made by `build_<name>` of this module.

    Args:
        name: of the network.
        settings: of its builder.
        options: likewise.

    Returns:
        keras.Model.

    Raises:
        ValueError: this module has no such builder.
    """
    builder = globals().get(f"build_{name}")
    if builder is None:
        raise ValueError(
            f"Expected a function build_{name} in create_segmentation_model.py, found none. Write "
            "one that takes the input size."
        )
    return builder(*settings, **options)


def build_encoder_decoder(size: int | None = IMAGE_SIZE):
    """The simple encoder-decoder, 1,554,498 parameters: three levels, no skip connections.

    Args:
        size: input side in pixels; None leaves it open (training on crops).
    """
    return _build_segmenter("encoder_decoder", ENCODER_DECODER_WIDTHS, size, skips=False)


def build_unet(size: int | None = IMAGE_SIZE):
    """The U-Net, 1,941,122 parameters: four levels with concatenated skips; `size` as above."""
    return _build_segmenter("unet", UNET_WIDTHS, size, skips=True)


def build_gate(
    size: int = 320,
    weights: str | None = None,
    dropout: float = 0.2,
    backbone: Callable | None = None,
):
    """The gate: by default MobileNetV3-Large minimalistic with one sigmoid output.

    Average-pooled features of the last stage stand beside max-pooled ones at stride 16, since a
    lesion of a dozen pixels drowns in an average over the whole picture.

    Args:
        size: input side in pixels, a multiple of 32.
        weights: path of a keras.applications weight file, "imagenet" (downloads), or None.
        dropout: rate before the head.
        backbone: builds another one: called with pictures in [-1, 1] and `weights`, it returns a
            keras.Model down to stride 32.

    Returns:
        keras.Model, float32 (N, size, size, 3) in [0, 1] -> (N, 1).
    """
    import keras  # takes about 5 s: not before it is needed
    from keras import layers

    inputs = keras.Input((size, size, 3), name="xray")
    scaled = layers.Rescaling(2.0, offset=-1.0, name="to_backbone_range")(inputs)
    features = (backbone or _build_mobilenet)(scaled, weights)
    for layer in features.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False  # small batches would ruin the ImageNet statistics
    outputs = [layer.output for layer in features.layers]
    fine_map = [output for output in outputs if output.shape[1] == size // 16][-1]
    lesion_features = layers.Conv2D(64, 1, activation="relu", name="lesion_features")(fine_map)
    pooled = layers.Concatenate(name="pooled")(
        [
            layers.GlobalAveragePooling2D(name="average")(features.output),
            layers.GlobalMaxPooling2D(name="peak")(lesion_features),
        ]
    )
    pooled = layers.Dropout(dropout, name="dropout")(pooled)
    output = layers.Dense(1, activation="sigmoid", name="fracture", dtype="float32")(pooled)
    return keras.Model(inputs, output, name=GATE)


def _build_mobilenet(pictures, weights: str | None):
    """MobileNetV3-Large minimalistic without its head, on pictures in [-1, 1]."""
    import keras

    return keras.applications.MobileNetV3Large(
        input_tensor=pictures,
        include_top=False,
        minimalistic=True,
        weights=weights,
        include_preprocessing=False,
    )


def _build_segmenter(name: str, widths: tuple[int, ...], size: int | None, skips: bool):
    """Encoder, bottom and decoder of double convolutions around 2x2 pooling."""
    import keras  # takes about 5 s: not before it is needed
    from keras import layers

    inputs = keras.Input((size, size, 3), name="xray")
    rates = [0.1] * (len(widths) - len(widths) // 2) + [0.2] * (len(widths) // 2)
    x, kept = inputs, []
    for level, (width, rate) in enumerate(zip(widths, rates, strict=True), 1):
        x = _double_convolution(x, width, rate, f"encoder{level}")
        kept.append(x)
        x = layers.MaxPooling2D(2, name=f"pool{level}")(x)
    x = _double_convolution(x, BOTTOM_WIDTH, 0.2, "bottom")
    for level in range(len(widths), 0, -1):
        width, rate = widths[level - 1], rates[level - 1]
        x = layers.Conv2DTranspose(
            width, 2, strides=2, kernel_initializer="he_normal", name=f"up{level}"
        )(x)
        if skips:
            x = layers.Concatenate(name=f"skip{level}")([x, kept[level - 1]])
        x = _double_convolution(x, width, rate, f"decoder{level}")
    logits = layers.Conv2D(2, 1, kernel_initializer="he_normal", name="logits")(x)
    # Softmax stands apart and in float32, so that mixed precision and INT8 keep it exact.
    output = layers.Softmax(name="fracture", dtype="float32")(logits)
    return keras.Model(inputs, output, name=name)


def _double_convolution(x, width: int, rate: float, name: str):
    """conv3x3 + ReLU, dropout, conv3x3 + ReLU."""
    from keras import layers

    settings = {"padding": "same", "activation": "relu", "kernel_initializer": "he_normal"}
    x = layers.Conv2D(width, 3, name=f"{name}_conv1", **settings)(x)
    x = layers.Dropout(rate, name=f"{name}_dropout")(x)
    return layers.Conv2D(width, 3, name=f"{name}_conv2", **settings)(x)


def _load_keras(path: Path) -> Callable[[np.ndarray], np.ndarray]:
    """Inference function of a .keras file; compiled once where the backend is TensorFlow."""
    import keras  # takes about 5 s: not before it is needed

    model = keras.saving.load_model(path, compile=False)
    if keras.backend.backend() != "tensorflow":
        return model.predict_on_batch
    import tensorflow as tf

    size = model.input_shape[1:]
    compiled = tf.function(
        lambda batch: model(batch, training=False),
        input_signature=[tf.TensorSpec((None, *size), tf.float32)],
    )
    compiled(np.zeros((1, *size), np.float32))  # traces now, so that the first user need not wait
    return lambda batch: compiled(batch).numpy()
