"""What the user brings, and the synthetic samples."""

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from app_pages.dashboard.films import xray_files
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.samples import read_samples
from important_variables import SAMPLES
from tests.helpers.app_helpers import xray_png


def test_file_carries_its_digest():
    data = xray_png(90)
    [file] = xray_files("a.png", data)
    assert file.digest == hashlib.sha256(data).hexdigest()
    assert file.name == "a.png" and not file.synthetic
    assert file.decode().pixels.shape == (96, 96)


def test_a_zip_gives_all_its_xrays_and_names_what_cannot_be_read():
    archive = BytesIO()
    with ZipFile(archive, "w") as writer:
        writer.writestr("hand/1.png", xray_png(90))
        writer.writestr("hand/2.png", xray_png(120))
        writer.writestr("hand/3.png", xray_png(120)[:300])
    files = xray_files("study.zip", archive.getvalue())
    assert [file.name for file in files] == [f"study.zip: hand/{n}.png" for n in (1, 2, 3)]
    assert len({file.digest for file in files}) == 3
    assert files[1].decode().pixels.mean() == pytest.approx(120, abs=1)
    with pytest.raises(UnreadableXrayError, match="PNG"):
        files[2].decode()


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
