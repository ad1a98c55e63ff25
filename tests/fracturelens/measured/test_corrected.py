"""Corrections that the dashboard saved are read back as labels and outlines."""

import json
from hashlib import sha256

import numpy as np
import pytest

from fracturelens.export.coco import CorrectedFilm, Correction, corrections_json, missed_correction
from fracturelens.measured.corrected import CorrectionsError, read_corrected
from tests.helpers.app_helpers import xray_png

WRONG = Correction("wrong", (10, 20, 30, 10), ())


@pytest.fixture
def source(tmp_path):
    """Corrections of four X-rays: missed, wrong, gone, changed."""
    films = []
    for gray, (name, correction) in enumerate(
        {
            "missed.png": missed_correction((8, 16, 24, 32), (), 200, 160),
            "wrong.png": WRONG,
            "gone.png": WRONG,
            "changed.png": WRONG,
        }.items()
    ):
        data = xray_png(100 + gray)
        (tmp_path / name).write_bytes(data)
        films.append(CorrectedFilm(name, sha256(data).hexdigest(), 160, 200, (correction,)))
    (tmp_path / "gone.png").unlink()
    (tmp_path / "changed.png").write_bytes(xray_png(20))
    path = tmp_path / "corrections.json"
    path.write_bytes(corrections_json(films))
    return path


def test_labels_and_outlines_are_what_the_person_said(source):
    (missed, wrong), left_out = read_corrected(source)
    assert (missed.name, missed.fractured, missed.path) == (
        "missed.png",
        True,
        source.with_name("missed.png"),
    )
    [outline] = missed.outlines
    assert np.allclose(outline.min(axis=0), (8.5 / 160, 16.5 / 200))
    assert np.allclose(outline.max(axis=0), (31.5 / 160, 47.5 / 200))
    assert (wrong.name, wrong.fractured, wrong.outlines) == ("wrong.png", False, ())
    assert left_out.keys() == {"gone.png", "changed.png"}
    assert "beside" in left_out["gone.png"] and "changed" in left_out["changed.png"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"{}", json.dumps({"images": [], "annotations": []}).encode()],
    ids=["empty", "cut", "list", "bytes", "bare", "no image"],
)
def test_other_files_are_told(tmp_path, content):
    path = tmp_path / "corrections.json"
    path.write_bytes(content)
    with pytest.raises(CorrectionsError, match="that the dashboard saves"):
        read_corrected(path)
