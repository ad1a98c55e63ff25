import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

import training.evaluate.evaluation as evaluation
from fracturelens.networks.card import ModelCard
from fracturelens.networks.predictor import Predictor
from fracturelens.networks.tiling import Look
from important_variables import SEGMENTERS, Thresholds
from prediction import predict_fracture, score_xray
from training.data.dataset import FracAtlasError, Xray, load_image
from training.evaluate.bootstrap import Bootstrap
from training.evaluate.scores import score_picture, score_split
from training.evaluate.sections import LABELS, UncalibratedError

GATE_CARD = {
    "doubtful": 0.3, "fracture": 0.6, "calibration": {"slope": 1.0, "intercept": 0.0}
}  # fmt: skip
MASK_CARD = {"mask": 0.5, "min_lesion_share": 0.0001}


def box_polygon(x, y, side):
    return np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]], float)


def draw(path, fractured, index):
    """A gray picture of 96 x 128; a fracture is a white square of side 12."""
    image = np.full((96, 128, 3), 60 + index, np.uint8)
    if fractured:
        image[36:48, 48:60] = 255
    cv2.imwrite(str(path), image)


@pytest.fixture
def xrays(tmp_path):
    """24 training and 24 validation pictures, every third fractured; one val label is hidden."""
    found = []
    for index in range(48):
        fractured = index % 3 == 0
        path = tmp_path / f"IMG{index:07d}.png"
        draw(path, fractured and index != 27, index)
        found.append(Xray(
            path.name, path, "train" if index < 24 else "val", fractured,
            polygons=(box_polygon(0.375, 0.375, 0.11),) if fractured else (),
            attributes={"hand": index % 2, "leg": 1 - index % 2, "frontal": 1, "hardware": 0},
        ))  # fmt: skip
    return found


def look(batch):
    """The stand-in gate: sure where there is anything white."""
    return np.where(batch.max(axis=(1, 2, 3)) > 0.9, 0.9, 0.1 + 0.1 * batch[:, 128, 128, 0])[
        :, None
    ]


def paint(batch):
    """The stand-in segmenter: white is fracture."""
    seen = (batch[..., :1] > 0.9) * 0.8
    return np.concatenate([1 - seen, seen], axis=-1)


@pytest.fixture
def predictors():
    def make(name, function, thresholds):
        card = ModelCard(name, name, 1, {}, thresholds=thresholds, files={"model.keras": "f" * 64})
        run = lambda batch: function(batch).astype(np.float32)  # noqa: E731 (closes over function)
        return Predictor(run, 256, card, "float32")

    return {
        "gate": make("gate", look, GATE_CARD),
        **{name: make(name, paint, MASK_CARD) for name in SEGMENTERS},
    }


@pytest.fixture
def measure(xrays, predictors, tmp_path):
    def run(*names, split="val", look=Look.USUAL):
        chosen = {name: predictors[name] for name in names}
        cache = tmp_path / "scores"
        return evaluation.evaluate(chosen, xrays, split, look, Bootstrap(draws=30), cache)

    return run


def estimates(node):
    """Every mapping of metric key to estimate within a report."""
    if isinstance(node, dict):
        if "metrics" in node:
            yield node["metrics"]
        for value in node.values():
            yield from estimates(value)
    elif isinstance(node, list):
        for value in node:
            yield from estimates(value)


def test_gate_report(measure):
    report = measure("gate")
    assert report["data"]["images"] == 24 and report["data"]["fractured"] == 8
    point = report["operating_points"]["fracture"]
    assert (point["tp"], point["fp"], point["fn"], point["tn"]) == (7, 0, 1, 16)
    assert point["metrics"]["sensitivity"]["value"] == pytest.approx(7 / 8)
    assert report["tiers"]["fracture"] == {"images": 7, "fractured": 7}
    assert report["worst"]["false_negatives"][0]["image_id"] == "IMG0000027.png"
    assert {row["key"] for row in report["baselines"]} == {
        "always_negative", "size_and_format", "body_part_and_view"
    }  # fmt: skip
    hands = next(row for row in report["subgroups"] if row["value"] == "hand")
    assert (hands["n"], hands["fractured"]) == (12, 4)
    assert "optimistic" in report["notes"][0] and report["cross_fitted"]["folds"] == 5


