"""What INT8 and another look change stands in tables, where it was measured."""

import pytest
from streamlit.testing.v1 import AppTest

from fracturelens.networks.card import ModelCard
from tests.helpers.app_helpers import INT8_PARITY, write_evaluation


def draw_parity(card):
    def script(card):
        from app_pages.evidence.precision import show_parity

        show_parity(card)

    return run(script, card)


def draw_looks(folder):
    def script(folder):
        from app_pages.evidence.precision import show_looks

        show_looks("unet", "val", "int8", {"metrics": {"dice_mean": 0.4}}, folder)

    return run(script, folder)


def run(script, *arguments):
    page = AppTest.from_function(script, args=arguments, default_timeout=60).run()
    assert not page.exception
    return page


def test_what_int8_costs_is_a_table():
    card = ModelCard("unet", "U-Net", 1, {}, metrics={"int8_parity": INT8_PARITY})
    [table] = draw_parity(card).table
    assert table.value["Loss by INT8 (95 % interval)"].tolist() == ["0.010 (-0.020 to 0.040)"]
    assert len(draw_parity(ModelCard("unet", "U-Net", 1, {})).table) == 0


@pytest.mark.parametrize("ending", ["val_flips", "test_int8_flips"])
def test_looks_of_another_precision_or_split_are_not_shown(tmp_path, ending):
    write_evaluation(tmp_path, "unet", ending, {"metrics": {"dice_mean": 0.5}})
    assert len(draw_looks(tmp_path).table) == 0


def test_looks_stand_beside_the_usual_figures_with_their_cost(tmp_path):
    cost = {"images": 20, "usual_ms": 30.0, "look_ms": 60.0}
    for look, dice in (("flips", 0.5), ("whole", 0.3)):
        other = {"metrics": {"dice_mean": dice}, "look_cost": cost}
        write_evaluation(tmp_path, "unet", f"val_int8_{look}", other)
    page = draw_looks(tmp_path)
    [whole], [flips] = (table.value.to_dict("records") for table in page.table)
    assert (whole["As usual"], whole["The whole X-ray at once"]) == ("0.400", "0.300")
    assert (flips["As usual"], flips["Averaged with the mirror image"]) == ("0.400", "0.500")
    assert "60 instead of 30 milliseconds" in page.caption[0].value
