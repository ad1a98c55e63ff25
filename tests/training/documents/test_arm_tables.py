"""Tests of arm_tables: the comparison as it was, and the arithmetic of the estimate."""

import json

from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.inference import GATE_VIEWS
from important_variables import NETWORKS
from tests.helpers.tiny_networks import tiny_int8_file
from training.benchmark.arm_proof import file_hashes
from training.documents.arm_tables import NOT_RUN, arm_markdown
from training.fit.new_card import new_inference
from training.quantize.operator_table import total_multiply_accumulates


def models(folder):
    for name in NETWORKS:
        (folder / name).mkdir()
        (folder / name / "model_int8.tflite").write_bytes(tiny_int8_file())
        inference = new_inference(name, 16, enlarged=True)
        write_card(ModelCard(name, name, 1, inference), folder)
    return folder


def result(folder, **changes):
    one = {"outputs": 1000, "equal": 999, "largest_steps": 1.0}
    report = {
        "date": "2026-11-22",
        "processor": "Some core",
        "runtime": "LiteRT 0",
        "pictures": 6,
        "files": file_hashes(folder),
        "networks": dict.fromkeys(NETWORKS, one),
        "equal": True,
    } | changes
    path = folder / "latest.json"
    path.write_text(json.dumps(report))
    return path


def test_the_estimate_is_made_of_the_files(tmp_path):
    text = arm_markdown(tmp_path / "none.json", models(tmp_path))
    macs = total_multiply_accumulates(tiny_int8_file())
    assert NOT_RUN in text
    least = macs / 8 / 1.5e9 * 1e3
    row = f"{macs / 1e6:,.0f} | {least:,.0f} ms | {least / 4:,.0f} ms"
    views = len(GATE_VIEWS)
    assert f"| Gate | {row} | {views} | {views * least / 4:,.0f} ms |" in text
    assert f"| U-Net | {row} | 4 | {4 * least / 4:,.0f} ms |" in text


def test_the_comparison_is_told_as_it_was(tmp_path):
    folder = models(tmp_path)
    text = arm_markdown(result(folder), folder)
    assert text.startswith("No output differs by more than one step: 6 synthetic samples")
    assert "| Gate | 1,000 | 999 | 1 |" in text and "not the ones" not in text


def test_a_difference_and_other_files_are_told(tmp_path):
    folder = models(tmp_path)
    hashes = file_hashes(folder) | {"unet": "another"}
    text = arm_markdown(result(folder, equal=False, files=hashes), folder)
    assert text.startswith("**Outputs differ**")
    assert "The shipped files of U-Net are not the ones that were compared." in text
