"""Our networks in PyTorch, with the weights of the .keras files: for those who think in PyTorch."""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import create_segmentation_model as keras_networks
from create_segmentation_model import MissingModelError
from fracturelens.networks.card import FILES, CardError, check_file, read_card
from important_variables import GATE, SAVED_MODELS

# Of MobileNetV3-Large minimalistic: channels within a block, channels it gives, its stride.
BLOCKS = (
    (16, 16, 1), (64, 24, 2), (72, 24, 1), (72, 40, 2), (120, 40, 1), (120, 40, 1), (240, 80, 2),
    (200, 80, 1), (184, 80, 1), (184, 80, 1), (480, 112, 1), (672, 112, 1), (672, 160, 2),
    (960, 160, 1), (960, 160, 1),
)  # fmt: skip
STEM_WIDTH = 16
FINE_BLOCK = 12
"""Within this block stands the last map at stride 16."""
LESION_FEATURES = 64


def carried_over(name: str, folder: Path = SAVED_MODELS) -> nn.Module:
    """One of our trained networks in PyTorch.

    Args:
        name: a key of `FACTORIES`.
        folder: where the networks lie.

    Returns:
        The network in evaluation mode, float32 (N, 3, S, S) in [0, 1] -> probabilities.

    Raises:
        MissingModelError: there is no such network, or its file is absent or damaged.
    """
    if name not in FACTORIES:
        raise MissingModelError(
            f"{name!r} is not one of ours ({', '.join(FACTORIES)}), so there is no PyTorch form of "
            "it here. Export the model that it was converted from."
        )
    path = Path(folder) / name / FILES["float32"]
    try:
        check_file(path, read_card(name, folder))
    except CardError as error:
        raise MissingModelError(str(error)) from error
    import keras  # takes about 5 s: not before it is needed

    network = FACTORIES[name]()
    carry_weights(keras.saving.load_model(path, compile=False), network)
    return network.eval()


def carry_weights(source, target: nn.Module) -> None:
    """Copies the weights of a Keras network into its PyTorch form, matched by name.

    Args:
        source: keras.Model.
        target: built by a function of this module; its module `encoder1.conv1` is the layer
            `encoder1_conv1`.

    Raises:
        KeyError: a layer with weights has no counterpart.
        RuntimeError: a layer has other sizes than its counterpart.
    """
    modules = {path.replace(".", "_"): module for path, module in target.named_modules()}
    for layer in source.layers:
        if values := layer.get_weights():
            modules[layer.name].load_state_dict(_as_torch(modules[layer.name], values), strict=True)


def unet() -> "Segmenter":
    """The U-Net, 1,941,122 parameters, not trained."""
    return Segmenter(keras_networks.UNET_WIDTHS, skips=True)


def encoder_decoder() -> "Segmenter":
    """The encoder-decoder, 1,554,498 parameters, not trained."""
    return Segmenter(keras_networks.ENCODER_DECODER_WIDTHS, skips=False)


def gate() -> "Gate":
    """The gate, not trained."""
    return Gate()


FACTORIES = {"encoder_decoder": encoder_decoder, "unet": unet, GATE: gate}


