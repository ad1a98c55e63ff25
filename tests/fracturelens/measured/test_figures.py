"""Figures as text, and those that introduce a network."""

import math

import pytest

from fracturelens.measured.figures import (
    headline_figures,
    interval,
    most_telling,
    number,
    predictive_values,
    splits_of,
    with_count,
    with_interval,
)
from fracturelens.measured.layout import Estimate, write_evaluation
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference
from important_variables import NETWORKS
from tests.helpers.app_helpers import THIRD
from tests.helpers.evaluations import GATE_EVALUATION, estimate, measured

CARD = ModelCard("gate", "Gate", 1, gate_inference(64))


def test_headlines_prefer_the_test_split(tmp_path):
    assert headline_figures(CARD, tmp_path) == []
    write_evaluation(GATE_EVALUATION, tmp_path)
    figure, other = headline_figures(CARD, tmp_path)
    assert (figure.label, figure.text, figure.interval) == ("AUROC", "0.930", "0.900 to 0.960")
    assert figure.note == "On the validation X-rays, n = 517"
    assert other.label == "Average precision"
    write_evaluation(measured("gate", "test", auroc=0.91), tmp_path)
    assert [figure.text for figure in headline_figures(CARD, tmp_path)] == ["0.910"]
    assert splits_of("gate", tmp_path) == ["test", "val"]
    assert most_telling("gate", tmp_path).split == "test"
    assert most_telling("gate", tmp_path, "int8") is None


def test_headlines_are_those_of_the_spec(tmp_path, monkeypatch):
    monkeypatch.setitem(NETWORKS, "third", THIRD)
    write_evaluation(measured("third", iou_mean=0.3, dice_mean=0.4), tmp_path)
    card = ModelCard("third", "Third", 1, CARD.inference)
    [figure] = headline_figures(card, tmp_path)
    assert (figure.label, figure.text) == ("Dice, fractured X-rays", "0.400")


def test_numbers_for_people():
    assert number(estimate(0.12345)) == "0.123"
    assert number(Estimate(None)) == number(None) == number(math.nan) == "-"
    assert number(12345) == "12,345"
    assert interval(Estimate(1.0)) == interval(None) == ""
    assert with_interval(estimate(0.5), 2) == "0.500 (0.47 to 0.53)"


def test_an_estimate_without_an_interval_is_its_value_alone():
    assert with_interval(Estimate(0.5)) == "0.500"
    assert with_interval(None) == "-"
    assert with_count(Estimate(0.5, n=9)) == "0.500, n = 9"
    assert with_count(Estimate(None)) == "undefined"


def test_predictive_values_by_bayes():
    ppv, npv = predictive_values(0.9, 0.8, 0.5)
    assert ppv == pytest.approx(0.9 / 1.1)
    assert npv == pytest.approx(0.8 / 0.9)
    assert math.isnan(predictive_values(0, 1, 0.5)[0])
