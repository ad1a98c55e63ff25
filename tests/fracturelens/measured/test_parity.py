"""What INT8 costs is read from the card, in words."""

from fracturelens.measured.parity import parity_of, parity_rows, parity_words
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import segmenter_inference
from tests.helpers.evaluations import INT8_PARITY


def test_each_figure_stands_with_its_loss_and_its_target():
    assert parity_rows(INT8_PARITY) == [
        {
            "Figure": "Dice, mean over fractured X-rays",
            "float32": "0.400",
            "INT8": "0.390",
            "Loss by INT8 (95 % interval)": "0.010 (-0.020 to 0.040)",
            "Within the target": "no",
        }
    ]


def test_words_hold_what_the_rows_do_not():
    words = " ".join(parity_words(INT8_PARITY))
    assert "40 validation X-rays" in words and "mean Dice of 0.830" in words
    assert "verdict" not in words
    gate = {key: INT8_PARITY[key] for key in INT8_PARITY if "mask" not in key}
    words = " ".join(parity_words(gate | {"verdict_flips": 3, "auroc_drop": None}))
    assert "verdict differs on 3" in words and "Dice" not in words


def test_a_network_without_int8_has_none():
    assert parity_of(ModelCard("unet", "U-Net", 1, segmenter_inference(64, enlarged=False))) == {}
