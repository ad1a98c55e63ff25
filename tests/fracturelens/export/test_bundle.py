"""One ZIP of everything, and the picture of all pictures."""

import io
import json
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from fracturelens.export.bundle import bundle_zip
from fracturelens.export.records import Report
from fracturelens.export.sheet import side_by_side_png
from fracturelens.findings.views import VIEW_SIDE
from fracturelens.results import Examination
from important_variables import DISCLAIMER
from tests.helpers.reports import report


def test_a_zip_holds_the_files_of_each_xray_under_names_of_their_own():
    reports = [
        report("a.png"),
        report("A.png", gray=130),
        report("dark.png", gray=20),
        Report("no.png", Examination(error="it is text.")),
    ]
    told = []
    data = bundle_zip(reports, 0.5, told.append)
    bundle = ZipFile(io.BytesIO(data))
    assert bundle.testzip() is None
    names = bundle.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    assert sorted(name for name in names if name.startswith("a_")) == [
        "a_encoder_decoder_mask.png",
        "a_encoder_decoder_overlay.png",
        "a_report.pdf",
        "a_side_by_side.png",
        "a_unet_mask.png",
        "a_unet_overlay.png",
    ]
    assert not any("mask" in name for name in names if name.startswith("A-2"))
    assert [name for name in names if name.startswith("dark")] == [
        "dark_report.pdf",
        "dark_side_by_side.png",
    ]
    assert not any(name.startswith("no") for name in names)
    assert len(json.loads(bundle.read("results.json"))["results"]) == 4
    assert told == [0, 1, 2, 3]
    assert {entry.date_time for entry in bundle.infolist()} == {(2026, 11, 26, 4, 20, 16)}
    assert bundle_zip(reports, 0.5) == data


def test_pictures_in_a_zip_have_the_size_of_the_xray():
    bundle = ZipFile(io.BytesIO(bundle_zip([report()], 0.5)))
    for kind in ("overlay", "mask"):
        assert Image.open(bundle.open(f"wrist_unet_{kind}.png")).size == (90, 120)


@pytest.mark.parametrize(("gray", "panes"), [(230, 4), (130, 4), (20, 1)])
def test_pictures_stand_side_by_side(gray, panes):
    picture = Image.open(io.BytesIO(side_by_side_png(report(gray=gray), 0.5)))
    assert picture.info["Disclaimer"] == DISCLAIMER
    width, height = picture.size
    assert height > VIEW_SIDE and width >= panes * VIEW_SIDE * 90 / 120
    lines = np.asarray(picture.convert("L"))[-40:]
    assert (lines > 150).sum() > 500, "the disclaimer is drawn too"


def test_side_by_side_needs_a_verdict():
    with pytest.raises(ValueError, match="was judged"):
        side_by_side_png(Report("no.png", Examination(error="it is text.")), 0.5)
