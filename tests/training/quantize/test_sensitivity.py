"""What rounding one tensor alone costs: told for each, the worst first, nothing left changed."""

import json

import numpy as np
import pytest

import command_line
from create_segmentation_model import MissingModelError
from fracturelens.networks.card import FLOAT_LITERT, ModelCard, sha256_of, write_card
from fracturelens.networks.inference import gate_inference
from tests.helpers.small_fracatlas import write_small_fracatlas
from tests.helpers.tiny_networks import SIZE, pictures, tiny_gate, tiny_segmenter
from training.quantize.fake_quant import observe_channels, ranges_of
from training.quantize.fold_network import fold_network
from training.quantize.prepared import check_from_keras
from training.quantize.sensitivity import measure


def measured(build=tiny_gate, **coarse):
    """Costs by (kind, tensor); the ranges of `coarse` are made as many times wider."""
    folded, views = fold_network(build()), pictures(8)
    ranges = ranges_of(observe_channels(folded, [views]), folded)
    ranges |= {name: tuple(times * np.array(ranges[name])) for name, times in coarse.items()}
    before = folded.get_weights()
    found = measure(folded, ranges, views)
    for one, other in zip(before, folded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [x.logit_rms for x in found] == sorted((x.logit_rms for x in found), reverse=True)
    return {(one.kind, one.tensor): one.logit_rms for one in found}


@pytest.mark.parametrize("build", [tiny_gate, tiny_segmenter])
def test_every_tensor_is_measured_by_itself_and_all_together(build):
    found = measured(build)
    kinds = {kind: {t for k, t in found if k == kind} for kind in ("activation", "kernel")}
    assert all("" in names and len(names) > 3 for names in kinds.values())
    assert all(0 <= cost < 1 for cost in found.values())
    assert found["kernel", ""] > 0 and found["activation", ""] > 0


def test_a_coarse_tensor_costs_most_and_leaves_the_others_as_they_were():
    fine, coarse = measured(), measured(depthwise=100)
    assert max(coarse, key=lambda key: coarse[key] if key[1] else 0) == ("activation", "depthwise")
    assert coarse["activation", "depthwise"] > 10 * fine["activation", "depthwise"]
    assert coarse["activation", "sum"] == fine["activation", "sum"]
    assert coarse["kernel", ""] == fine["kernel", ""]


def test_the_command_writes_the_costs_beside_the_network(tmp_path, capsys):
    path = tmp_path / "models" / "gate" / "model.keras"
    path.parent.mkdir(parents=True)
    tiny_gate().save(path)
    files = {path.name: sha256_of(path)}
    card = ModelCard("gate", "Gate", 1, gate_inference(SIZE), files=files)
    write_card(card, tmp_path / "models")
    data = write_small_fracatlas(tmp_path / "FracAtlas")
    words = ["sensitivity", "gate", "--models", str(tmp_path / "models"), "--data", str(data)]
    assert command_line.main([*words, "--pictures", "6"]) == 0
    report = json.loads((path.parent / "sensitivity.json").read_text())
    assert (report["file"], report["split"]) == (files["model.keras"], "train")
    assert {"tensor", "kind", "logit_rms"} == report["tensors"][0].keys()
    assert "all of them" in capsys.readouterr().out


def test_a_network_without_a_keras_file_is_told():
    card = ModelCard("mine", "Mine", 1, gate_inference(SIZE), files={FLOAT_LITERT: ""})
    with pytest.raises(MissingModelError, match="fracturelens convert"):
        check_from_keras(card)
