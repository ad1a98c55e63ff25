"""Evaluation files are read as they were written, or not at all."""

import json
from dataclasses import replace

import pytest

from fracturelens.measured.layout import (
    CrossFitted,
    Estimate,
    ModeCost,
    Part,
    Worst,
    WorstCase,
    evaluation_path,
    read_evaluation,
    write_evaluation,
)
from fracturelens.networks.tiling import Mode
from tests.helpers.evaluations import GATE_EVALUATION, cascade_evaluation, estimate, evaluation

PICTURES = {"image_id": ["a.jpg", "b.jpg"], "fractured": [True, False], "group": [0, 1]}
SEGMENTER_PART = Part(
    {"dice_mean": estimate(0.4), "lesion_precision_10": Estimate(None)},
    curves={"froc_10": {"false_per_image": [0.0, 0.5], "recall": [0, 1], "score": [None, 0.25]}},
    worst=Worst(
        [WorstCase("a.jpg", dice=0.0, found=0, lesions=1)],
        [WorstCase("b.jpg", score=0.875, regions=2, painted_share=0.001)],
    ),
    pictures=PICTURES | {"dice": [0.5, None], "painted_share": [0.25, 0.0]},
)
SEGMENTER = evaluation(
    "unet",
    part=SEGMENTER_PART,
    cross_fitted=CrossFitted(5, {"dice_mean": estimate(0.4)}, [0.5, 0.7]),
)
CASCADE = cascade_evaluation(
    part=Part({"painted_share": estimate(0.2)}, pictures=PICTURES),
    behind_gate={"unet": SEGMENTER_PART},
)


def ids(value):
    return value.name


@pytest.mark.parametrize("written", [GATE_EVALUATION, SEGMENTER, CASCADE], ids=ids)
def test_what_is_written_is_read_again(tmp_path, written):
    path = write_evaluation(written, tmp_path)
    assert path == tmp_path / written.name / "evaluation_val.json"
    assert read_evaluation(written.name, "val", tmp_path) == written


@pytest.mark.parametrize(
    ("precision", "mode", "name"),
    [
        ("float32", Mode.USUAL, "evaluation_val.json"),
        ("float32", Mode.WHOLE, "evaluation_val_whole.json"),
        ("int8", Mode.FLIPS, "evaluation_val_int8_flips.json"),
    ],
)
def test_each_mode_and_precision_has_a_file_of_its_own(tmp_path, precision, mode, name):
    cost = None if mode is Mode.USUAL else ModeCost(20, 31.5, 59.25)
    written = replace(SEGMENTER, precision=precision, mode=str(mode), mode_cost=cost)
    assert write_evaluation(written, tmp_path) == tmp_path / "unet" / name
    assert read_evaluation("unet", "val", tmp_path, precision, mode) == written
    assert read_evaluation("unet", "test", tmp_path, precision, mode) is None


def test_reals_are_rounded_and_nothing_is_not_a_number(tmp_path):
    part = Part({"auroc": Estimate(0.12345678, n=3)})
    text = write_evaluation(replace(GATE_EVALUATION, part=part), tmp_path).read_text()
    assert '"value": 0.123457' in text and "NaN" not in text


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\xff", '{"layout": 2}'])
def test_damaged_files_count_as_absent(tmp_path, text):
    path = evaluation_path("gate", "val", tmp_path)
    path.parent.mkdir()
    path.write_text(text, encoding="latin-1")
    assert read_evaluation("gate", "val", tmp_path) is None


def test_another_layout_counts_as_absent(tmp_path):
    path = write_evaluation(GATE_EVALUATION, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": 1}))
    assert read_evaluation("gate", "val", tmp_path) is None


def test_the_parts_of_the_cascade_are_those_behind_the_gate():
    assert CASCADE.parts == {"unet": SEGMENTER_PART}
    assert SEGMENTER.parts == {"unet": SEGMENTER_PART}
