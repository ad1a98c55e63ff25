"""`predict` with one network more than ours, with one segmenter only, and without a gate."""

import json

import cv2
import pytest

import command_line
from important_variables import GATE, NETWORKS
from tests.helpers.app_helpers import THIRD, fake_load_model, fake_screening, write_cards, xray_png

ALL = ["encoder_decoder", "unet", "third"]


@pytest.fixture
def predict(tmp_path, monkeypatch):
    """Runs `predict` on a bright X-ray; returns its exit code and the folder of the results."""
    monkeypatch.setenv("FRACTURELENS_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("prediction.load_model", fake_load_model)
    monkeypatch.setattr("prediction.load_screening", lambda *_: fake_screening("limb"))
    (tmp_path / "wrist.png").write_bytes(xray_png(230))

    def run(*words):
        out = tmp_path / "out"
        command = ["predict", str(tmp_path / "wrist.png"), "--out", str(out), *words]
        return command_line.main(command), out

    return run


def test_a_third_network_has_overlay_mask_and_records(predict, networks, tmp_path):
    networks["third"] = THIRD
    write_cards(tmp_path / "models")
    code, out = predict()
    assert code == 0
    assert {path.name for path in out.glob("*.png")} == {
        f"wrist_{name}_{kind}.png" for name in ALL for kind in ("mask", "overlay")
    }
    assert cv2.imread(str(out / "wrist_third_mask.png"), cv2.IMREAD_GRAYSCALE).any()
    overlay = cv2.imread(str(out / "wrist_third_overlay.png"))[..., ::-1]
    assert (overlay == THIRD.mark).all(axis=2).any(), "its ring has its color"
    [record] = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert record["segmenters_run"] == ALL
    assert [one["network"] for one in record["findings"]] == [
        "encoder_decoder", "unet", "unet", "third",
    ]  # fmt: skip
    assert record["findings"][-1]["marked_by"] == sorted(ALL)
    assert "third" in (out / "results.csv").read_text()


def test_one_segmenter_alone_marks_what_it_sees(predict, networks, tmp_path):
    del networks["encoder_decoder"]
    write_cards(tmp_path / "models")
    code, out = predict()
    assert code == 0
    assert {path.name for path in out.glob("*.png")} == {
        "wrist_unet_mask.png",
        "wrist_unet_overlay.png",
    }
    record = json.loads((out / "results.jsonl").read_text())
    assert record["thresholds"]["mask"] == {"unet": 0.5}
    assert {tuple(one["marked_by"]) for one in record["findings"]} == {("unet",)}


@pytest.mark.parametrize("name", NETWORKS)
def test_without_a_card_the_command_says_what_to_do(predict, tmp_path, capsys, name):
    write_cards(tmp_path / "models")
    (tmp_path / "models" / name / "card.json").unlink()
    code, out = predict()
    assert code == 1 and not out.exists()
    assert f"`fracturelens train {name}`" in capsys.readouterr().err


def test_a_gate_alone_gives_verdicts(predict, networks, tmp_path):
    for name in set(networks) - {GATE}:
        del networks[name]
    write_cards(tmp_path / "models")
    code, out = predict("--always-segment")
    assert code == 0 and not list(out.glob("*.png"))
    assert json.loads((out / "results.jsonl").read_text())["verdict"] == "fracture"