def test_worst_cases_of_the_gate_carry_their_verdicts(measure):
    report = measure("gate")
    fractures, others = (report["worst"][k] for k in ("false_negatives", "false_positives"))
    assert [case["verdict"] for case in fractures] == ["no fracture seen"] + ["fracture"] * 7
    for verdict in ("fracture", "doubtful", "no fracture seen"):
        seen = sum(case["verdict"] == verdict for case in (*fractures, *others))
        assert seen == report["tiers"][verdict]["images"], "all 24 pictures are among the worst"


def test_worst_cases_behind_the_gate_carry_its_verdicts(measure):
    worst = measure("gate", *SEGMENTERS)["networks"]["unet"]["worst"]["false_negatives"]
    verdicts = {case["image_id"]: case["verdict"] for case in worst}
    assert verdicts.pop("IMG0000027.png") == "no fracture seen"
    assert set(verdicts.values()) == {"fracture"}


def test_another_look_comes_with_what_it_costs(measure):
    assert "look_cost" not in measure("unet")
    cost = measure("unet", look=Look.FLIPS)["look_cost"]
    assert cost["images"] == 20 and 0 < cost["usual_ms"] and 0 < cost["look_ms"]


@pytest.mark.parametrize(
    ("precision", "look", "name"),
    [
        ("float32", Look.USUAL, "evaluation_val.json"),
        ("float32", Look.WHOLE, "evaluation_val_whole.json"),
        ("int8", Look.FLIPS, "evaluation_val_int8_flips.json"),
    ],
)
def test_each_look_has_a_file_of_its_own(tmp_path, precision, look, name):
    report = {"split": "val", "precision": precision, "look": str(look), "name": "unet"}
    assert evaluation.write_evaluation(report, tmp_path) == tmp_path / "unet" / name


def test_segmenter_report(measure):
    report = measure("unet")
    metrics = {key: entry["value"] for key, entry in report["metrics"].items()}
    assert metrics["lesion_recall_50"] == pytest.approx(7 / 8)
    assert 0.6 < metrics["dice_mean"] < 7 / 8
    assert metrics["dice_median"] > metrics["dice_mean"]
    assert metrics["dice_empty_one"] == pytest.approx((16 + 8 * metrics["dice_mean"]) / 24)
    assert metrics["false_regions_per_image"] == 0 and metrics["froc_10_at_025"] == 7 / 8
    empty = next(row for row in report["baselines"] if row["key"] == "empty_mask")["metrics"]
    assert empty["dice_mean"]["value"] == 0
    assert empty["dice_empty_one"]["value"] == pytest.approx(16 / 24)
    missed = report["worst"]["false_negatives"][0]
    assert (missed["image_id"], missed["found"]) == ("IMG0000027.png", 0)


def test_cascade_is_what_the_user_gets(measure, xrays, predictors):
    report = measure("gate", *SEGMENTERS)
    assert report["metrics"]["segmented_share"]["value"] == pytest.approx(7 / 24)
    assert report["agreement"]["agreed"] == {
        "regions": 14, "true": 14, "precision": {"value": 1.0, "low": 1.0, "high": 1.0, "n": 14}
    }  # fmt: skip
    thresholds = Thresholds(0.3, 0.6, dict.fromkeys(SEGMENTERS, 0.5), 0.0001)
    segmenters = {name: predictors[name] for name in SEGMENTERS}
    dice = []
    for xray in xrays[24:]:
        image = load_image(xray)
        shown = predict_fracture(
            image, gate=predictors["gate"], segmenters=segmenters, thresholds=thresholds
        )
        truth = evaluation_truth(xray, *image.shape[:2])
        if "unet" in shown.segmentations:
            mask = shown.segmentations["unet"].mask
        else:
            mask = np.zeros_like(truth)
        total = mask.sum() + truth.sum()
        dice.append(2 * (mask & truth).sum() / total if total else 1.0)
    measured = report["networks"]["unet"]["metrics"]["dice_empty_one"]["value"]
    assert measured == pytest.approx(np.mean(dice))


