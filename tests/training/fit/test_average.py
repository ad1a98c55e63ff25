"""The mean of networks of one line: what it holds, what its card says, what is refused."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from command_line import main
from create_segmentation_model import MissingModelError, build_network, load_model
from fracturelens.networks.card import FILES, ModelCard, read_card, sha256_of, write_card
from fracturelens.networks.inference import segmenter_inference
from tests.helpers.tiny_networks import use_tiny_networks
from training.fit.average import AverageError, average_network
from training.fit.weight_rounding import rounded

NAME = "encoder_decoder"


def network(seed: int):
    keras.utils.set_random_seed(seed)
    return build_network(NAME)


@pytest.fixture(scope="module")
def pair():
    with pytest.MonkeyPatch.context() as patch:
        use_tiny_networks(patch)
        return network(1), network(2)


@pytest.fixture
def folder(pair, tmp_path):
    """A trained network with all that its card may hold, and the one it went on from beside it."""
    (tmp_path / NAME).mkdir()
    path = tmp_path / NAME / FILES["float32"]
    pair[0].save(path)
    pair[1].save(tmp_path / "start.keras")
    chosen = {"float32": {"mask": 0.7}, "int8": {"mask": 0.6}}
    card = ModelCard(
        NAME,
        "Encoder-decoder",
        pair[0].count_params(),
        replace(segmenter_inference(256, enlarged=True), thresholds=chosen, flips=True),
        training={"epochs": 2, "notes": ["Went on."]},
        metrics={"watched_val": {"val_loss": 1.0}},
        files={FILES["float32"]: sha256_of(path), FILES["int8"]: "of the network before"},
    )
    write_card(card, tmp_path)
    return tmp_path


def test_weights_are_the_plain_mean(folder, pair):
    assert (
        main(["average", NAME, "--with", str(folder / "start.keras"), "--models", str(folder)]) == 0
    )
    mean = keras.saving.load_model(folder / NAME / FILES["float32"], compile=False)
    for found, first, second in zip(*(m.get_weights() for m in (mean, *pair)), strict=True):
        np.testing.assert_array_equal(found, rounded((first + second) / 2))
    assert mean.count_params() == pair[0].count_params()


def test_card_keeps_no_figure_of_the_network_before(folder):
    average_network(NAME, [folder / "start.keras"], folder)
    card = read_card(NAME, folder)
    assert card.files == {FILES["float32"]: sha256_of(folder / NAME / FILES["float32"])}
    assert card.metrics == {}
    assert card.inference == replace(segmenter_inference(256, enlarged=True), flips=True)
    assert card.training["notes"][0] == "Went on."
    assert sha256_of(folder / "start.keras")[:12] in card.training["notes"][1]
    assert load_model(NAME, "float32", folder).card.input_size == 256


def test_what_cannot_be_averaged_is_told_and_nothing_is_lost(folder, pair, tmp_path):
    path, other = folder / NAME / FILES["float32"], tmp_path / "other.keras"
    before = sha256_of(path)
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(other)
    (tmp_path / "text.keras").write_text("no network")
    cases = {
        other: "another kind",
        tmp_path / "none.keras": "missing",
        path: "same file",
        tmp_path / "text.keras": "cannot be read",
    }
    for file, message in cases.items():
        with pytest.raises(AverageError, match=message):
            average_network(NAME, [file], folder)
    assert sha256_of(path) == before


def test_a_network_that_its_card_does_not_know_is_refused(folder, pair):
    pair[1].save(folder / NAME / FILES["float32"])
    with pytest.raises(MissingModelError):
        average_network(NAME, [folder / "start.keras"], folder)
