"""Kinds of failures are those of the very network that a person looked at."""

import json

import pytest

from fracturelens.measured.failure_kinds import failure_rows, read_failures
from fracturelens.networks.card import ModelCard, read_card, write_card
from fracturelens.networks.inference import gate_inference
from important_variables import NETWORKS, SAVED_MODELS


def kinds(**counts):
    return [{"kind": kind, "pictures": count} for kind, count in counts.items()]


FAILURES = {
    "network_sha256": "abc",
    "false_negatives": {"looked_at": 40, "kinds": kinds(small=3, plaster=5)},
    "false_positives": {"looked_at": 38, "kinds": kinds(elbow=9)},
}


def write(folder, digest="abc", content=FAILURES):
    write_card(
        ModelCard("gate", "Gate", 1, gate_inference(64), files={"model.keras": digest}), folder
    )
    (folder / "gate" / "failures.json").write_text(json.dumps(content))


def test_the_most_frequent_kind_comes_first(tmp_path):
    write(tmp_path)
    rows = failure_rows("gate", read_failures("gate", tmp_path))
    assert [tuple(row.values()) for row in rows] == [
        ("Lowest-scored fractures", "plaster", "5 of 40"),
        ("Lowest-scored fractures", "small", "3 of 40"),
        ("Highest-scored X-rays without a fracture", "elbow", "9 of 38"),
    ]


def test_an_earlier_count_stands_beside(tmp_path):
    before = {"false_negatives": {"looked_at": 50, "kinds": kinds(small=7, pale=2)}}
    write(tmp_path, content=FAILURES | {"before": before})
    rows = failure_rows("gate", read_failures("gate", tmp_path))
    assert [tuple(row.values())[1:] for row in rows] == [
        ("plaster", "5 of 40", "0 of 50"),
        ("small", "3 of 40", "7 of 50"),
        ("pale", "0 of 40", "2 of 50"),
        ("elbow", "9 of 38"),
    ]


def test_another_network_has_not_been_looked_at(tmp_path):
    write(tmp_path, digest="def")
    assert read_failures("gate", tmp_path) is None


@pytest.mark.parametrize("text", ["", "[", "{}", None])
def test_no_readable_file_is_none(tmp_path, text):
    write(tmp_path)
    path = tmp_path / "gate" / "failures.json"
    path.write_text(text) if text is not None else path.unlink()
    assert read_failures("gate", tmp_path) is None


@pytest.mark.parametrize("name", NETWORKS)
def test_shipped_kinds_fit_the_shipped_networks(name):
    failures = read_failures(name, SAVED_MODELS)
    assert failures, f"look at the worst cases of {name} and write its failures.json"
    assert failures.network_sha256 == read_card(name).files["model.keras"]
    for seen in (failures.false_negatives, failures.false_positives):
        counts = [kind.pictures for kind in seen.kinds]
        assert counts and max(counts) <= seen.looked_at
