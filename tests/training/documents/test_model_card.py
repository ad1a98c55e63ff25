"""The model card is short and whole; every figure in it comes from the files."""

from dataclasses import replace

from fracturelens.measured.layout import Estimate, write_evaluation
from fracturelens.networks.card import read_cards, write_card
from fracturelens.screening.outcome import Outcome, Screening
from important_variables import DISCLAIMER, NETWORKS
from tests.helpers.app_helpers import fake_screening
from tests.helpers.evaluations import estimate, evaluation
from tests.helpers.small_evaluations import GATE_CARD, GATE_EVALUATION, GATE_PART
from training.documents.model_card import documents, model_card
from training.screening.measure import rates


def card(folder):
    return model_card(folder, read_cards(NETWORKS, folder))


def test_figures_come_from_the_files(folder):
    text = card(folder)
    assert DISCLAIMER in text and "3,000,000" in text and "- One data set." in text
    assert "| Gate | Area under the ROC curve | 0.877 (0.800 to 0.950) | - | 0.590," in text
    assert "95% bootstrap intervals, 2,000 draws, seed 1, over groups" in text


def test_thresholds_of_both_precisions_are_told(folder):
    chosen = {
        "float32": {"doubtful": 0.25, "fracture": 0.75},
        "int8": {"doubtful": 0.2, "fracture": 0.7},
    }
    inference = replace(GATE_CARD.inference, thresholds=chosen)
    write_card(replace(GATE_CARD, inference=inference), folder)
    assert "| Gate | float32 | doubtful from 0.25, fracture from 0.75 |" in card(folder)
    assert "| Gate | INT8 | doubtful from 0.2, fracture from 0.7 |" in card(folder)


def test_both_documents_go_stale_with_the_figures(folder):
    before = documents(folder, folder)
    part = replace(GATE_PART, metrics={"auroc": Estimate(0.5)})
    write_evaluation(replace(GATE_EVALUATION, part=part), folder)
    after = documents(folder, folder)
    assert [path.name for path in before if before[path] != after[path]] == [
        "MODEL_CARD.md",
        "results.md",
    ]


def test_what_is_refused_is_stated_for_each_source(folder):
    rate = rates([Screening(Outcome.ACCEPT)] * 9 + [Screening(Outcome.REFUSE, "chest")])
    metrics = {"val": rate, "external": {"group": {"limb": rate}}}
    network = fake_screening("limb")
    write_card(replace(network.card, metrics=metrics), folder)
    assert "| FracAtlas, validation | 10 | 10.0% (1.8 to 40.4) | 0.0%" in card(folder)
    assert "| Other sources: limb | 10 | 10.0%" in card(folder)


def test_every_heading_of_the_guidelines_is_there(folder):
    headings = [line[3:] for line in card(folder).splitlines() if line.startswith("## ")]
    assert {
        "Version, maintenance and contact",
        "Intended use",
        "Ethics and funding",
        "Bias and fairness",
        "Limits and risks",
        "Security and privacy",
    } <= set(headings)


def test_nothing_trained_gives_a_card_that_says_so(tmp_path):
    text = card(tmp_path)
    assert "No network is trained yet." in text
    assert "No network has been evaluated yet." in text


def test_the_card_tells_how_steady_the_gate_is(tmp_path):
    steady = {"jpeg_75": {"verdicts_changed": estimate(0.04), "probability_moved": estimate(0.06)}}
    measured = replace(evaluation("gate"), precision="int8", steadiness=steady)
    write_evaluation(measured, tmp_path)
    text = model_card(tmp_path, [])
    assert "## Steadiness" in text
    assert "| Saved as JPEG, quality 75 | 0.040 (0.010 to 0.070) | 0.060 |" in text
    write_evaluation(replace(measured, steadiness={}), tmp_path)
    assert "## Steadiness" not in model_card(tmp_path, [])
