"""Dresses a PyTorch network in our contract: NHWC in [0, 1] in, NHWC probabilities out.

PyTorch computes in NCHW: pictures (N, C, H, W). Our LiteRT files take NHWC, a picture of three
equal channels (1, 256, 256, 3), and give (1, 256, 256, 2) of a segmenter and (1, 1) of a gate. The
permutations stand in the graph that is converted, where the converter takes most of them away.
"""

from dataclasses import dataclass

import torch
from torch import nn

from fracturelens.networks.inference import Inference
from training.convert.errors import ConversionError

LOGITS, PROBABILITIES = "logits", "probabilities"
SLACK = 1e-4
FAILURES = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, AssertionError)
"""What networks raise for pictures that they were not made for."""


@dataclass(frozen=True)
class Dress:
    """What stands between somebody's network and our contract.

    Attributes:
        gives: "logits" or "probabilities".
        mean: that the network was trained to have subtracted from gray values in [0, 1], a number
            for each channel or one for all.
        deviation: that they are then divided by.
    """

    gives: str = LOGITS
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)


class AsAsked(nn.Module):
    """float32 (1, S, S, 3) in [0, 1] -> probabilities, (1, S, S, 2) or (1, 1).

    Args:
        network: NCHW.
        channels: that it takes, 3 or 1.
        output: of the contract, "softmax" or "sigmoid".
        dress: of the network.
    """

    def __init__(self, network: nn.Module, channels: int, output: str, dress: Dress):
        super().__init__()
        self.network, self.channels, self.output = network, channels, output
        self.gives = dress.gives
        self.plain = dress.mean == (0.0,) and dress.deviation == (1.0,)
        self.register_buffer("mean", torch.tensor(dress.mean).view(1, -1, 1, 1))
        self.register_buffer("deviation", torch.tensor(dress.deviation).view(1, -1, 1, 1))

    def forward(self, xray: torch.Tensor) -> torch.Tensor:
        """Probabilities as the library reads them."""
        answer = self.raw(xray)
        if self.output == "sigmoid":
            return self._of_the_whole(answer)
        if self.gives == LOGITS:
            answer = torch.sigmoid(answer) if answer.shape[1] == 1 else torch.softmax(answer, 1)
        if answer.shape[1] == 1:
            answer = torch.cat([1 - answer, answer], dim=1)
        return answer.permute(0, 2, 3, 1)

    def raw(self, xray: torch.Tensor) -> torch.Tensor:
        """What the network itself says of a picture (1, S, S, 3), a tensor."""
        picture = xray.permute(0, 3, 1, 2)[:, : self.channels]
        if not self.plain:
            picture = (picture - self.mean) / self.deviation
        answer = self.network(picture)
        return answer["out"] if isinstance(answer, dict) else answer

    def _of_the_whole(self, answer: torch.Tensor) -> torch.Tensor:
        if self.gives == LOGITS:
            answer = torch.sigmoid(answer) if answer.shape[1] == 1 else torch.softmax(answer, 1)
        return answer[:, -1:]


def dressed(network: nn.Module, inference: Inference, dress: Dress) -> AsAsked:
    """The network in our contract, tried on one picture.

    Args:
        network: NCHW, takes three equal channels or one.
        inference: how it will be asked.
        dress: what it expects and gives.

    Raises:
        ConversionError: it takes or gives something else than the contract says, or is in training
            mode.
    """
    size = inference.input.size
    picture = torch.rand(1, size, size, 3, generator=torch.Generator().manual_seed(0))
    problems = []
    for channels in (3, 1):
        asked = AsAsked(network, channels, inference.output, dress)
        before = [buffer.clone() for buffer in asked.buffers()]
        try:
            with torch.no_grad():
                first, again = asked.raw(picture), asked.raw(picture)
        except FAILURES as error:
            problems.append(str(error).strip().partition("\n")[0])
            continue
        _check_shape(first, inference)
        _check_mode(first, again, all(map(torch.equal, before, asked.buffers())))
        _check_values(first, dress)
        return asked
    raise ConversionError(
        f"The network fails on a picture (1, 3, {size}, {size}): {problems[0]}. With one channel: "
        f"{problems[1]}. `input.size` of the inference block has to be the size it was made for."
    )


def _check_shape(answer, inference: Inference) -> None:
    size, whole = inference.input.size, inference.output == "sigmoid"
    shapes = [(1, n) if whole else (1, n, size, size) for n in (1, 2)]
    if isinstance(answer, torch.Tensor) and tuple(answer.shape) in shapes:
        return
    given = tuple(answer.shape) if isinstance(answer, torch.Tensor) else type(answer).__name__
    raise ConversionError(
        f"The network gives {given}. Expected a tensor {shapes[0]} or {shapes[1]}, of two classes "
        "background and fracture in this order, or {'out': such a tensor}."
    )


def _check_mode(first: torch.Tensor, again: torch.Tensor, kept: bool) -> None:
    """In training mode, dropout changes the answers and batch norm its own statistics."""
    if not kept or not torch.allclose(first, again, atol=1e-6):
        raise ConversionError(
            "The network is in training mode: it answers the same picture differently on a second "
            "call, or changes its own statistics. Call `network.eval()` before "
            "`torch.export.export`."
        )


def _check_values(answer: torch.Tensor, dress: Dress) -> None:
    """Logits taken for probabilities, or the other way round, would go unseen."""
    low, high = float(answer.min()), float(answer.max())
    sums = answer.sum(dim=1)
    one = bool(torch.allclose(sums, torch.ones_like(sums), atol=SLACK))
    shares = low >= -SLACK and high <= 1 + SLACK
    if dress.gives == PROBABILITIES and not (shares and (one or answer.shape[1] == 1)):
        raise ConversionError(
            f"The network gives values from {low:.3g} to {high:.3g}, which are no probabilities. "
            "Leave `--gives probabilities` out."
        )
    if dress.gives == LOGITS and shares and one and answer.shape[1] == 2:
        raise ConversionError(
            "The network's two channels sum to 1 everywhere: it gives probabilities. Say `--gives "
            "probabilities`, else they would be taken for logits."
        )
