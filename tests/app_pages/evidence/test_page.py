"""The Evidence page shows what the files hold, for any list of networks."""

import json
from dataclasses import replace
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

import app_pages.evidence.speed
from fracturelens.measured.beyond import NOW, write_beyond
from fracturelens.measured.layout import (
    CrossFitted,
    Estimate,
    Part,
    RegionCount,
    Subgroup,
    Tier,
    write_evaluation,
)
from fracturelens.measured.plain import plain_facts
from fracturelens.measured.words import VERDICTS
from fracturelens.networks.card import read_card, write_card
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD, html, write_cards
from tests.helpers.benchmark_report import benchmark_report
from tests.helpers.beyond import drawn_beyond
from tests.helpers.evaluations import (
    GATE_EVALUATION,
    cascade_evaluation,
    estimate,
    evaluation,
    measured,
)

PURPOSE = "What it is for, and what it cannot do"
TABS = ("Accuracy", "Beyond FracAtlas", "Worst cases", "Subgroups", "Speed")
DICE = Part({"dice_mean": estimate(0.4)})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path))
    monkeypatch.setenv("FRACATLAS", str(tmp_path / "FracAtlas"))
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", lambda: None)
    return tmp_path


@pytest.fixture
def third(monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)


@pytest.fixture
def one_segmenter(monkeypatch):
    monkeypatch.delitem(NETWORKS, "unet")


def draw(subject=None, precision=None, tab="Accuracy"):
    def script():
        from app_pages.evidence import page as evidence

        evidence.show()

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["tab"] = tab
    if subject:
        page.session_state["evidence_subject"] = subject
    if precision:
        page.session_state["precision"] = precision
    page.run()
    assert not page.exception
    return page


def headings(page):
    """Of sections, open and folded."""
    folded = [expander.label for expander in page.expander]
    return [element.value for element in (*page.header, *page.subheader)] + folded


def captions(page):
    return [element.value for element in page.caption]


def tables(page):
    """Tables of the page as lists of rows."""
    return [table.value.to_dict("records") for table in page.table]


def column(page, name):
    """A column of the first table that has it."""
    return next([row[name] for row in rows] for rows in tables(page) if name in rows[0])


def marked(page):
    """Who marks the places, of each table that tells it."""
    return [[row["Marked by"] for row in rows] for rows in tables(page) if "Marked by" in rows[0]]


def test_before_training_the_page_names_the_commands(folder):
    page = draw()
    texts = " ".join(info.value for info in page.info)
    assert "fracturelens train gate" in texts
    assert "fracturelens evaluate gate" in texts
    assert "Not for diagnosis" in html(page)


def test_card_is_readable(folder):
    write_cards(folder)
    page = draw("unet")
    assert PURPOSE in headings(page)
    assert "U-Net: 1,000 parameters; sees the whole X-ray, at 64 x 64" in " ".join(captions(page))
    assert {"How it was made", "How it is asked: input, tiles, calibration, thresholds"} <= set(
        headings(page)
    )
    rows = {row[""]: row["Value"] for rows in tables(page) for row in rows}
    assert rows["thresholds.float32.mask"] == "0.5" and rows["tiling"] == "none"


def test_the_way_to_int8_is_told_in_words(folder):
    write_cards(folder)
    story = {"int8": {"shipped": "post_training"}}
    write_card(replace(read_card("unet", folder), training=story), folder)
    rows = {row[""]: row["Value"] for rows in tables(draw("unet")) for row in rows}
    assert "post-training INT8" in rows["int8.shipped"]


def test_use_and_limits_stand_on_the_cascade_too(folder):
    write_cards(folder)
    for name in ("gate", "unet"):
        card = read_card(name, folder)
        write_card(replace(card, limits=["One data set.", name]), folder)
    page = draw("cascade")
    assert PURPOSE in headings(page)
    [limits] = [text.value for text in page.markdown if "One data set." in text.value]
    assert limits.splitlines() == ["- One data set.", "- gate", "- unet"]


def test_evaluation_is_drawn_whole(folder):
    write_cards(folder)
    fitted = CrossFitted(5, {"brier": estimate(0.1)})
    write_evaluation(replace(GATE_EVALUATION, cross_fitted=fitted), folder)
    page = draw()
    assert set(headings(page)) >= {
        "Measured on the validation X-rays",
        "Telling fractured X-rays from others",
        "Operating points",
        "The three verdicts",
        "Thresholds chosen on other folds than they are measured on",
    }
    assert len(page.get("vega_lite_chart")) == 2
    first = next(rows[0] for rows in tables(page) if "Best trivial answer" in rows[0])
    assert first["Figure"] == "Area under the ROC curve"
    assert first["Best trivial answer"] == "0.500, Always no fracture"
    said = " ".join(captions(page))
    assert "are optimistic" in said and "5-fold cross-fitting" in said


