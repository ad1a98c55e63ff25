"""What is measured is what the user gets, of every network and of the cascade."""

from dataclasses import asdict, replace

import msgspec
import numpy as np
import pytest

import command_line
from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.layout import Estimate, read_evaluation, write_evaluation
from fracturelens.measured.words import BASELINES, LABELS
from fracturelens.networks.tiling import Mode
from fracturelens.results import Verdict
from important_variables import GATE, segmenters
from prediction import Engine, predict_fracture, thresholds_of
from tests.training.evaluate.conftest import GATE_THRESHOLDS
from training.data.dataset import FracAtlasError, lesion_mask, load_image
from training.evaluate.calibration import UncalibratedError
from training.evaluate.evaluation import evaluate, summary

NAMES = (GATE, *segmenters())


def values(metrics):
    return {key: figure.value for key, figure in metrics.items()}


def metrics_within(node):
    """Every mapping of metric key to estimate within an evaluation as plain data."""
    if isinstance(node, dict):
        if "metrics" in node:
            yield node["metrics"]
        for value in node.values():
            yield from metrics_within(value)
    elif isinstance(node, list):
        for value in node:
            yield from metrics_within(value)


def test_gate(measure):
    found = measure("gate")
    assert found.data.images == 24 and found.data.fractured == 8
    point = found.operating_points["fracture"]
    assert (point.tp, point.fp, point.fn, point.tn) == (7, 0, 1, 16)
    assert point.metrics["sensitivity"].value == pytest.approx(7 / 8)
    assert found.tiers["fracture"].images == found.tiers["fracture"].fractured == 7
    assert found.part.worst.false_negatives[0].image_id == "IMG0000027.png"
    assert {rival.key for rival in found.part.baselines} == {
        "always_negative",
        "size_and_format",
        "body_part_and_view",
    }
    hands = next(group for group in found.part.subgroups if group.value == "hand")
    assert (hands.by, hands.n, hands.fractured) == ("body_part", 12, 4)
    assert found.chosen_here and found.cross_fitted.folds == 5
    assert found.models == {"gate": "g" * 64}


def test_worst_cases_of_the_gate_carry_their_verdicts(measure):
    found = measure("gate")
    fractures, others = found.part.worst.false_negatives, found.part.worst.false_positives
    assert [case.verdict for case in fractures] == ["no_fracture"] + ["fracture"] * 7
    for verdict in Verdict:
        seen = sum(case.verdict == verdict for case in (*fractures, *others))
        assert seen == found.tiers[verdict].images, "all 24 pictures are among the worst"


def test_worst_cases_behind_the_gate_carry_its_verdicts(measure):
    worst = measure(*NAMES).behind_gate["unet"].worst.false_negatives
    verdicts = {case.image_id: case.verdict for case in worst}
    assert verdicts.pop("IMG0000027.png") == "no_fracture"
    assert set(verdicts.values()) == {"fracture"}


def test_another_mode_comes_with_what_it_costs(measure):
    assert measure("unet").mode_cost is None
    cost = measure("unet", mode=Mode.FLIPS).mode_cost
    assert cost.images == 20 and cost.usual_ms > 0 and cost.mode_ms > 0


def test_segmenter(measure):
    found = measure("unet")
    figures = values(found.part.metrics)
    assert figures["lesion_recall_50"] == pytest.approx(7 / 8)
    assert 0.6 < figures["dice_mean"] < 7 / 8
    assert figures["dice_median"] > figures["dice_mean"]
    assert figures["dice_empty_one"] == pytest.approx((16 + 8 * figures["dice_mean"]) / 24)
    assert figures["false_regions_per_image"] == 0 and figures["froc_10_at_025"] == 7 / 8
    empty = next(rival for rival in found.part.baselines if rival.key == "empty_mask").metrics
    assert empty["dice_mean"].value == 0
    assert empty["dice_empty_one"].value == pytest.approx(16 / 24)
    missed = found.part.worst.false_negatives[0]
    assert (missed.image_id, missed.found, missed.verdict) == ("IMG0000027.png", 0, None)
    assert found.thresholds.mask == {"unet": 0.5} and found.thresholds.doubtful is None


def test_every_picture_of_a_segmenter_is_kept(measure):
    found = measure("unet")
    kept = found.part.pictures
    assert {len(column) for column in kept.values()} == {24}
    ill = [
        dice for dice, fractured in zip(kept["dice"], kept["fractured"], strict=True) if fractured
    ]
    assert np.mean(ill) == pytest.approx(found.part.metrics["dice_mean"].value)
    assert set(kept["dice"]) - set(ill) == {None}, "nothing painted, nothing annotated"
    assert sum(kept["found"]) / sum(kept["lesions"]) == pytest.approx(7 / 8)
    assert kept["regions"] == kept["true_regions"] and sum(kept["regions"]) == 7
    assert max(kept["group"]) + 1 == found.data.groups


def test_every_picture_of_the_gate_is_kept(measure):
    kept = measure("gate").part.pictures
    assert kept["verdict"].count("fracture") == 7
    assert kept["probability"] == pytest.approx(kept["raw"]), "calibrated by nothing"
    cascade = measure(*NAMES)
    assert cascade.part.pictures == {key: kept[key] for key in kept if key != "raw"}
    assert cascade.behind_gate["unet"].pictures["image_id"] == kept["image_id"]


