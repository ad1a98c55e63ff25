"""`quantize`: the INT8 LiteRT file of a trained network, its operator table and its parity."""

import argparse
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras

from create_segmentation_model import load_model
from fracturelens.measured.words import QUANTIZATION
from fracturelens.networks.card import FILES, ModelCard, read_card, sha256_of, write_card
from fracturelens.networks.predictor import Predictor
from important_variables import GATE, NETWORKS, SAVED_MODELS, WORK
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.evaluate.calibration import (
    Chosen,
    UncalibratedError,
    choose_thresholds,
    require_chosen,
    with_chosen,
)
from training.evaluate.scores import SplitScores, score_split
from training.fit.batches import load_examples
from training.options import add_data_option, add_models_option
from training.quantize.fake_quant import QuantizedTwin, copy_weights
from training.quantize.litert_export import export_float32, export_floats, export_int8
from training.quantize.operator_table import (
    UnfusedGraphError,
    check_fully_int8,
    format_table,
    read_operators,
    summarize,
)
from training.quantize.parity import compare, quality
from training.quantize.prepared import check_from_keras, prepare
from training.quantize.quantization_aware import RoundingSettings, train_rounded

TOLD_ERRORS = (FracAtlasError, UncalibratedError, UnfusedGraphError)
SPLIT = "val"
INTEGER_FILE = "model_int8_io.tflite"


