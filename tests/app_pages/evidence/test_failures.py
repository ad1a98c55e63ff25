"""Worst cases: told in words always, shown on FracAtlas or else on our samples."""

import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.failures
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.xray.samples import read_samples
from important_variables import NETWORKS, SAMPLES
from tests.helpers.app_helpers import GATE_EVALUATION, fake_predictor, write_cards
from tests.helpers.small_fracatlas import FRACTURED, write_small_fracatlas

CASE = {"image_id": FRACTURED[0], "dice": 0.0, "found": 0, "lesions": 1, "verdict": "fracture"}
SEGMENTER = {"worst": {"false_negatives": [CASE]}}
KINDS = {
    "network_sha256": "abc",
    "false_negatives": {"looked_at": 40, "kinds": {"under plaster": 5}},
    "false_positives": {"looked_at": 40, "kinds": {}},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    networks = {name: fake_predictor(name) for name in NETWORKS}
    monkeypatch.setattr(app_pages.evidence.failures, "load_networks", lambda _: (networks, {}))
    monkeypatch.setattr(app_pages.evidence.failures, "SAVED_MODELS", tmp_path)
    monkeypatch.setenv("FRACATLAS", str(tmp_path / "FracAtlas"))
    write_cards(tmp_path, doubtful=0.05, fracture=0.1)
    return tmp_path


def draw(subject, content, folder, pictures=False):
    def script(subject, content, folder):
        from app_pages.evidence.failures import show_failures

        show_failures(subject, content, folder)

    page = AppTest.from_function(script, args=(subject, content, folder), default_timeout=60)
    page.session_state["show_failures"] = pictures
    page.run()
    assert not page.exception
    return page


def captions(page):
    return " ".join(element.value for element in page.caption)


def test_verdicts_of_the_worst_cases_are_counted(folder):
    page = draw("gate", GATE_EVALUATION, folder)
    [words] = [text.value for text in page.markdown if "Lowest-scored" in text.value]
    assert words.endswith("1 X-rays: called “no fracture seen” 1.")
    assert len(page.get("image")) == 0


def test_nothing_is_said_where_no_case_is_known(folder):
    assert len(draw("gate", {"metrics": {}}, folder).header) == 0


def test_kinds_are_shown_for_the_network_that_was_looked_at(folder):
    write_card(ModelCard("gate", "Gate", 1, {}, files={"model.keras": "abc"}), folder)
    (folder / "gate" / "failures.json").write_text(json.dumps(KINDS))
    [table] = draw("gate", GATE_EVALUATION, folder).table
    assert table.value["Kind"].tolist() == ["under plaster"]


@pytest.mark.parametrize(
    ("subject", "content"),
    [
        ("gate", GATE_EVALUATION),
        ("unet", SEGMENTER),
        ("cascade", {"networks": {"unet": SEGMENTER}}),
    ],
)
def test_xrays_are_shown_where_fracatlas_is(folder, subject, content):
    write_small_fracatlas(folder / "FracAtlas")
    page = draw(subject, content, folder, pictures=True)
    assert len(page.get("image")) == 1
    assert "IMG0000019: " in captions(page)


def test_an_xray_that_is_missing_is_named(folder):
    write_small_fracatlas(folder / "FracAtlas")
    worst = {"false_negatives": [CASE | {"image_id": "../../gone.jpg"}]}
    page = draw("unet", {"worst": worst}, folder, pictures=True)
    assert "not in this copy of FracAtlas" in captions(page)


@pytest.mark.parametrize("subject", ["gate", "unet", "cascade"])
def test_without_fracatlas_the_samples_are_shown(folder, subject):
    content = SEGMENTER if subject == "unet" else GATE_EVALUATION
    page = draw(subject, content, folder, pictures=True)
    assert len(page.get("image")) == len(read_samples(SAMPLES)) > 0
    said = captions(page)
    assert "FRACATLAS" in said and "synthetic" in said
    assert ("U-Net: fracture" in said) == (subject != "gate")
    assert ("Called “" in said) == (subject != "unet")


def test_a_missing_int8_file_is_named(folder, monkeypatch):
    problems = {"unet": "The file is missing. Run quantize."}
    monkeypatch.setattr(app_pages.evidence.failures, "load_networks", lambda _: ({}, problems))
    page = draw("gate", GATE_EVALUATION, folder, pictures=True)
    assert "Run quantize" in page.warning[0].value
    assert len(page.get("image")) == 0