def test_cascade_is_what_the_user_gets(measure, xrays, predictors):
    found = measure(*NAMES)
    assert found.part.metrics["segmented_share"].value == pytest.approx(7 / 24)
    both = found.agreement["fracture"][0]
    assert both.networks == ["encoder_decoder", "unet"]
    assert (both.regions, both.true, both.precision) == (14, 14, Estimate(1.0, 1.0, 1.0, 14))
    cards = {name: network.card for name, network in predictors.items()}
    engine = Engine(predictors, "float32", thresholds_of(cards, "float32"))
    dice = [user_dice(xray, engine) for xray in xrays[24:]]
    measured = found.behind_gate["unet"].metrics["dice_empty_one"].value
    assert measured == pytest.approx(np.mean(dice))


def user_dice(xray, engine):
    """Dice of the U-Net's mask as the app paints it; 1 where both masks are empty."""
    pixels = load_image(xray)
    shown = predict_fracture(pixels, engine).segmentations
    truth = lesion_mask(xray, *pixels.shape) > 0
    mask = shown["unet"].mask if "unet" in shown else np.zeros_like(truth)
    total = mask.sum() + truth.sum()
    return 2 * (mask & truth).sum() / total if total else 1.0


def test_regions_of_doubtful_pictures_are_not_painted(measure, predictors):
    moved = GATE_THRESHOLDS | {"fracture": 0.95}  # what the gate is sure of is in doubt now
    card = predictors["gate"].card
    card = replace(card, inference=replace(card.inference, thresholds={"float32": moved}))
    predictors["gate"] = replace(predictors["gate"], card=card)
    found = measure(*NAMES)
    rates = values(found.part.metrics)
    assert rates["segmented_share"] == pytest.approx(7 / 24) and rates["painted_share"] == 0
    assert found.agreement["fracture"][0].regions == 0
    assert found.agreement["doubtful"][0].true == 14
    figures = values(found.behind_gate["unet"].metrics)
    assert figures["dice_mean"] == figures["dice_mean_256"] == figures["lesion_recall_10"] == 0
    assert figures["dice_empty_one"] == pytest.approx(16 / 24)
    assert figures["froc_10_at_025"] == 7 / 8, "the curve sweeps the gate's threshold too"


def test_a_third_network_is_measured_with_the_others(measure, third):
    found = measure(*NAMES, "third")
    assert found.behind_gate.keys() == {"encoder_decoder", "unet", "third"}
    assert found.thresholds.mask["third"] == 0.5 and found.models["third"] == "t" * 64
    counts = {frozenset(entry.networks): entry for entry in found.agreement["fracture"]}
    assert len(counts) == 7
    all_three = counts[frozenset({"encoder_decoder", "unet", "third"})]
    assert (all_three.regions, all_three.true) == (21, 21)
    alone = counts[frozenset({"third"})]
    assert (alone.regions, alone.true) == (7, 0), "the corner that nobody else marks"
    assert counts[frozenset({"encoder_decoder", "unet"})].regions == 0


def test_a_segmenter_alone_agrees_with_nobody(measure):
    found = measure("gate", "unet")
    [alone] = found.agreement["fracture"]
    assert (alone.networks, alone.regions) == (["unet"], 7)
    assert found.name == "cascade" and found.behind_gate.keys() == {"unet"}


@pytest.mark.parametrize("names", [("gate",), ("unet",), NAMES, (*NAMES, "third")])
def test_files_are_read_as_they_were_measured_and_every_key_has_its_words(
    measure, third, names, tmp_path
):
    found = measure(*names)
    path = write_evaluation(found, tmp_path)
    expected = "cascade" if len(names) > 1 else names[0]
    assert path == tmp_path / expected / "evaluation_val.json"
    kept = read_evaluation(expected, "val", tmp_path)
    assert write_evaluation(kept, tmp_path / "again").read_bytes() == path.read_bytes()
    plain = msgspec.json.decode(path.read_bytes())
    keys = {key for metrics in metrics_within(plain) for key in metrics}
    assert keys and keys <= LABELS.keys()
    rivals = {rival.key for part in kept.parts.values() for rival in part.baselines}
    assert rivals and rivals <= BASELINES.keys()
    assert names[-1] in summary(kept)


def test_the_command_measures_every_network_of_the_list(
    measure, third, predictors, xrays, tmp_path, monkeypatch, capsys
):
    module = "training.evaluate.evaluation"
    monkeypatch.setattr(f"{module}.load_model", lambda name, *_: predictors[name])
    monkeypatch.setattr(f"{module}.read_fracatlas", lambda _: xrays)
    monkeypatch.setattr(
        f"{module}.evaluate",
        lambda chosen, found, split, mode, _, **__: evaluate(
            chosen, found, split, mode, Bootstrap(draws=30), tmp_path / "scores"
        ),
    )
    assert command_line.main(["evaluate", "cascade", "--models", str(tmp_path)]) == 0
    assert "third, val, float32" in capsys.readouterr().out
    assert asdict(read_evaluation("cascade", "val", tmp_path))["mode"] == "usual"


def test_val_without_pictures_says_what_to_do(predictors, xrays, tmp_path):
    with pytest.raises(FracAtlasError, match="split 'test' is on disk"):
        evaluate(predictors, xrays, "test", Mode.USUAL, Bootstrap(draws=2), tmp_path)


def test_on_test_nothing_is_chosen_or_cross_fitted(measure, xrays):
    xrays[24:] = [replace(xray, split="test") for xray in xrays[24:]]
    found = measure("gate", split="test")
    assert found.cross_fitted is None and not found.chosen_here


def test_a_card_without_thresholds_names_the_command(predictors, xrays, tmp_path):
    card = predictors["unet"].card
    bare = replace(card, inference=replace(card.inference, thresholds={"float32": {"mask": 0.5}}))
    unready = {"unet": replace(predictors["unet"], card=bare)}
    with pytest.raises(UncalibratedError, match="fracturelens calibrate"):
        evaluate(unready, xrays, "val", Mode.USUAL, Bootstrap(draws=2), tmp_path)