def test_regions_of_doubtful_pictures_are_not_painted(measure, predictors):
    points = GATE_CARD | {"fracture": 0.95}  # what the gate is sure of is in doubt now
    card = replace(predictors["gate"].card, thresholds=points)
    predictors["gate"] = replace(predictors["gate"], card=card)
    report = measure("gate", *SEGMENTERS)
    rates = {key: entry["value"] for key, entry in report["metrics"].items()}
    assert rates["segmented_share"] == pytest.approx(7 / 24) and rates["painted_share"] == 0
    assert report["agreement"]["agreed"]["regions"] == 0
    assert report["agreement_doubtful"]["agreed"]["true"] == 14
    figures = {k: entry["value"] for k, entry in report["networks"]["unet"]["metrics"].items()}
    assert figures["dice_mean"] == figures["dice_mean_256"] == figures["lesion_recall_10"] == 0
    assert figures["dice_empty_one"] == pytest.approx(16 / 24)
    assert figures["froc_10_at_025"] == 7 / 8, "the curve sweeps the gate's point too"


def evaluation_truth(xray, height, width):
    from training.data.dataset import lesion_mask

    return lesion_mask(xray, height, width) > 0


@pytest.mark.parametrize("names", [("gate",), ("unet",), ("gate", *SEGMENTERS)])
def test_reports_are_json_and_every_key_has_its_words(measure, names, tmp_path):
    report = measure(*names)
    path = evaluation.write_evaluation(report, tmp_path)
    expected = "cascade" if len(names) > 1 else names[0]
    assert path == tmp_path / expected / "evaluation_val.json"
    kept = json.loads(path.read_text())
    keys = {key for metrics in estimates(kept) for key in metrics}
    assert keys and keys <= LABELS.keys() == kept["labels"].keys()
    assert names[-1] in evaluation.summary(kept)


def test_val_without_pictures_says_what_to_do(predictors, xrays, tmp_path):
    with pytest.raises(FracAtlasError, match="split 'test' is on disk"):
        evaluation.evaluate(predictors, xrays, "test", False, Bootstrap(draws=2), tmp_path)


def test_on_test_nothing_is_chosen_or_cross_fitted(measure, xrays):
    xrays[24:] = [replace(xray, split="test") for xray in xrays[24:]]
    report = measure("gate", split="test")
    assert "cross_fitted" not in report and "nothing was chosen" in report["notes"][0]


def test_a_card_without_thresholds_names_the_command(predictors, xrays, tmp_path):
    bare = replace(predictors["unet"].card, thresholds={})
    unready = {"unet": replace(predictors["unet"], card=bare)}
    with pytest.raises(UncalibratedError, match=r"command_line.py calibrate"):
        evaluation.evaluate(unready, xrays, "val", Look.USUAL, Bootstrap(draws=2), tmp_path)


@pytest.mark.parametrize("look", Look)
def test_scores_are_those_of_the_app(predictors, xrays, look):
    image = load_image(xrays[0])
    image[:, :20] = 250  # no symmetry
    scores = score_xray(
        image,
        gate=predictors["gate"],
        segmenters={"unet": predictors["unet"]},
        thresholds=Thresholds(0.0, 1.0, {"unet": 0.5}),
        look=look,
    )
    assert score_picture(predictors["gate"], image, look) == pytest.approx(scores.gate)
    ours = score_picture(predictors["unet"], image, look)
    assert np.array_equal(ours, scores.probabilities["unet"])


def test_scores_are_kept_until_the_network_or_the_pictures_change(predictors, xrays, tmp_path):
    runs = []

    def counted(batch):
        runs.append(len(batch))
        return look(batch)

    gate = replace(predictors["gate"], run=counted)
    first = score_split(gate, xrays[24:27], "val", folder=tmp_path)
    again = score_split(gate, xrays[24:27], "val", folder=tmp_path)
    assert len(runs) == 3 and np.array_equal(first.values, again.values)
    score_split(gate, xrays[24:28], "val", folder=tmp_path)
    assert len(runs) == 7
    other = replace(gate, card=replace(gate.card, files={"model.keras": "a" * 64}))
    score_split(other, xrays[24:28], "val", folder=tmp_path)
    assert len(runs) == 11
