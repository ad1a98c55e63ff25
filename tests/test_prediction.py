"""Verdicts, lesions and thresholds with networks that always say the same."""

from dataclasses import replace

import numpy as np
import pytest

from fracturelens.export.records import prediction_record
from fracturelens.findings.regions import find_regions
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.tiling import Look
from fracturelens.results import Verdict, marked_by
from important_variables import Thresholds
from prediction import (
    calibrated,
    judge_gate,
    judge_scores,
    load_thresholds,
    predict_fracture,
    score_xray,
)

THRESHOLDS = Thresholds(0.2, 0.7, {"unet": 0.5, "encoder_decoder": 0.5}, min_lesion_share=0.0)
IMAGE = np.full((128, 256, 3), 90, np.uint8)


class Fixed:
    """A network that answers with one array and counts its calls."""

    def __init__(self, answer, input_size=256):
        self.answer = np.asarray(answer, np.float32)
        self.input_size = input_size
        self.calls = 0

    def __call__(self, batch):
        assert batch.dtype == np.float32 and batch.shape == (1, self.input_size, self.input_size, 3)
        self.calls += 1
        return self.answer[None]


def spots(*boxes):
    """Softmax map of 256 px with fracture 0.9 in boxes (x, y, width, height)."""
    fracture = np.full((256, 256), 0.1, np.float32)
    for x, y, width, height in boxes:
        fracture[y : y + height, x : x + width] = 0.9
    return np.stack([1 - fracture, fracture], -1)


@pytest.fixture
def networks():
    return {"unet": Fixed(spots((40, 100, 20, 10))), "encoder_decoder": Fixed(spots())}


def predict(gate, networks, **options):
    return predict_fracture(
        IMAGE, gate=Fixed([gate], 320), segmenters=networks, thresholds=THRESHOLDS, **options
    )


def test_fracture_is_boxed_in_pixels_of_the_original(networks):
    result = predict(0.9, networks)
    assert result.verdict is Verdict.FRACTURE
    (lesion,) = result.segmentations["unet"].lesions
    # 256 x 128 is letterboxed with 64 empty rows above: row 100 is row 36 of the original.
    assert lesion.box == (40, 36, 20, 10)
    assert lesion.area_pixels == 200
    assert lesion.area_percent == pytest.approx(100 * 200 / IMAGE[..., 0].size)
    assert lesion.mean == pytest.approx(0.9)
    assert result.segmentations["encoder_decoder"].lesions == ()
    assert result.segmentations["unet"].mask.shape == IMAGE.shape[:2]
    assert result.segmentations["unet"].mask.sum() == 200


def test_gate_stops_the_segmenters(networks):
    result = predict(0.1, networks)
    assert result.verdict is Verdict.NONE_SEEN
    assert result.segmentations == {}
    assert networks["unet"].calls == 0


def test_segmenters_run_all_the_same_on_wish(networks):
    result = predict(0.1, networks, always_segment=True)
    assert result.verdict is Verdict.NONE_SEEN
    assert set(result.segmentations) == {"unet", "encoder_decoder"}
    assert result.painted


def test_regions_of_doubtful_xrays_are_hints(networks):
    result = predict(0.5, networks)
    assert result.verdict is Verdict.DOUBTFUL
    assert len(result.segmentations["unet"].lesions) == 1
    assert not result.painted and not prediction_record("x.png", result)["painted"]
    assert predict(0.5, networks, always_segment=True).painted
    assert predict(0.9, networks).painted


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.19, Verdict.NONE_SEEN), (0.2, Verdict.DOUBTFUL), (0.7, Verdict.FRACTURE)],
)
def test_three_verdicts(probability, verdict):
    assert judge_gate(probability, THRESHOLDS) is verdict


def test_new_thresholds_need_no_inference(networks):
    gate = Fixed([0.9])
    scores = score_xray(IMAGE, gate=gate, segmenters=networks, thresholds=THRESHOLDS)
    strict = judge_scores(scores, replace(THRESHOLDS, mask={"unet": 0.95, "encoder_decoder": 0.95}))
    assert strict.segmentations["unet"].lesions == ()
    assert len(judge_scores(scores, THRESHOLDS).segmentations["unet"].lesions) == 1
    assert gate.calls == networks["unet"].calls == 1


def test_small_regions_leave_mask_and_table():
    networks = {"unet": Fixed(spots((40, 100, 20, 10), (200, 120, 2, 2)))}
    thresholds = replace(THRESHOLDS, min_lesion_share=0.001)
    result = predict_fracture(
        IMAGE, gate=Fixed([0.9]), segmenters=networks, thresholds=thresholds
    ).segmentations["unet"]
    assert len(result.lesions) == 1
    assert result.mask.sum() == result.lesions[0].area_pixels


