"""Tests of arm_proof: equal answers prove a port only where the answers vary."""

import json

import numpy as np
import pytest

from fracturelens.networks.card import sha256_of
from important_variables import NETWORKS, SAMPLES, SAVED_MODELS
from training.benchmark.arm_proof import STEP, ArmProofError, compare, is_equal, main, prepare


def outputs():
    """Four pictures' answers: a probability, and two masks of 8 x 8 pixels."""
    random = np.random.default_rng(0)
    levels = {"gate_0": (4, 1), "encoder_decoder_0": (4, 8, 8, 2), "unet_0": (4, 8, 8, 2)}
    return {name: random.integers(0, 256, shape) * STEP for name, shape in levels.items()}


def test_the_same_answers_are_equal():
    found = compare(outputs(), outputs())
    assert found["unet"] == {"outputs": 512, "equal": 512, "largest_steps": 0.0}
    assert is_equal(found)


@pytest.mark.parametrize(("steps", "equal"), [(1, True), (2, False)])
def test_one_step_of_difference_is_borne(steps, equal):
    other = outputs()
    other["unet_0"][1, 2, 3, 1] += steps * STEP
    found = compare(outputs(), other)
    assert found["unet"]["equal"] == 511 and found["unet"]["largest_steps"] == steps
    assert is_equal(found) is equal


def test_an_answer_that_never_changes_proves_nothing():
    same = outputs()
    same["unet_0"][..., 1] = 0
    with pytest.raises(ArmProofError, match=r"unet_0 has one value for all 4 pictures"):
        compare(same, same)


def test_other_outputs_are_told():
    with pytest.raises(ArmProofError, match=r"received gate_0 \(4, 1\), .* and none"):
        compare(outputs(), {})


def test_the_samples_are_prepared_for_each_input_size():
    pictures = prepare(SAVED_MODELS)
    count = len(list(SAMPLES.glob("*.png")))
    for size, batch in pictures.items():
        assert batch.shape == (count, int(size), int(size), 3) and batch.dtype == np.float32
        assert batch.std(axis=(1, 2, 3)).min() > 0.05


def test_the_result_is_kept_with_the_files_that_it_is_about(tmp_path):
    paths = [tmp_path / name for name in ("here.npz", "there.npz")]
    for path in paths:
        np.savez(path, **outputs())
    out = tmp_path / "latest.json"
    words = ["compare", *map(str, paths), "--out", str(out)]
    assert main(words) == 0
    report = json.loads(out.read_text())
    assert report["equal"] and report["networks"].keys() == set(NETWORKS)
    assert report["files"]["gate"] == sha256_of(SAVED_MODELS / "gate" / "model_int8.tflite")
    other = outputs()
    other["gate_0"] += 3 * STEP
    np.savez(paths[1], **other)
    assert main(words) == 1 and not json.loads(out.read_text())["equal"]


def test_a_vacuous_comparison_fails_and_writes_nothing(tmp_path, capsys):
    path = tmp_path / "same.npz"
    np.savez(path, **{name: np.zeros_like(values) for name, values in outputs().items()})
    out = tmp_path / "latest.json"
    assert main(["compare", str(path), str(path), "--out", str(out)]) == 1
    assert "would prove nothing" in capsys.readouterr().err and not out.exists()