@dataclass(frozen=True)
class Candidate:
    """One way to INT8: its key in `QUANTIZATION`, its file, its outputs and quality on val."""

    method: str
    path: Path
    scores: SplitScores
    quality: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens quantize`."""
    parser.add_argument("name", choices=tuple(NETWORKS))
    add_data_option(parser)
    parser.add_argument(
        "--epochs",
        type=int,
        default=RoundingSettings.epochs,
        help="of quantization-aware training (default: %(default)s)",
    )
    add_models_option(parser)
    parser.add_argument(
        "--workdir",
        type=Path,
        default=WORK / "quantize",
        help="for candidates and checkpoints (default: %(default)s)",
    )
    parser.add_argument(
        "--integer-io",
        action="store_true",
        help="write the shipped network with INT8 input and output too, to the work folder",
    )


def run(arguments: argparse.Namespace) -> int:
    """Quantizes, prints the operator table and the parity figures."""
    card = quantize(
        arguments.name,
        read_fracatlas(arguments.data),
        replace(RoundingSettings(), epochs=arguments.epochs),
        models=arguments.models,
        workdir=arguments.workdir,
        integer_io=arguments.integer_io,
    )
    path = arguments.models / card.name / FILES["int8"]
    sys.stdout.write(format_table(summarize(read_operators(path.read_bytes()))) + "\n")
    for key, value in card.metrics["int8_parity"].items():
        sys.stdout.write(f"{key}: {value}\n")
    sys.stdout.write(f"Shipped: {QUANTIZATION[card.training['int8']['shipped']]}\n")
    written = [path]
    if arguments.integer_io:
        written.append(_work_folder(card, arguments.workdir) / INTEGER_FILE)
    for path in written:
        sys.stdout.write(f"Written to {path} ({path.stat().st_size:,} bytes)\n")
    return 0


def quantize(
    name: str,
    xrays: list[Xray],
    settings: RoundingSettings,
    *,
    models: Path = SAVED_MODELS,
    workdir: Path = WORK / "quantize",
    integer_io: bool = False,
    show_progress: bool = True,
) -> ModelCard:
    """Makes both candidates, ships the better one on val and notes how it compares.

    Args:
        name: network, trained and with thresholds in its card.
        xrays: pictures of train and val.
        settings: of the quantization-aware training; 0 epochs leave it out.
        models: holds <name>/model.keras and card.json; receives model_int8.tflite.
        workdir: receives candidates, checkpoints and the files for comparison.
        integer_io: write the better one with INT8 at both ends too, to the work folder.
        show_progress: draw progress bars.

    Returns:
        The card as written.

    Raises:
        MissingModelError: the float network is missing.
        UncalibratedError: its card holds no thresholds.
        UnfusedGraphError: a convolution of the file is float or unfused.
    """
    exact = load_model(name, "float32", models)
    check_from_keras(exact.card)
    require_chosen(exact.card, exact.precision)
    settings = replace(settings, stretch=exact.inference.input.stretch is not None)
    if tiling := exact.inference.tiling:
        settings = replace(settings, enlargement=tiling.enlargement)
    bench = _Bench(exact, xrays, settings, models, workdir, integer_io, show_progress)
    candidates = [bench.candidate("post_training", bench.folded)]
    if settings.epochs:
        candidates.append(bench.trained_candidate())
    best = max(candidates, key=lambda candidate: candidate.quality)
    check_fully_int8(read_operators(best.path.read_bytes()))
    target = _write(Path(models) / name / FILES["int8"], best.path.read_bytes())
    if integer_io:
        _write(bench.folder / INTEGER_FILE, (best.path.parents[1] / INTEGER_FILE).read_bytes())
    # Read anew: hours may have passed, in which other commands wrote to the card.
    card = _card(read_card(name, models), candidates, best, settings, target)
    card = with_chosen(card, "int8", _own_thresholds(card, bench.val, best.scores))
    parity = compare(card, bench.val, bench.exact_scores, best.scores, SPLIT)
    card = replace(card, metrics=card.metrics | {"int8_parity": parity})
    write_card(card, models)
    return card


class _Bench:
    """What both candidates share: folded network, pictures and float outputs on val."""

    def __init__(
        self, exact: Predictor, xrays, settings, models, workdir, integer_io, show_progress
    ):
        self.card, self.settings, self.show_progress = exact.card, settings, show_progress
        self.integer_io = integer_io
        self.folder = _work_folder(self.card, workdir)
        self.val = usable(xrays, SPLIT)
        ready = prepare(exact, usable(xrays, "train"), settings, models)
        self.train, self.pictures = ready.train, ready.pictures
        self.folded, self.ranges = ready.folded, ready.ranges
        self.exact_scores = score_split(exact, self.val, SPLIT, folder=self.folder / "scores")
        self.float_file = export_float32(self.folded)
        for precision, content in export_floats(self.float_file).items():
            _write(self.folder / f"model_{precision}.tflite", content)

    def candidate(self, method: str, network) -> Candidate:
        """Exports a folded network to INT8 and measures it on val."""
        float_file = self.float_file if network is self.folded else export_float32(network)
        pictures, ranges = self.pictures[:8], self.ranges  # the pictures set the input's range
        folder = self.folder / method
        path = _write(
            folder / self.card.name / FILES["int8"], export_int8(float_file, pictures, ranges)
        )
        if self.integer_io:
            content = export_int8(float_file, pictures, ranges, integer_io=True)
            _write(folder / INTEGER_FILE, content)
        write_card(replace(self.card, files={path.name: sha256_of(path)}), folder)
        predictor = load_model(self.card.name, "int8", folder)
        scores = score_split(predictor, self.val, SPLIT, folder=self.folder / "scores")
        return Candidate(method, path, scores, quality(self.card, self.val, scores))

    def trained_candidate(self) -> Candidate:
        """The better epoch of quantization-aware training."""
        twin = QuantizedTwin(self.folded, self.ranges)
        network = keras.models.clone_model(self.folded)

        def export(weights) -> Candidate:
            twin.network.set_weights(weights)
            copy_weights(twin.network, network)
            return self.candidate("quantization_aware", network)

        train_rounded(
            twin,
            self.folded,
            load_examples(self.train),
            self.settings,
            self.folder,
            score=lambda weights: export(weights).quality,
            show_progress=self.show_progress,
        )
        return export(twin.network.get_weights())


def _own_thresholds(card: ModelCard, val: list[Xray], scores: SplitScores) -> Chosen:
    """Thresholds of the INT8 file: a gate's are chosen anew, a segmenter's are float32's."""
    if card.name == GATE:
        return choose_thresholds(val, {GATE: scores}, SPLIT)[GATE]
    return Chosen(card.thresholds_at("float32"))


def _work_folder(card: ModelCard, workdir: Path) -> Path:
    """Where the candidates of one float network lie: another network gets another folder."""
    return Path(workdir) / f"{card.name}_{card.files[FILES['float32']][:12]}"


def _write(path: Path, content: bytes) -> Path:
    """Writes the file whole or not at all; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_bytes(content)
    return draft.replace(path)


def _card(card: ModelCard, candidates, best: Candidate, settings, target: Path) -> ModelCard:
    """The card with the INT8 file, how it was made and what the other way would have given."""
    story = {
        "shipped": best.method,
        "quality_on_val": {c.method: c.quality for c in candidates},
        "better_by": best.quality - min(c.quality for c in candidates),
        "settings": asdict(settings),
    }
    return replace(
        card,
        training=card.training | {"int8": story},
        files=card.files | {target.name: sha256_of(target)},
    )
