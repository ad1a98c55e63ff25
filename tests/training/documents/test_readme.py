"""Keeps the README's tables equal to what the evaluations say."""

import json
from pathlib import Path

import pytest

from fracturelens.networks.card import ModelCard, write_card
from important_variables import ROOT, SAVED_MODELS
from tests.helpers.app_helpers import benchmark_report
from training.documents.readme import (
    BEGIN,
    END,
    NOT_YET,
    README,
    ReadmeError,
    figures,
    with_figures,
)

DATA = {"images": 12, "fractured": 4, "lesions": 5}


def estimate(value, low=None, high=None):
    return {"value": value, "low": low, "high": high, "n": 12}


def write_evaluation(folder: Path, name: str, content: dict, ending: str = "") -> None:
    path = folder / name / f"evaluation_val{ending}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": DATA, "labels": {"auroc": "AUROC"}} | content))


def test_readme_is_up_to_date():
    text = README.read_text()
    assert with_figures(text, SAVED_MODELS) == text, "run `python command_line.py readme`"


def test_readme_names_only_files_that_exist():
    links = [part.split(")")[0] for part in README.read_text().split("](")[1:]]
    local = [link.split("#")[0] for link in links if "://" not in link and not link.startswith("#")]
    assert local
    assert [link for link in local if not (ROOT / link).exists()] == []


def test_every_requirement_has_its_line():
    text = README.read_text()
    for file in ROOT.glob("requirements*.txt"):
        for line in file.read_text().splitlines():
            if line and line[0] not in "#-":
                assert f"`{line.split('==')[0]}`" in text, f"{line} of {file.name} has no line"


def test_gate_row_holds_both_precisions_and_the_trivial_answer(tmp_path):
    baselines = [
        {"label": "image size and format", "metrics": {"auroc": estimate(0.59)}},
        {"label": "always negative", "metrics": {"auroc": estimate(0.5)}},
    ]
    metrics = {"auroc": estimate(0.93, 0.9, 0.95)}
    write_evaluation(tmp_path, "gate", {"metrics": metrics, "baselines": baselines})
    write_evaluation(tmp_path, "gate", {"metrics": {"auroc": estimate(0.928)}}, "_int8")
    row = "| Gate | AUROC | 0.930 (0.900 to 0.950) | 0.928 | 0.590, image size and format |"
    assert row in figures(tmp_path)
    assert "**Validation**: 12 X-rays, 4 of them fractured, 5 lesions" in figures(tmp_path)


def test_cascade_rows_name_the_segmenter(tmp_path):
    write_evaluation(tmp_path, "gate", {"metrics": {}})
    found = {"metrics": {key: estimate(0.9) for key in ("dice_empty_one", "iou_empty_one")}}
    write_evaluation(tmp_path, "cascade", {"networks": {"unet": found}})
    assert "| Gate, then U-Net | dice_empty_one | 0.900 | - | - |" in figures(tmp_path)


def test_network_row_is_read_from_card_and_files(tmp_path):
    training = {"epochs": 60, "best_epoch": 41, "seconds": 5400, "machine": "x86_64, 2 cores"}
    write_card(
        ModelCard("unet", "U-Net", 1941122, {"input_size": 256}, training=training), tmp_path
    )
    (tmp_path / "unet" / "model.keras").write_bytes(bytes(7_800_000))
    row = "| U-Net | 1,941,122 | 256 px | 41 of 60 | 90 minutes, x86_64, 2 cores | 7.80 MB | - |"
    assert row in figures(tmp_path)


def test_no_figures_are_said_so(tmp_path):
    text, no_benchmark = f"a\n{BEGIN}\nold\n{END}\nb\n", tmp_path / "latest.json"
    assert with_figures(text, tmp_path, no_benchmark) == (f"a\n{BEGIN}\n\n{NOT_YET}\n\n{END}\nb\n")


def test_speed_is_shown_with_its_targets(tmp_path):
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(benchmark_report()))
    assert "| within reach of the peer | 1.40 | at most 1.1 | no |" in figures(tmp_path, path)


@pytest.mark.parametrize("text", ["", BEGIN, f"{BEGIN}{END}{END}"])
def test_missing_marks_are_told(tmp_path, text):
    with pytest.raises(ReadmeError, match=r"needs one line"):
        with_figures(text, tmp_path)
