"""The table of both runtimes says which network may run in OpenVINO."""

from dataclasses import replace

from fracturelens.measured.runtimes import runtime_rows, runtime_words
from fracturelens.networks.card import read_card
from fracturelens.networks.runtime_parity import Parity, RuntimeParity
from important_variables import SAVED_MODELS

SHIPPED = read_card("unet").files["model_int8.tflite"]
SAME = Parity(SHIPPED, 0, 300, 0.0625, 0.001, 1200, 50_000, 7, 0.98)


def measured(parity):
    versions = {"ai-edge-litert": "2.3.0", "openvino": "2026.4.1"}
    return RuntimeParity("2026-11-26", "A processor", versions, "val", 517, {"unet": parity})


def test_a_row_counts_films_and_pixels():
    [row] = runtime_rows(measured(SAME), SAVED_MODELS)
    assert row == {
        "Network": "U-Net",
        "X-rays answered otherwise": "0",
        "X-rays with any other number": "300",
        "Largest difference": "0.0625",
        "Findings": "1,200",
        "Painted pixels": "50,000",
        "Pixels that differ": "7",
        "May be taken": "yes",
    }


def test_what_answers_otherwise_or_is_another_file_may_not_be_taken(tmp_path):
    [row] = runtime_rows(measured(replace(SAME, answers_that_differ=1)), SAVED_MODELS)
    assert row["May be taken"] == "no"
    [row] = runtime_rows(measured(replace(SAME, sha256="0" * 64)), SAVED_MODELS)
    assert row["May be taken"] == "another file was compared"
    [row] = runtime_rows(measured(replace(SAME, findings=None)), tmp_path)
    assert row["May be taken"] == "another file was compared" and row["Findings"] == ""


def test_the_sentence_names_machine_and_versions():
    assert runtime_words(measured(SAME)) == (
        "Measured on 517 validation X-rays with ai-edge-litert 2.3.0 and openvino 2026.4.1 on "
        "A processor; 2026-11-26."
    )
