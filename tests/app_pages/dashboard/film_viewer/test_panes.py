"""What the browser gets of each picture: layers, rings, words."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app_pages.dashboard.film_viewer.panes import Reading, panes_of
from app_pages.dashboard.film_viewer.show import FOLDER, SCRIPTS, film_data
from fracturelens.findings.layers import mask_of_runs
from fracturelens.results import Verdict
from fracturelens.xray.radiograph import DicomSource, PixelSpacing, Radiograph
from important_variables import NETWORKS, SEVERAL_MARK
from prediction import predict_fracture
from tests.helpers.app_helpers import THIRD, fake_engine, fake_predictor

PICTURE = np.full((96, 80), 220, np.uint8)
RADIOGRAPH = Radiograph(PICTURE)


@pytest.fixture
def found():
    """Both stand-ins mark a spot, the U-Net a second one."""
    return predict_fracture(PICTURE, fake_engine())


def panes(*readings):
    drawn = panes_of(readings, "wrist.png", *PICTURE.shape)
    return {pane["key"]: pane for pane in json.loads(json.dumps(drawn))}


def test_each_network_and_the_agreement_have_a_picture(found):
    shown = panes(Reading(found))
    assert list(shown) == ["original", "encoder_decoder", "unet", "agreement"]
    assert shown["original"]["layers"] == shown["original"]["rings"] == []
    assert [ring["number"] for ring in shown["unet"]["rings"]] == [1, 2]


def test_a_layer_is_the_networks_mask_in_its_color(found):
    [layer] = panes(Reading(found))["unet"]["layers"]
    assert layer["color"] == list(NETWORKS["unet"].mark)
    drawn = np.zeros(PICTURE.shape, bool)
    for patch in layer["patches"]:
        x, y, width, height = patch["box"]
        drawn[y : y + height, x : x + width] |= mask_of_runs(patch["runs"], height, width)
    assert drawn.any() and np.array_equal(drawn, found.segmentations["unet"].mask)


def test_rings_of_agreement_have_the_color_of_those_that_mark_the_place(found):
    rings = panes(Reading(found))["agreement"]["rings"]
    assert [ring["color"] for ring in rings] == [list(SEVERAL_MARK), list(NETWORKS["unet"].mark)]


def test_hints_are_dotted_and_not_painted(found):
    hints = replace(found, verdict=Verdict.DOUBTFUL, painted=False)
    shown = panes(Reading(hints))
    assert not any(pane["layers"] for pane in shown.values())
    assert all(shown[key]["dotted"] for key in ("encoder_decoder", "unet", "agreement"))
    assert "2 hints" in shown["unet"]["alt"]
    assert not any(pane["dotted"] for pane in panes(Reading(found)).values())


def test_both_precisions_stand_beside_each_other(found):
    shown = panes(Reading(found, "INT8"), Reading(found, "float32"))
    assert list(shown)[1:3] == ["encoder_decoder_int8", "unet_int8"]
    assert shown["unet_float32"]["title"] == "U-Net, float32"
    assert shown["unet_int8"]["first"] and not shown["unet_float32"]["first"]


def test_a_film_that_the_gate_stopped_is_shown_alone(found):
    assert list(panes(Reading(replace(found, segmentations={})))) == ["original"]


def test_a_third_network_has_a_picture(networks):
    networks["third"] = THIRD
    more = {name: fake_predictor(name, "int8") for name in networks}
    engine = fake_engine()
    mask = {name: 0.5 for name in networks}
    engine = replace(engine, networks=more, thresholds=replace(engine.thresholds, mask=mask))
    shown = panes(Reading(predict_fracture(PICTURE, engine)))
    assert shown["third"]["layers"][0]["color"] == list(THIRD.mark)
    assert next(one["words"] for one in shown["agreement"]["legend"]) == "several networks"


def test_spacing_is_that_of_the_header(found):
    source = DicomSource(spacing=PixelSpacing(0.2, 0.1, "detector"))
    data = film_data("wrist.dcm", replace(RADIOGRAPH, source=source), [Reading(found)])
    assert data["spacing"] == {"row": 0.2, "column": 0.1}
    assert film_data("wrist.png", RADIOGRAPH, [Reading(found)])["spacing"] is None


def test_each_script_says_what_it_owns_and_is_short():
    texts = {path.name: path.read_text() for path in FOLDER.glob("*.js")}
    assert set(texts) == set(SCRIPTS)
    for name, text in texts.items():
        assert text.startswith("// "), name
        assert len(text.splitlines()) < 300, name
