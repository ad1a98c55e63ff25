"""What the user brings, and the synthetic samples."""

import json

from app_pages.dashboard.uploads import xray_file
from fracturelens.xray.samples import read_samples
from important_variables import SAMPLES


def test_file_carries_its_digest():
    file = xray_file("a.png", b"abc")
    assert file.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert not file.synthetic


def test_samples_are_there_and_synthetic():
    entries = read_samples(SAMPLES)
    assert {entry["broken"] for entry in entries} == {True, False}
    assert all(entry["synthetic"] for entry in entries)


def test_samples_without_a_picture_are_left_out(tmp_path):
    assert read_samples(tmp_path) == []
    (tmp_path / "there.png").write_bytes(b"")
    entries = [{"file": "there.png"}, {"file": "gone.png"}]
    (tmp_path / "samples.json").write_text(json.dumps(entries))
    assert read_samples(tmp_path) == entries[:1]
