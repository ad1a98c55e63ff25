"""A loaded network, whatever runs it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import Inference


@dataclass(frozen=True)
class Predictor:
    """A loaded network: call it with float32 (N, S, S, 3) in [0, 1], from any thread.

    Attributes:
        run: the inference function; returns float32, (N, 1) for the gate and (N, S, S, 2) softmax
            for a segmenter.
        card: what is known of the network.
        precision: "float32" or "int8".
        runtime: that runs it, "keras", "litert" or "openvino"; "" where nobody said.
    """

    run: Callable[[np.ndarray], np.ndarray]
    card: ModelCard
    precision: str
    runtime: str = ""

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Probabilities of the batch; the input is not altered."""
        return self.run(batch)

    @property
    def name(self) -> str:
        """Of the network."""
        return self.card.name

    @property
    def inference(self) -> Inference:
        """How the network is asked."""
        return self.card.inference

    @property
    def digest(self) -> str:
        """SHA-256 of the file that runs, "" where the card does not know it."""
        return self.card.files.get(self.card.file_at(self.precision), "")