def test_flips_average_the_mirror_image():
    network = Fixed(spots((0, 100, 20, 10)))
    scores = score_xray(
        IMAGE,
        gate=Fixed([0.9]),
        segmenters={"unet": network},
        thresholds=THRESHOLDS,
        look=Look.FLIPS,
    )
    assert network.calls == 2
    assert scores.probabilities["unet"][105, [5, 250]] == pytest.approx([0.5, 0.5])


def test_regions_of_both_networks_at_one_place_share_a_number():
    networks = {
        "unet": Fixed(spots((40, 100, 20, 10), (200, 100, 10, 10))),
        "encoder_decoder": Fixed(spots((202, 101, 10, 10))),
    }
    found = predict(0.9, networks).segmentations
    marks = {
        name: [(one.number, one.box[0], marked_by(name, one)) for one in segmentation.lesions]
        for name, segmentation in found.items()
    }
    assert marks == {
        "unet": [(1, 200, "Both networks"), (2, 40, "U-Net only")],
        "encoder_decoder": [(1, 202, "Both networks")],
    }


def test_a_lone_network_agrees_with_nobody(networks):
    found = predict(0.9, {"unet": networks["unet"]}).segmentations["unet"]
    assert [marked_by("unet", lesion) for lesion in found.lesions] == ["U-Net, no other ran"]


def test_calibration_moves_the_logit():
    thresholds = replace(THRESHOLDS, slope=2.0, intercept=-1.0)
    assert calibrated(np.array([0.5]), thresholds) == pytest.approx(1 / (1 + np.e))
    assert calibrated(np.array([0.3]), THRESHOLDS) == pytest.approx(0.3)
    assert calibrated(np.array([1.0]), THRESHOLDS) <= 1


def test_input_is_never_altered(networks):
    image = IMAGE.copy()
    image.setflags(write=False)
    predict_fracture(image, gate=Fixed([0.9]), segmenters=networks, thresholds=THRESHOLDS)


@pytest.mark.parametrize("bad", [IMAGE[..., 0], IMAGE.astype(np.float32)])
def test_wrong_arrays_are_refused(bad, networks):
    with pytest.raises(ValueError, match=r"Expected a uint8 picture \(H, W, 3\), received"):
        predict_fracture(bad, gate=Fixed([0.9]), segmenters=networks, thresholds=THRESHOLDS)


def test_thresholds_come_from_the_cards(tmp_path):
    points = {"doubtful": 0.1, "fracture": 0.6, "calibration": {"slope": 1.5, "intercept": 0.2}}
    write_card(ModelCard("gate", "Gate", 1, {}, thresholds=points), tmp_path)
    write_card(
        ModelCard("unet", "U-Net", 1, {}, thresholds={"mask": 0.3, "min_lesion_share": 0.002}),
        tmp_path,
    )
    thresholds = load_thresholds(tmp_path)
    assert (thresholds.doubtful, thresholds.fracture) == (0.1, 0.6)
    assert thresholds.mask == {"unet": 0.3, "encoder_decoder": 0.5}
    assert (thresholds.slope, thresholds.min_lesion_share) == (1.5, 0.002)
    assert load_thresholds(tmp_path, "int8") == thresholds


def test_int8_is_judged_at_points_of_its_own(tmp_path):
    points = {"doubtful": 0.1, "fracture": 0.6, "calibration": {"slope": 1.5, "intercept": 0.2}}
    own = {"doubtful": 0.2, "fracture": 0.7, "calibration": {"slope": 1.1, "intercept": 0.0}}
    write_card(ModelCard("gate", "Gate", 1, {}, thresholds=points | {"int8": own}), tmp_path)
    exact, rounded = load_thresholds(tmp_path), load_thresholds(tmp_path, "int8")
    assert (exact.doubtful, exact.fracture, exact.slope) == (0.1, 0.6, 1.5)
    assert (rounded.doubtful, rounded.fracture, rounded.slope) == (0.2, 0.7, 1.1)


def test_record_is_json_with_the_notice(networks):
    import json

    record = json.loads(json.dumps(prediction_record("a.png", predict(0.9, networks))))
    assert record["verdict"] == "fracture"
    assert record["lesions"][0]["network"] == "unet"
    assert record["lesions"][0]["box"] == [40, 36, 20, 10]
    assert record["lesions"][0]["marked_by"] == "U-Net only"
    assert "not a medical device" in record["notice"]


def test_regions_at_the_edges_of_a_large_picture_keep_their_place():
    probability = np.zeros((300, 200), np.float32)
    probability[0:4, 0:3], probability[290:300, 150:200], probability[100, 100] = 0.8, 0.9, 0.7
    regions, _ = find_regions(probability > 0.5, probability, smallest=5)
    assert {(one.box, one.area) for one in regions} == {
        ((150, 290, 50, 10), 500),
        ((0, 0, 3, 4), 12),
    }