def test_the_page_opens_with_five_plain_answers(folder):
    write_cards(folder)
    tiers = {"fracture": Tier(12, 10), "doubtful": Tier(20, 5), "no_fracture": Tier(70, 5)}
    groups = [
        Subgroup("view", "oblique", 60, 9, {"auroc": estimate(0.7)}),
        Subgroup("body_part", "hand", 60, 9, {"auroc": estimate(0.8)}),
        Subgroup("body_part", "hip", 60, 4, {"auroc": estimate(0.1)}),
    ]
    part = replace(GATE_EVALUATION.part, subgroups=groups)
    write_evaluation(replace(GATE_EVALUATION, tiers=tiers, part=part), folder)
    card = read_card("gate", folder)
    parity = {
        "split": "val", "images": 100, "verdict_flips": 4, "auroc_int8": 0.91,
        "auroc_float32": 0.92, "mean_probability_difference": 0.01,
        "largest_probability_difference": 0.2,
    }  # fmt: skip
    write_card(replace(card, metrics={"int8_parity": parity}), folder)
    beyond = drawn_beyond()
    write_beyond(beyond, NOW, folder)
    answers = [fact.text for fact in plain_facts(folder)]
    missed, alarms, weakest, elsewhere, int8 = answers
    none, unclear, broken = VERDICTS["no_fracture"], VERDICTS["doubtful"], VERDICTS["fracture"]
    assert missed == f"Of 20 fractured X-rays, 5 got “{none}” (1 in 4), and 5 “{unclear}”."
    assert alarms.startswith(f"Of 82 X-rays without a fracture, 2 were called “{broken}” (1 in 41)")
    assert "On oblique views: " in weakest and "0.70 there" in weakest and "9 of them" in weakest
    assert f"Of {beyond.kinds['limb'].pictures:,} limb films from elsewhere, " in elsewhere
    assert f"{beyond.legs.whole['fracture'].value:.0%} of the others “{broken}”." in elsewhere
    assert "4 of 100 verdicts differ" in int8 and "0.910, in float32 0.920" in int8
    assert all(answer in unescape(html(draw())) for answer in answers)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_says_what_is_missing(folder, tab):
    assert len(plain_facts(folder)) == 5
    assert all("Not measured yet" in fact.text for fact in plain_facts(folder))
    page = draw(tab=tab)
    assert any("fracturelens " in info.value for info in page.info)


def test_only_the_open_tab_is_drawn(folder):
    write_cards(folder)
    write_evaluation(GATE_EVALUATION, folder)
    page = draw(tab="Subgroups")
    assert [rows[0]["Subgroup"] for rows in tables(page)] == [
        "view: frontal (90 X-rays, 20 fractured)"
    ]
    assert not page.get("vega_lite_chart")


def test_the_audit_is_told_in_words(folder):
    write_evaluation(GATE_EVALUATION, folder)
    assert column(draw(), "Left out because") == ["Damaged: the file ends too early"]


def test_undefined_figures_are_no_bullets(folder):
    write_evaluation(evaluation("gate", part=Part({"auroc": Estimate(None)})), folder)
    assert column(draw(), "Value (95 % interval)") == [r"\-"]


def test_prevalence_slider_gives_predictive_values(folder):
    write_evaluation(GATE_EVALUATION, folder)
    page = draw()
    page.slider(key="prevalence").set_value(0.5).run()
    [points] = [rows for rows in tables(page) if "Doubtful or more" in rows[0]]
    values = {row["Figure"]: row["Doubtful or more"] for row in points}
    assert values["PPV where 50% are fractured"] == "0.818"
    assert values["NPV where 50% are fractured"] == "0.889"


def test_absent_sections_show_nothing(folder):
    bare = evaluation("unet", "test", chosen_here=False)
    write_evaluation(replace(bare, data=replace(bare.data, excluded={})), folder)
    page = draw("unet")
    assert "Measured on the test X-rays" in headings(page)
    assert len(page.dataframe) == len(page.table) == 0
    assert len(page.get("vega_lite_chart")) == 0


