"""From a PyTorch network to one more network of ours: load, dress, convert, put in place."""

from dataclasses import dataclass
from pathlib import Path

from fracturelens.networks.card import ModelCard
from fracturelens.networks.predictor import Predictor
from training.convert.channels_last import Dress, dressed
from training.convert.converted import write_files
from training.convert.errors import ConversionError
from training.convert.films import calibration_views
from training.convert.inference_block import read_block
from training.convert.network_folder import Newcomer, check_place, put_in_place
from training.convert.source import load_source
from training.convert.to_litert import litert_python


@dataclass(frozen=True)
class Request:
    """What is asked of `convert`; the attributes are its options."""

    source: str
    name: str
    inference: Path
    data: Path
    models: Path
    weights: Path | None = None
    gives: str = Dress.gives
    mean: tuple[float, ...] = Dress.mean
    deviation: tuple[float, ...] = Dress.deviation
    films: Path | None = None
    title: str = ""
    caption: str = ""
    history: Path | None = None
    replace: bool = False


def convert(request: Request) -> ModelCard:
    """Converts a network and puts it into the folder of the networks.

    Returns:
        Its card, as written. The thresholds are those of the inference block.

    Raises:
        ConversionError: something about it cannot be converted; the folder is as before.
    """
    inference = read_block(request.inference)
    check_place(request.name, inference, request.models, replace=request.replace)
    litert_python()  # before anything that takes time
    dress = _dress(request)
    network = dressed(load_source(request.source, request.weights), inference, dress)
    newcomer = Newcomer(
        request.name,
        inference,
        Path(request.source).name,
        sum(weights.numel() for weights in network.network.parameters()),
        request.title,
        request.caption,
        request.history,
    )
    asked = Predictor(network, ModelCard(request.name, "", 0, inference), "float32")
    views = calibration_views(asked, request.films, request.data)
    return put_in_place(
        newcomer, request.models, lambda folder: write_files(network, inference, views, folder)
    )


def _dress(request: Request) -> Dress:
    mean, deviation = tuple(request.mean), tuple(request.deviation)
    if not {len(mean), len(deviation)} <= {1, 3} or 0 in deviation:
        raise ConversionError(
            f"Expected one number or three for --mean and --deviation, no deviation of 0; received "
            f"{mean} and {deviation}."
        )
    return Dress(request.gives, mean, deviation)
