"""The phone's section of benchmarks/README.md tells what was measured, and what is an estimate."""

import json

from fracturelens.networks.card import FILES, read_card
from fracturelens.screening.network import SCREENING
from important_variables import NETWORKS, SAVED_MODELS
from training.documents.phone_tables import NOT_RUN, phone_markdown

NAMES = (SCREENING, *NETWORKS)


def written(tmp_path, **files):
    shipped = {name: read_card(name).files[FILES["int8"]] for name in NAMES}
    times = {
        f"{where}_{threads}": dict.fromkeys(NAMES, 10.0)
        for where in ("chromium", "native")
        for threads in (1, 2)
    }
    steps = {"decode": 5.0, "screening": 20.0, "gate": 75.0, "unet": 100.0}
    report = {
        "machine": {"processor": "a processor"},
        "date": "2026-11-26",
        "files": shipped | files,
        "networks": times,
        "steps": {"chromium_1": steps, "chromium_2": steps, "native": {"whole": 50.0}},
    }
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(report))
    return phone_markdown(path, SAVED_MODELS)


def test_times_and_the_estimate(tmp_path):
    text = written(tmp_path)
    assert "| All, once | 40.0 | 40.0 | 40.0 | 40.0 |" in text
    assert "an estimate (4 times)" in text
    assert "| Screening | 10.0 |" in text
    assert "| Chromium, 1 thread | 100 ms | 200 ms | 0.4 s | 0.8 s |" in text
    assert "are others than those timed" not in text


def test_other_files_are_told(tmp_path):
    assert "The shipped files of Gate are others" in written(tmp_path, gate="0")


def test_nothing_measured_yet(tmp_path):
    assert phone_markdown(tmp_path / "none.json", SAVED_MODELS) == f"{NOT_RUN}\n"