def test_cascade_shows_each_network(folder):
    write_evaluation(cascade_evaluation(behind_gate={"unet": DICE}), folder)
    page = draw("cascade")
    assert "Gate, then U-Net" in headings(page)
    assert marked(page) == [["Encoder-decoder only", "U-Net only", "Both networks"]] * 2
    assert any("counts several times" in caption for caption in captions(page))


def test_a_third_network_has_its_place_everywhere(folder, third):
    write_cards(folder)
    parts = dict.fromkeys(("encoder_decoder", "unet", "third"), DICE)
    write_evaluation(cascade_evaluation(behind_gate=parts), folder)
    write_evaluation(evaluation("third", part=DICE), folder)
    page = draw("cascade")
    assert "Gate, then Third" in headings(page)
    assert {"Third only", "All networks"} <= set(marked(page)[0])
    alone = draw("third")
    assert "Third" in alone.segmented_control(key="evidence_subject").options
    assert "Overlap with the annotation" in headings(alone)


def test_a_third_network_that_was_not_timed_says_so(folder, third, monkeypatch):
    write_cards(folder)
    monkeypatch.setattr(app_pages.evidence.speed, "read_benchmark", benchmark_report)
    assert any("fracturelens benchmark" in info.value for info in draw("third", tab="Speed").info)


def test_one_segmenter_is_enough(folder, one_segmenter):
    write_cards(folder)
    write_evaluation(cascade_evaluation(behind_gate={"encoder_decoder": DICE}), folder)
    page = draw("cascade")
    assert "Gate, then Encoder-decoder" in headings(page)
    assert len(page.segmented_control(key="evidence_subject").options) == 3
    assert len(marked(page)[0]) == 1


def test_a_network_that_was_taken_out_is_left_out(folder, monkeypatch):
    write_cards(folder)
    write_evaluation(
        cascade_evaluation(behind_gate={"unet": DICE, "encoder_decoder": DICE}), folder
    )
    monkeypatch.delitem(NETWORKS, "unet")
    page = draw("cascade")
    assert [title for title in headings(page) if "Gate, then" in title] == [
        "Gate, then Encoder-decoder"
    ]
    assert len(marked(page)[0]) == 1


@pytest.mark.parametrize("subject", ["gate", "unet", "cascade"])
def test_without_the_gates_card_the_rest_is_shown(folder, subject):
    write_cards(folder)
    (folder / "gate" / "card.json").unlink()
    write_evaluation(evaluation("unet", part=DICE), folder)
    write_evaluation(cascade_evaluation(behind_gate={"unet": DICE}), folder)
    page = draw(subject)
    named = any("fracturelens train gate" in info.value for info in page.info)
    assert named == (subject != "unet")
    assert (PURPOSE in headings(page)) == (subject != "gate")


def test_split_and_precision_are_chosen_where_there_are_several(folder):
    write_evaluation(GATE_EVALUATION, folder)
    write_evaluation(measured("gate", "test", auroc=0.9), folder)
    write_evaluation(replace(measured("gate", auroc=0.8), precision="int8"), folder)
    page = draw()
    assert "Measured on the test X-rays" in headings(page)
    page.segmented_control(key="evidence_split").set_value("val").run()
    page.segmented_control(key="evidence_precision").set_value("int8").run()
    assert column(page, "Value (95 % interval)") == ["0.800 (0.770 to 0.830)"]


def test_the_precision_of_the_dashboard_comes_first(folder):
    for precision, value in (("float32", 0.9), ("int8", 0.8)):
        write_evaluation(replace(measured("gate", auroc=value), precision=precision), folder)
    assert column(draw(precision="float32"), "Value (95 % interval)")[0].startswith("0.900")
    page = draw(precision="int8")
    assert column(page, "Value (95 % interval)")[0].startswith("0.800")
    assert page.segmented_control(key="evidence_precision").value == "int8"


def test_damaged_card_is_named(folder):
    (folder / "gate").mkdir()
    (folder / "gate" / "card.json").write_text(json.dumps({"name": "gate"}))
    assert any("is no complete card" in info.value for info in draw().info)


def test_agreement_of_a_kind_that_never_came_up_is_a_dash(folder):
    none = [RegionCount(["unet"], 0, 0, Estimate(None))]
    write_evaluation(cascade_evaluation(agreement={"fracture": none}), folder)
    assert column(draw("cascade"), "Share (95 % interval)") == [r"\-"]
