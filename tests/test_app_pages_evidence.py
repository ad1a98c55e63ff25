import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence
import app_pages.evidence_failures
import app_pages.evidence_speed
from model_card import ModelCard, write_card
from tests.app_helpers import GATE_EVALUATION, html, write_cards, write_evaluation, xray_png

FAILURES = {
    "network_sha256": "abc",
    "false_negatives": {"looked_at": 40, "kinds": {"under plaster": 5}},
    "false_positives": {"looked_at": 40, "kinds": {}},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(app_pages.evidence, "SAVED_MODELS", tmp_path)
    monkeypatch.setenv("FRACATLAS", str(tmp_path / "FracAtlas"))
    monkeypatch.setattr(app_pages.evidence_speed, "read_benchmark", lambda: None)
    return tmp_path


def draw(subject=None):
    def script():
        from app_pages import evidence

        evidence.show()

    page = AppTest.from_function(script, default_timeout=60)
    if subject:
        page.session_state["evidence_subject"] = subject
    page.run()
    assert not page.exception
    return page


def headings(page):
    return [element.value for element in (*page.header, *page.subheader)]


def captions(page):
    return [element.value for element in page.caption]


def test_before_training_the_page_names_the_commands(folder):
    page = draw()
    texts = " ".join(info.value for info in page.info)
    assert "command_line.py train gate" in texts
    assert "command_line.py evaluate gate" in texts
    assert "Not for diagnosis" in html(page)


def test_card_is_readable(folder):
    write_cards(folder)
    page = draw("unet")
    assert "What it is for" in headings(page)
    assert any("2,000 parameters" in caption.value for caption in page.caption)
    assert {expander.label for expander in page.expander} >= {"Settings"}


def test_evaluation_is_drawn_whole(folder):
    write_cards(folder)
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    assert set(headings(page)) >= {
        "Measured on the validation X-rays",
        "Operating points",
        "The three verdicts",
        "Subgroups",
        "Trivial answers",
    }
    assert len(page.get("vega_lite_chart")) == 2
    assert page.dataframe[0].value["Figure"].tolist()[0] == "Area under the ROC curve"


def test_prevalence_slider_gives_predictive_values(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    page.slider(key="prevalence").set_value(0.5).run()
    points = page.dataframe[1].value
    assert points["PPV at 50%"].tolist() == ["0.818"]
    assert points["NPV at 50%"].tolist() == ["0.889"]


def test_absent_sections_show_nothing(folder):
    write_evaluation(folder, "unet", "test", {"metrics": {}})
    page = draw("unet")
    assert "Measured on the test X-rays" in headings(page)
    assert len(page.dataframe) == 0
    assert len(page.get("vega_lite_chart")) == 0


def test_cascade_shows_each_network(folder):
    part = {"metrics": {"dice_mean": {"value": 0.4, "low": 0.3, "high": 0.5, "n": 9}}}
    agreed = {"regions": 9, "true": 6, "precision": {"value": 2 / 3}}
    content = {"networks": {"unet": part}, "agreement": {"agreed": agreed}}
    content["agreement_doubtful"] = {"lone_unet": agreed | {"true": 0}}
    write_evaluation(folder, "cascade", "val", content)
    page = draw("cascade")
    assert "U-Net" in headings(page)
    assert page.dataframe[0].value["Region"].tolist() == ["Both networks mark it"]
    assert page.dataframe[1].value["Region"].tolist() == ["Only the U-Net"]


def test_split_and_precision_are_chosen_where_there_are_several(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    write_evaluation(folder, "gate", "test", {"metrics": {"auroc": 0.9}})
    write_evaluation(folder, "gate", "val_int8", {"metrics": {"auroc": 0.8}})
    page = draw()
    assert "Measured on the test X-rays" in headings(page)
    page.segmented_control(key="evidence_split").set_value("val").run()
    page.segmented_control(key="evidence_precision").set_value("int8").run()
    assert page.dataframe[0].value["Value"].tolist() == ["0.800"]


def test_failures_are_shown_only_where_the_pictures_are(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    assert "The worst cases" not in headings(draw())
    pictures = folder / "FracAtlas" / "images" / "Fractured"
    pictures.mkdir(parents=True)
    (pictures / "IMG0000019.jpg").write_bytes(xray_png(90))
    page = draw()
    assert "The worst cases" in headings(page)
    page.toggle(key="show_failures").set_value(True).run()
    assert not page.exception
    assert "IMG0000019.jpg: probability 0.012" in captions(page)


def test_kinds_of_failures_are_shown_without_the_pictures(folder):
    write_card(ModelCard("gate", "Gate", 1, {}, files={"model.keras": "abc"}), folder)
    write_evaluation(folder, "gate", "val", GATE_EVALUATION | {"name": "gate"})
    (folder / "gate" / "failures.json").write_text(json.dumps(FAILURES))
    page = draw()
    assert "The worst cases" in headings(page)
    assert ["under plaster"] in [
        table.value["Kind"].tolist() for table in page.dataframe if "Kind" in table.value
    ]


def test_missing_failure_is_named(folder):
    worst = {"false_negatives": [{"image_id": "../../gone.jpg"}]}
    write_evaluation(folder, "gate", "val", {"worst": worst})
    (folder / "FracAtlas" / "images").mkdir(parents=True)
    page = draw()
    page.toggle(key="show_failures").set_value(True).run()
    assert "not in this copy of FracAtlas" in " ".join(captions(page))


def test_damaged_card_is_named(folder):
    (folder / "gate").mkdir()
    (folder / "gate" / "card.json").write_text(json.dumps({"name": "gate"}))
    assert "lacks fields" in draw().info[0].value
