"""Pictures that are no films: what packages bring, what is drawn, what is simulated."""

from collections import Counter

import numpy as np
import pytest

from training.screening import packages
from training.screening.drawn import draw_chart, draw_clouds, draw_page, draw_scene, drawn_pictures
from training.screening.packages import MissingPictureError, package_pictures
from training.screening.phantoms import (
    draw_frontal_head,
    draw_jaws,
    draw_lateral_head,
)
from training.screening.pictures import KINDS, KNOWN

DRAWERS = (
    draw_page,
    draw_chart,
    draw_scene,
    draw_clouds,
    draw_lateral_head,
    draw_frontal_head,
    draw_jaws,
)


def test_packages_bring_scans_and_photographs_without_a_download():
    pictures = list(package_pictures())
    counts = Counter(picture.kind for picture in pictures)
    assert counts["ct"] >= 7 and counts["mr"] >= 8 and counts["us"] >= 10
    assert counts["photo"] >= 15 and counts["chest"] == 1
    assert not set(counts) & set(KNOWN) and set(counts) <= set(KINDS)
    rng = np.random.default_rng(0)
    for picture in pictures:
        gray = picture.draw(rng)
        assert gray.dtype == np.uint8 and gray.ndim == 2 and gray.std() > 4, picture.name
        assert max(gray.shape) <= packages.LARGEST
        assert gray is picture.draw(rng), "read once"


def test_the_packages_chest_is_bright_where_bones_are():
    (chest,) = (picture for picture in package_pictures() if picture.kind == "chest")
    gray = chest.draw(np.random.default_rng(0))
    middle, lungs = gray[300:500, 340:420].mean(), gray[300:500, 180:280].mean()
    assert middle > lungs + 30


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(packages, "get_testdata_file", lambda name, download: None)
    packages.dicom_frames.cache_clear()
    with pytest.raises(MissingPictureError, match=r"requirements-dev\.txt"):
        list(package_pictures())
    packages.dicom_frames.cache_clear()


@pytest.mark.parametrize("draw", DRAWERS, ids=lambda draw: draw.__name__)
def test_a_seed_settles_a_drawing_and_another_one_changes_it(draw):
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first.dtype == np.uint8 and first.ndim == 2 and first.std() > 4
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_drawn_pictures_are_of_other_kinds():
    pictures = list(drawn_pictures())
    assert {picture.kind for picture in pictures} == {"page", "drawing", "texture"}
    screenshots = [picture for picture in pictures if picture.source == "screenshots"]
    assert screenshots
    assert all(picture.draw(np.random.default_rng(0)).ndim == 2 for picture in screenshots[:2])
