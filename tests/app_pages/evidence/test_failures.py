"""Worst cases: told in words always, shown on FracAtlas or else on our samples."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.failures
from fracturelens.measured.layout import Part, Worst, WorstCase
from fracturelens.networks.card import read_card, write_card
from fracturelens.results import Thresholds
from fracturelens.xray.samples import read_samples
from important_variables import NETWORKS, SAMPLES, segmenters
from tests.helpers.app_helpers import THIRD, fake_engine, html, write_cards
from tests.helpers.evaluations import GATE_EVALUATION, cascade_evaluation, evaluation
from tests.helpers.small_fracatlas import FRACTURED, write_small_fracatlas

CASE = WorstCase(FRACTURED[0], dice=0.0, found=0, lesions=1, verdict="fracture")
PART = Part({}, worst=Worst([CASE]))
UNET = evaluation("unet", part=PART)
CASCADE = cascade_evaluation(behind_gate={"unet": PART})
KINDS = {
    "network_sha256": "abc",
    "false_negatives": {"looked_at": 40, "kinds": [{"kind": "under plaster", "pictures": 5}]},
    "false_positives": {"looked_at": 40, "kinds": []},
}


def use(monkeypatch, **problems):
    """Stand-ins for all networks but those with problems; everything is a fracture."""
    engine = fake_engine(Thresholds(0.05, 0.1, dict.fromkeys(segmenters(), 0.5)))
    networks = {name: one for name, one in engine.networks.items() if name not in problems}
    loaded = replace(engine, networks=networks) if "gate" in networks else None
    monkeypatch.setattr(app_pages.evidence.failures, "load_engine", lambda _: (loaded, problems))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    use(monkeypatch)
    monkeypatch.setenv("FRACATLAS", str(tmp_path / "FracAtlas"))
    return tmp_path


def draw(content, folder, pictures=False):
    def script(content, folder):
        from app_pages.evidence.failures import show_failures

        show_failures(content, folder)

    page = AppTest.from_function(script, args=(content, folder), default_timeout=60)
    page.session_state["show_failures"] = pictures
    page.run()
    assert not page.exception
    return page


def captions(page):
    return " ".join(element.value for element in page.caption)


def test_verdicts_of_the_worst_cases_are_counted(folder):
    page = draw(GATE_EVALUATION, folder)
    [words] = [text.value for text in page.markdown if "Lowest-scored" in text.value]
    assert words.endswith("1 X-rays: called “no fracture found” 1.")
    assert len(page.get("image")) == 0


def test_nothing_is_said_where_no_case_is_known(folder):
    assert len(draw(evaluation("gate"), folder).header) == 0


def test_kinds_are_shown_for_the_network_that_was_looked_at(folder):
    write_cards(folder)
    write_card(replace(read_card("gate", folder), files={"model.keras": "abc"}), folder)
    (folder / "gate" / "failures.json").write_text(json.dumps(KINDS))
    [table] = draw(GATE_EVALUATION, folder).table
    assert table.value["Kind"].tolist() == ["under plaster"]


@pytest.mark.parametrize("content", [GATE_EVALUATION, UNET, CASCADE], ids=lambda one: one.name)
def test_xrays_are_shown_where_fracatlas_is(folder, content):
    write_small_fracatlas(folder / "FracAtlas")
    page = draw(content, folder, pictures=True)
    assert len(page.get("image")) == 1
    assert "IMG0000019: " in captions(page)


def test_a_third_network_is_shown_in_its_color(folder, monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    use(monkeypatch)
    write_small_fracatlas(folder / "FracAtlas")
    parts = {"unet": PART, "third": PART}
    page = draw(cascade_evaluation(behind_gate=parts), folder, pictures=True)
    assert len(page.get("image")) == 2
    for spec in (THIRD, NETWORKS["unet"]):
        assert f"rgb{spec.mark}" in html(page) and f"painted by {spec.title}" in html(page)
    assert "Encoder-decoder" not in html(page), "it has no worst case"


def test_an_xray_that_is_missing_is_named(folder):
    write_small_fracatlas(folder / "FracAtlas")
    gone = Part({}, worst=Worst([replace(CASE, image_id="../../gone.jpg")]))
    page = draw(evaluation("unet", part=gone), folder, pictures=True)
    assert "not in this copy of FracAtlas" in captions(page)


@pytest.mark.parametrize("content", [GATE_EVALUATION, UNET, CASCADE], ids=lambda one: one.name)
def test_without_fracatlas_the_samples_are_shown(folder, content):
    page = draw(content, folder, pictures=True)
    assert len(page.get("image")) == len(read_samples(SAMPLES)) > 0
    said = captions(page)
    assert "FRACATLAS" in said and "synthetic" in said
    assert ("U-Net: fracture" in said) == (content.name != "gate")
    assert ("Called “" in said) == (content.name != "unet")


@pytest.mark.parametrize(
    ("missing", "content", "shown"),
    [
        ("unet", UNET, 0),
        ("gate", UNET, 0),
        ("encoder_decoder", UNET, 1),
        ("unet", GATE_EVALUATION, 1),
    ],
)
def test_a_missing_int8_file_is_named_where_it_is_needed(
    folder, monkeypatch, missing, content, shown
):
    write_small_fracatlas(folder / "FracAtlas")
    use(monkeypatch, **{missing: "The file is missing. Run quantize."})
    page = draw(content, folder, pictures=True)
    assert len(page.get("image")) == shown
    assert [("Run quantize" in warning.value) for warning in page.warning] == [True] * (1 - shown)