class Segmenter(nn.Module):
    """float32 (N, 3, S, S) in [0, 1] -> softmax over (background, fracture), (N, 2, S, S).

    Args:
        widths: channels of each level, the finest first; S is a multiple of 2 ** len(widths).
        skips: whether a decoder also reads what the encoder of its level gave.
    """

    def __init__(self, widths: tuple[int, ...], *, skips: bool):
        super().__init__()
        self.levels, self.skips = len(widths), skips
        rates = [0.1] * (len(widths) - len(widths) // 2) + [0.2] * (len(widths) // 2)
        taken = 3
        for level, (width, rate) in enumerate(zip(widths, rates, strict=True), 1):
            self.add_module(f"encoder{level}", DoubleConvolution(taken, width, rate))
            taken = width
        self.bottom = DoubleConvolution(taken, keras_networks.BOTTOM_WIDTH, 0.2)
        taken = keras_networks.BOTTOM_WIDTH
        for level in range(len(widths), 0, -1):
            width, rate = widths[level - 1], rates[level - 1]
            self.add_module(f"up{level}", nn.ConvTranspose2d(taken, width, 2, stride=2))
            joined = 2 * width if skips else width
            self.add_module(f"decoder{level}", DoubleConvolution(joined, width, rate))
            taken = width
        self.logits = nn.Conv2d(taken, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Probabilities."""
        return functional.softmax(self.scores(x), dim=1)

    def scores(self, x: torch.Tensor) -> torch.Tensor:
        """What the softmax is taken of, (N, 2, S, S): train on these."""
        kept = []
        for level in range(1, self.levels + 1):
            kept.append(self.get_submodule(f"encoder{level}")(x))
            x = functional.max_pool2d(kept[-1], 2)
        x = self.bottom(x)
        for level in range(self.levels, 0, -1):
            x = self.get_submodule(f"up{level}")(x)
            if self.skips:
                x = torch.cat([x, kept[level - 1]], dim=1)
            x = self.get_submodule(f"decoder{level}")(x)
        return self.logits(x)


class DoubleConvolution(nn.Module):
    """conv3x3 + ReLU, dropout, conv3x3 + ReLU."""

    def __init__(self, taken: int, width: int, rate: float):
        super().__init__()
        self.conv1 = nn.Conv2d(taken, width, 3, padding=1)
        self.dropout = nn.Dropout(rate)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, taken, H, W) -> (N, width, H, W)."""
        x = self.dropout(functional.relu(self.conv1(x)))
        return functional.relu(self.conv2(x))


class Gate(nn.Module):
    """float32 (N, 3, S, S) in [0, 1], S a multiple of 32 -> probability (N, 1).

    MobileNetV3-Large minimalistic; average-pooled features of its last stage stand beside
    max-pooled ones at stride 16.
    """

    def __init__(self, dropout: float = 0.2):
        super().__init__()
        self.conv = nn.Conv2d(3, STEM_WIDTH, 3, stride=2, bias=False)
        self.conv_bn = _norm(STEM_WIDTH)
        taken, self.blocks = STEM_WIDTH, []
        for number, (wide, given, stride) in enumerate(BLOCKS):
            name = f"expanded_conv_{number}" if number else "expanded_conv"
            self.add_module(name, InvertedResidual(taken, wide, given, stride))
            self.blocks.append(name)
            taken = given
        last = BLOCKS[-1][0]
        self.conv_1 = nn.Conv2d(taken, last, 1, bias=False)
        self.conv_1_bn = _norm(last)
        self.lesion_features = nn.Conv2d(BLOCKS[FINE_BLOCK][0], LESION_FEATURES, 1)
        self.dropout = nn.Dropout(dropout)
        self.fracture = nn.Linear(last + LESION_FEATURES, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The probability of a fracture."""
        return torch.sigmoid(self.scores(x))

    def scores(self, x: torch.Tensor) -> torch.Tensor:
        """What the sigmoid is taken of, (N, 1): train on these."""
        x = functional.relu(self.conv_bn(self.conv(_pad(2 * x - 1))))
        for name in self.blocks:
            block = self.get_submodule(name)
            wide = block.widen(x)
            if name == self.blocks[FINE_BLOCK]:
                fine = functional.relu(self.lesion_features(wide))
            x = block.narrow(wide, x)
        x = functional.relu(self.conv_1_bn(self.conv_1(x)))
        pooled = torch.cat([x.mean(dim=(2, 3)), fine.amax(dim=(2, 3))], dim=1)
        return self.fracture(self.dropout(pooled))


class InvertedResidual(nn.Module):
    """A block of MobileNetV3 minimalistic: 1x1 up, 3x3 for each channel, 1x1 down."""

    def __init__(self, taken: int, wide: int, given: int, stride: int):
        super().__init__()
        self.stride, self.residual = stride, stride == 1 and taken == given
        self.widens = wide != taken
        if self.widens:
            self.expand = nn.Conv2d(taken, wide, 1, bias=False)
            self.expand_bn = _norm(wide)
        self.depthwise = nn.Conv2d(
            wide, wide, 3, stride=stride, padding=2 - stride, groups=wide, bias=False
        )
        self.depthwise_bn = _norm(wide)
        self.project = nn.Conv2d(wide, given, 1, bias=False)
        self.project_bn = _norm(given)

    def widen(self, x: torch.Tensor) -> torch.Tensor:
        """(N, taken, H, W) -> (N, wide, H, W)."""
        return functional.relu(self.expand_bn(self.expand(x))) if self.widens else x

    def narrow(self, wide: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """(N, wide, H, W) -> (N, given, H / stride, W / stride); `x` is what `widen` took."""
        wide = _pad(wide) if self.stride == 2 else wide
        wide = functional.relu(self.depthwise_bn(self.depthwise(wide)))
        narrow = self.project_bn(self.project(wide))
        return x + narrow if self.residual else narrow


def _norm(width: int) -> nn.BatchNorm2d:
    """Keras' momentum 0.999 is PyTorch's 0.001."""
    return nn.BatchNorm2d(width, eps=1e-3, momentum=0.001)


def _pad(x: torch.Tensor) -> torch.Tensor:
    """One row below and one column to the right, as Keras pads even sides at stride 2."""
    return functional.pad(x, (0, 1, 0, 1))


def _as_torch(module: nn.Module, values: list[np.ndarray]) -> dict[str, torch.Tensor]:
    """Weights of a Keras layer in the order and layout of the PyTorch module."""
    if isinstance(module, nn.BatchNorm2d):
        keys = ("weight", "bias", "running_mean", "running_var")
        found = dict(zip(keys, values, strict=True))
        return {k: torch.tensor(v) for k, v in found.items()} | {
            "num_batches_tracked": module.num_batches_tracked
        }
    kernel, *bias = values
    if isinstance(module, nn.Linear):
        kernel = kernel.T
    elif getattr(module, "groups", 1) > 1:  # (H, W, C, 1)
        kernel = kernel.transpose(2, 3, 0, 1)
    else:  # (H, W, in, out); transposed convolutions (H, W, out, in), and PyTorch's are turned too
        kernel = kernel.transpose(3, 2, 0, 1)
    weights = {"weight": kernel, **({"bias": bias[0]} if bias else {})}
    return {key: torch.tensor(np.ascontiguousarray(value)) for key, value in weights.items()}
