"""Tests of `quantize` from a trained network to file, card and parity, on made-up pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

import command_line
from create_segmentation_model import MissingModelError, load_model
from fracturelens.measured.words import QUANTIZATION
from fracturelens.networks.card import ModelCard, read_card, sha256_of, write_card
from fracturelens.networks.inference import gate_inference, segmenter_inference
from fracturelens.networks.predictor import Predictor
from tests.helpers.tiny_networks import tiny_gate, tiny_segmenter
from training.data.dataset import Xray
from training.evaluate.calibration import UncalibratedError
from training.quantize.calibration_pictures import asked_about
from training.quantize.quantization import quantize
from training.quantize.quantization_aware import RoundingSettings

SETTINGS = RoundingSettings(epochs=1, views=8, batch_size=4, calibration_pictures=6)
THRESHOLDS = {
    "gate": {"doubtful": 0.3, "fracture": 0.6, "images": 4},
    "unet": {"mask": 0.5, "min_lesion_share": 0.0, "images": 4},
}


@pytest.fixture(scope="module")
def xrays(tmp_path_factory):
    """Twelve gray pictures, half with a bright lesion, two thirds of them for training."""
    folder, random, made = tmp_path_factory.mktemp("xrays"), np.random.default_rng(1), []
    for number in range(12):
        image = random.integers(30, 90, (96, 80), np.uint8)
        fractured = number % 2 == 0
        if fractured:
            image[20:40, 30:50] = 240
        path = folder / f"IMG{number:07d}.png"
        cv2.imwrite(str(path), image)
        outline = np.array([[30, 20], [50, 20], [50, 40], [30, 40]]) / (80, 96)
        made.append(
            Xray(
                path.name,
                path,
                "val" if number % 3 == 0 else "train",
                fractured,
                polygons=(outline,) if fractured else (),
                attributes={"hand": 1, "leg": 0, "hip": 0, "shoulder": 0, "mixed": 0},
            )
        )
    return made


def save(folder, network, size, thresholds):
    path = folder / network.name / "model.keras"
    path.parent.mkdir(parents=True)
    network.save(path)
    gate = network.name == "gate"
    inference = gate_inference(size) if gate else segmenter_inference(size, enlarged=False)
    if thresholds:
        inference = replace(inference, thresholds={"float32": thresholds})
    count, files = network.count_params(), {path.name: sha256_of(path)}
    card = ModelCard(network.name, network.name, count, inference, files=files)
    write_card(card, folder)
    return card


def test_ranges_are_those_of_all_that_a_network_is_asked_about():
    card = ModelCard("unet", "U-Net", 1, segmenter_inference(32, enlarged=True))
    pixels = np.random.default_rng(1).integers(0, 255, (60, 60), np.uint8)
    tiles = asked_about(Predictor(None, card, "float32"), pixels)
    assert {tile.shape for tile in tiles} == {(1, 32, 32, 3)}
    assert len(tiles) == 4 and len({tile.tobytes() for tile in tiles}) == 4
    whole = replace(card, inference=segmenter_inference(32, enlarged=False))
    assert len(asked_about(Predictor(None, whole, "float32"), pixels)) == 1


@pytest.mark.parametrize(
    ("build", "size"), [(tiny_gate, 16), (lambda: tiny_segmenter(256), 256)], ids=["gate", "unet"]
)
def test_from_float_network_to_int8_file(tmp_path, xrays, build, size):
    network = build()
    save(tmp_path / "models", network, size, THRESHOLDS[network.name])
    card = quantize(
        network.name,
        xrays,
        SETTINGS,
        models=tmp_path / "models",
        workdir=tmp_path / "work",
        integer_io=True,
        show_progress=False,
    )
    assert read_card(network.name, tmp_path / "models") == card
    own, float32 = (card.inference.thresholds[precision] for precision in ("int8", "float32"))
    assert float32 == THRESHOLDS[network.name]
    if network.name == "gate":
        assert own["chosen_on"] == "val" and "int8" in card.inference.calibration
    else:
        assert own == float32 and not card.inference.calibration
    parity = card.metrics["int8_parity"]
    assert parity["images"] == 4
    assert 0 < parity["largest_probability_difference"] < 0.1
    figure = "auroc" if network.name == "gate" else "dice"
    drop = parity[f"{figure}_drop"]["value"]
    assert drop == pytest.approx(parity[f"{figure}_float32"] - parity[f"{figure}_int8"])
    assert parity["within_targets"][figure] == (drop <= {"auroc": 0.005, "dice": 0.01}[figure])
    qualities = card.training["int8"]["quality_on_val"]
    assert qualities.keys() == QUANTIZATION.keys()
    assert qualities[card.training["int8"]["shipped"]] == max(qualities.values())
    predictor = load_model(network.name, "int8", tmp_path / "models")
    assert predictor.card.input_size == size
    made = {path.name for path in (tmp_path / "work").rglob("*.tflite")}
    assert {"model_float16.tflite", "model_dynamic.tflite", "model_int8_io.tflite"} <= made


def test_interrupted_training_goes_on(tmp_path, xrays):
    network = tiny_gate()
    save(tmp_path / "models", network, 16, THRESHOLDS["gate"])
    places = {"models": tmp_path / "models", "workdir": tmp_path / "work"}
    first = quantize("gate", xrays, SETTINGS, **places, show_progress=False)
    (checkpoint,) = (tmp_path / "work").rglob("checkpoint.npz")
    kept = checkpoint.stat().st_mtime_ns
    again = quantize("gate", xrays, SETTINGS, **places, show_progress=False)
    assert checkpoint.stat().st_mtime_ns == kept
    assert again.files == first.files


def test_without_epochs_only_post_training(tmp_path, xrays):
    save(tmp_path / "models", tiny_gate(), 16, THRESHOLDS["gate"])
    places = {"models": tmp_path / "models", "workdir": tmp_path / "work"}
    card = quantize("gate", xrays, replace(SETTINGS, epochs=0), **places)
    assert card.training["int8"]["quality_on_val"].keys() == {"post_training"}
    assert card.training["int8"]["shipped"] == "post_training"


def test_the_command_names_what_it_wrote(tmp_path, xrays, monkeypatch, capsys):
    save(tmp_path / "models", tiny_gate(), 16, THRESHOLDS["gate"])
    monkeypatch.setattr("training.quantize.quantization.read_fracatlas", lambda _: xrays)
    words = ["quantize", "gate", "--epochs", "0", "--integer-io"]
    words += ["--models", str(tmp_path / "models"), "--workdir", str(tmp_path / "work")]
    assert command_line.main(words) == 0
    told = capsys.readouterr().out
    (whole,) = (tmp_path / "work").glob("gate_*/model_int8_io.tflite")
    assert f"Shipped: {QUANTIZATION['post_training']}" in told
    for path in (tmp_path / "models" / "gate" / "model_int8.tflite", whole):
        assert f"Written to {path} ({path.stat().st_size:,} bytes)" in told
    details = Interpreter(str(whole)).get_input_details()[0]
    assert details["dtype"] is np.int8


def test_missing_float_network_names_the_command(tmp_path, xrays):
    with pytest.raises(MissingModelError, match="fracturelens train gate"):
        quantize("gate", xrays, SETTINGS, models=tmp_path, workdir=tmp_path / "work")


def test_thresholds_must_be_chosen_first(tmp_path, xrays):
    save(tmp_path / "models", tiny_gate(), 16, None)
    with pytest.raises(UncalibratedError, match="calibrate"):
        quantize("gate", xrays, SETTINGS, models=tmp_path / "models", workdir=tmp_path / "work")
