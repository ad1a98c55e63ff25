"""Verdicts, findings and thresholds with networks that always say the same."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fracturelens.export.records import Report, report_record
from fracturelens.networks.inference import Calibration
from fracturelens.networks.tiling import Mode
from fracturelens.results import Examination, Verdict
from important_variables import GATE
from prediction import judge_gate, judge_scores, predict_fracture, score_xray, segment_scores
from tests.helpers.fixed_networks import THRESHOLDS, calls, engine_of, fixed, spots

IMAGE = np.full((128, 256), 90, np.uint8)


def predict(gate, maps=None, **options):
    return predict_fracture(IMAGE, engine_of(gate, maps), **options)


def test_fracture_is_boxed_in_pixels_of_the_original():
    result = predict(0.9)
    assert result.verdict is Verdict.FRACTURE
    (finding,) = result.segmentations["unet"].findings
    # 256 x 128 is letterboxed with 64 empty rows above: row 100 is row 36 of the original.
    assert finding.box == (40, 36, 20, 10)
    assert finding.area_pixels == 200
    assert finding.area_percent == pytest.approx(100 * 200 / IMAGE.size)
    assert finding.mean == pytest.approx(0.9)
    assert result.segmentations["encoder_decoder"].findings == ()
    assert result.segmentations["unet"].mask.shape == IMAGE.shape
    assert result.segmentations["unet"].mask.sum() == 200


def test_gate_stops_the_segmenters():
    engine = engine_of(0.1)
    result = predict_fracture(IMAGE, engine)
    assert result.verdict is Verdict.NO_FRACTURE
    assert result.segmentations == {}
    assert calls(engine) == {GATE: 1, "unet": 0, "encoder_decoder": 0}


def test_segmenters_run_anyway_on_wish():
    result = predict(0.1, always_segment=True)
    assert result.verdict is Verdict.NO_FRACTURE
    assert set(result.segmentations) == {"unet", "encoder_decoder"}
    assert result.painted


def test_findings_on_doubtful_xrays_are_hints():
    result = predict(0.5)
    assert result.verdict is Verdict.DOUBTFUL
    assert len(result.segmentations["unet"].findings) == 1
    assert not result.painted
    assert predict(0.5, always_segment=True).painted
    assert predict(0.9).painted


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.19, Verdict.NO_FRACTURE), (0.2, Verdict.DOUBTFUL), (0.7, Verdict.FRACTURE)],
)
def test_three_verdicts(probability, verdict):
    assert judge_gate(probability, THRESHOLDS) is verdict


def test_new_thresholds_need_no_inference():
    engine = engine_of(0.9)
    scores = score_xray(IMAGE, engine)
    strict = judge_scores(scores, replace(THRESHOLDS, mask={"unet": 0.95, "encoder_decoder": 0.95}))
    assert strict.segmentations["unet"].findings == ()
    assert len(judge_scores(scores, THRESHOLDS).segmentations["unet"].findings) == 1
    assert set(calls(engine).values()) == {1}


def test_maps_stay_unused_where_nobody_asks_for_them():
    scores = score_xray(IMAGE, engine_of(0.1), always_segment=True)
    assert scores.probabilities and not judge_scores(scores, THRESHOLDS).segmentations


def test_small_regions_leave_mask_and_table():
    thresholds = replace(THRESHOLDS, min_lesion_share=0.001)
    engine = engine_of(0.9, {"unet": spots((40, 100, 20, 10), (200, 120, 2, 2))}, thresholds)
    result = predict_fracture(IMAGE, engine).segmentations["unet"]
    assert len(result.findings) == 1
    assert result.mask.sum() == result.findings[0].area_pixels


def test_flips_average_the_mirror_image():
    engine = engine_of(0.9, {"unet": spots((0, 100, 20, 10))})
    scores = score_xray(IMAGE, engine, mode=Mode.FLIPS)
    assert calls(engine)["unet"] == 2
    assert scores.probabilities["unet"][105, [5, 250]] == pytest.approx([0.5, 0.5])


def test_findings_of_several_networks_at_one_place_share_a_number():
    found = predict(
        0.9,
        {
            "unet": spots((40, 100, 20, 10), (200, 100, 10, 10)),
            "encoder_decoder": spots((202, 101, 10, 10)),
        },
    ).segmentations
    marks = {
        name: [(one.number, one.box[0], set(one.networks)) for one in segmentation.findings]
        for name, segmentation in found.items()
    }
    both = {"encoder_decoder", "unet"}
    assert marks == {
        "unet": [(1, 200, both), (2, 40, {"unet"})],
        "encoder_decoder": [(1, 202, both)],
    }


def test_an_engine_without_a_segmenter_goes_on_with_the_others():
    found = predict(0.9, {"unet": spots((40, 100, 20, 10))}).segmentations
    assert [finding.networks for finding in found["unet"].findings] == [{"unet"}]
    assert set(found) == {"unet"}


def test_the_gate_is_calibrated_as_its_card_says_for_the_precision():
    fitted = {"float32": Calibration(2.0, -1.0), "int8": Calibration(1.0, 1.0)}
    engine = engine_of(0.5)
    engine = replace(
        engine, networks={**engine.networks, GATE: fixed(GATE, [0.5], calibration=fitted)}
    )
    assert score_xray(IMAGE, engine).gate == pytest.approx(1 / (1 + np.e))
    assert score_xray(IMAGE, replace(engine, precision="int8")).gate == pytest.approx(
        1 / (1 + 1 / np.e)
    )


def test_each_network_that_ran_is_timed():
    scores = score_xray(IMAGE, engine_of(0.9))
    assert set(scores.seconds) == {GATE, "unet", "encoder_decoder"}
    assert min(scores.seconds.values()) > 0
    assert set(score_xray(IMAGE, engine_of(0.1)).seconds) == {GATE}


def test_input_is_never_altered():
    image = IMAGE.copy()
    image.setflags(write=False)
    predict_fracture(image, engine_of(0.9))


@pytest.mark.parametrize("bad", [np.stack([IMAGE] * 3, -1), IMAGE.astype(np.float32), IMAGE[0]])
def test_wrong_arrays_are_refused(bad):
    with pytest.raises(ValueError, match=r"Expected a gray uint8 picture \(H, W\), received"):
        predict_fracture(bad, engine_of(0.9))


def same_scores(first, second):
    """Whether two scores are equal but for the times."""
    assert (first.height, first.width, first.gate) == (second.height, second.width, second.gate)
    assert list(first.probabilities) == list(second.probabilities)
    for name, probability in first.probabilities.items():
        np.testing.assert_array_equal(probability, second.probabilities[name])
    return set(first.seconds) == set(second.seconds)


def test_segmenting_later_gives_what_segmenting_at_once_gives():
    engine = engine_of(0.1)
    stopped = score_xray(IMAGE, engine)
    assert stopped.probabilities == {}
    later = segment_scores(stopped, IMAGE, engine)
    assert calls(engine) == {GATE: 1, "unet": 1, "encoder_decoder": 1}, (
        "the gate is not asked again"
    )
    assert same_scores(later, score_xray(IMAGE, engine, always_segment=True))


def test_a_record_is_json_with_the_notice():
    examination = Examination(prediction=predict(0.9))
    record = json.loads(json.dumps(report_record(Report("a.png", examination))))
    assert record["verdict"] == "fracture"
    assert record["findings"][0]["network"] == "unet"
    assert record["findings"][0]["box"] == [40, 36, 20, 10]
    assert record["findings"][0]["marked_by"] == ["unet"]
    assert "not a medical device" in record["notice"]
