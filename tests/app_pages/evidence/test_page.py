import json

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.page
import app_pages.evidence.speed
from fracturelens.networks.card import ModelCard, write_card
from tests.helpers.app_helpers import GATE_EVALUATION, html, write_cards, write_evaluation


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(app_pages.evidence.page, "SAVED_MODELS", tmp_path)
    monkeypatch.setenv("FRACATLAS", str(tmp_path / "FracAtlas"))
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", lambda: None)
    return tmp_path


def draw(subject=None, precision=None):
    def script():
        from app_pages.evidence import page as evidence

        evidence.show()

    page = AppTest.from_function(script, default_timeout=60)
    if subject:
        page.session_state["evidence_subject"] = subject
    if precision:
        page.session_state["precision"] = precision
    page.run()
    assert not page.exception
    return page


def headings(page):
    return [element.value for element in (*page.header, *page.subheader)]


def captions(page):
    return [element.value for element in page.caption]


def tables(page):
    """Tables of the page as lists of rows."""
    return [table.value.to_dict("records") for table in page.table]


def column(page, name):
    """A column of the first table that has it."""
    return next([row[name] for row in rows] for rows in tables(page) if name in rows[0])


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
    assert "U-Net: 2,000 parameters" in " ".join(captions(page)).replace("unet", "U-Net")
    assert "NHWC" not in " ".join(captions(page))
    assert {expander.label for expander in page.expander} >= {"Settings"}


def test_use_and_limits_stand_on_the_cascade_too(folder):
    for name in ("gate", "unet"):
        write_card(ModelCard(name, name, 1, {}, limits=["One data set.", name]), folder)
    page = draw("cascade")
    assert "What it cannot do" in headings(page)
    [limits] = [text.value for text in page.markdown if "One data set." in text.value]
    assert limits.splitlines() == ["- One data set.", "- gate", "- unet"]


def test_evaluation_is_drawn_whole(folder):
    write_cards(folder)
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    assert set(headings(page)) >= {
        "Measured on the validation X-rays",
        "Telling fractured X-rays from others",
        "Operating points",
        "The three verdicts",
        "Subgroups",
    }
    assert len(page.get("vega_lite_chart")) == 2
    first = tables(page)[1][0]
    assert first["Figure"] == "Area under the ROC curve"
    assert first["Best trivial answer"] == "0.500, Always negative"


def test_the_audit_is_told_in_words(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    assert column(page, "Left out because") == ["Damaged: the file ends too early"]


def test_undefined_figures_are_no_bullets(folder):
    write_evaluation(folder, "gate", "val", {"metrics": {"auroc": {"value": None}}})
    assert column(draw(), "Value (95 % interval)") == [r"\-"]


def test_prevalence_slider_gives_predictive_values(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    page = draw()
    page.slider(key="prevalence").set_value(0.5).run()
    [points] = [rows for rows in tables(page) if "Doubtful or more" in rows[0]]
    values = {row["Figure"]: row["Doubtful or more"] for row in points}
    assert values["PPV where 50% are fractured"] == "0.818"
    assert values["NPV where 50% are fractured"] == "0.889"


def test_absent_sections_show_nothing(folder):
    write_evaluation(folder, "unet", "test", {"metrics": {}})
    page = draw("unet")
    assert "Measured on the test X-rays" in headings(page)
    assert len(page.dataframe) == len(page.table) == 0
    assert len(page.get("vega_lite_chart")) == 0


def test_cascade_shows_each_network(folder):
    part = {"metrics": {"dice_mean": {"value": 0.4, "low": 0.3, "high": 0.5, "n": 9}}}
    agreed = {"regions": 9, "true": 6, "precision": {"value": 2 / 3}}
    content = {"networks": {"unet": part}, "agreement": {"agreed": agreed}}
    content["agreement_doubtful"] = {"lone_unet": agreed | {"true": 0}}
    write_evaluation(folder, "cascade", "val", content)
    page = draw("cascade")
    assert "Gate, then U-Net" in headings(page)
    regions = [[row["Region"] for row in rows] for rows in tables(page) if "Region" in rows[0]]
    assert regions == [["Both networks mark it"], ["Only the U-Net"]]
    assert any("counts twice" in caption for caption in captions(page))


def test_split_and_precision_are_chosen_where_there_are_several(folder):
    write_evaluation(folder, "gate", "val", GATE_EVALUATION)
    write_evaluation(folder, "gate", "test", {"metrics": {"auroc": 0.9}})
    write_evaluation(folder, "gate", "val_int8", {"metrics": {"auroc": 0.8}})
    page = draw()
    assert "Measured on the test X-rays" in headings(page)
    page.segmented_control(key="evidence_split").set_value("val").run()
    page.segmented_control(key="evidence_precision").set_value("int8").run()
    assert column(page, "Value (95 % interval)") == ["0.800"]


def test_the_precision_of_the_dashboard_comes_first(folder):
    for ending, value in (("val", 0.9), ("val_int8", 0.8)):
        write_evaluation(folder, "gate", ending, {"metrics": {"auroc": value}})
    assert column(draw(precision="float32"), "Value (95 % interval)") == ["0.900"]
    page = draw(precision="int8")
    assert column(page, "Value (95 % interval)") == ["0.800"]
    assert page.segmented_control(key="evidence_precision").value == "int8"


def test_damaged_card_is_named(folder):
    (folder / "gate").mkdir()
    (folder / "gate" / "card.json").write_text(json.dumps({"name": "gate"}))
    assert "lacks fields" in draw().info[0].value
