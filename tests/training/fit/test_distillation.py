"""A teacher gives the gate's own features, on the grid of the segmenter that learns them."""

import numpy as np
import pytest

from create_segmentation_model import build_network
from important_variables import NETWORKS, segmenters
from tests.helpers.fixed_networks import fixed
from training.fit import distillation
from training.fit.distillation import DEEPEST, FEATURES, GateTeacher, Teacher, relative_error


@pytest.fixture
def gate(tmp_path, tiny):
    path = tmp_path / "model.keras"
    build_network("gate", 64).save(path)
    return str(path)


def test_strides_are_those_of_the_networks():
    for name in segmenters():
        deepest = build_network(name, 256).get_layer(DEEPEST).output
        assert 256 // deepest.shape[1] == NETWORKS[name].deepest_stride


@pytest.mark.parametrize("side", [64, 32])
def test_features_are_the_gates(gate, side):
    import keras

    teacher = Teacher(gate, "unet", 64)
    images = np.random.default_rng(0).random((2, side, side, 3), np.float32)
    features = teacher(images)
    assert features.shape == (2, side // 16, side // 16, 64) and features.min() >= 0
    if side == 64:
        own = keras.Model(teacher.gate.input, teacher.gate.get_layer(FEATURES).output)
        np.testing.assert_allclose(features, own.predict_on_batch(images), atol=1e-5)


def test_crops_are_seen_at_the_scale_of_whole_pictures(gate):
    teacher = Teacher(gate, "encoder_decoder", 32)  # the gate sees 64 pixels where it sees 32
    crop = np.zeros((1, 16, 16, 3), np.float32)
    assert teacher(crop).shape == (1, 2, 2, 64)
    assert Teacher(gate, "unet", 32)(crop).shape == (1, 1, 1, 64)


def test_relative_error_by_hand():
    target = np.array([1.0, 2.0], np.float32)
    assert float(relative_error(target, target * 0)) == pytest.approx(1, abs=1e-5)
    assert float(relative_error(target, target)) == 0


def test_a_gate_learns_what_the_teachers_card_makes_of_it(tmp_path, monkeypatch):
    gate = fixed("gate", [0.3])
    asked = []

    def load(name, precision, folder):
        asked.append((name, precision, folder))
        return gate

    monkeypatch.setattr(distillation, "load_model", load)
    teacher = GateTeacher(str(tmp_path / "gate" / "model.keras"))
    answers = teacher(np.zeros((3, 320, 320, 3), np.float32))
    assert asked == [("gate", "int8", tmp_path)]
    assert answers.shape == (3, 1) and answers == pytest.approx(0.3)
