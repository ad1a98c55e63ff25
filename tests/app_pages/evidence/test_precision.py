"""What INT8 and another mode change stands in tables, where it was measured."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from fracturelens.measured.layout import ModeCost, write_evaluation
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import segmenter_inference
from tests.helpers.evaluations import INT8_PARITY, measured

CARD = ModelCard("unet", "U-Net", 1, segmenter_inference(64, enlarged=False))
USUAL = replace(measured("unet", dice_mean=0.4), precision="int8")


def draw_parity(card):
    def script(card):
        from app_pages.evidence.precision import show_parity

        show_parity(card)

    return run(script, card)


def draw_modes(folder):
    def script(usual, folder):
        from app_pages.evidence.precision import show_modes

        show_modes(usual, folder)

    return run(script, USUAL, folder)


def run(script, *arguments):
    page = AppTest.from_function(script, args=arguments, default_timeout=60).run()
    assert not page.exception
    return page


def test_what_int8_costs_is_a_table():
    [table] = draw_parity(replace(CARD, metrics={"int8_parity": INT8_PARITY})).table
    assert table.value["Loss by INT8 (95 % interval)"].tolist() == ["0.010 (-0.020 to 0.040)"]
    assert len(draw_parity(CARD).table) == 0


@pytest.mark.parametrize("other", [{"precision": "float32"}, {"split": "test"}])
def test_modes_of_another_precision_or_split_are_not_shown(tmp_path, other):
    write_evaluation(replace(USUAL, mode="flips", **other), tmp_path)
    assert len(draw_modes(tmp_path).table) == 0


def test_modes_stand_beside_the_usual_figures_with_their_cost(tmp_path):
    cost = ModeCost(20, 30.0, 60.0)
    for mode, dice in (("flips", 0.5), ("whole", 0.3)):
        part = measured("unet", dice_mean=dice).part
        write_evaluation(replace(USUAL, mode=mode, part=part, mode_cost=cost), tmp_path)
    page = draw_modes(tmp_path)
    [whole], [flips] = (table.value.to_dict("records") for table in page.table)
    assert whole["As usual"].startswith("0.400") and flips["As usual"].startswith("0.400")
    assert whole["The whole X-ray at once"].startswith("0.300")
    assert flips["Averaged with the mirror image"].startswith("0.500")
    assert "60 instead of 30 milliseconds" in page.caption[0].value
