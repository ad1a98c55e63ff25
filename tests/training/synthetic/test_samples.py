"""Synthetic radiographs and the samples made of them."""

import argparse
import json
from functools import cache

import cv2
import numpy as np
import pytest

from fracturelens.xray.read import decode_xray
from important_variables import SAMPLES
from training.synthetic import arm, leg
from training.synthetic.anatomy import draw_anatomy
from training.synthetic.breaks import Break
from training.synthetic.film import expose, trace_paths
from training.synthetic.samples import (
    SAMPLE_SEEDS,
    add_arguments,
    draw_radiograph,
    run,
    synthetic_batch,
)
from training.synthetic.shapes import HEIGHT, WIDTH, Anatomy, Tube, both

picture_of = cache(draw_radiograph)
RECORDS = json.loads((SAMPLES / "samples.json").read_text())


def one_bone(fracture: Break | None = None):
    """A straight bone of 20 px in the middle, alone in the air: path lengths and mask."""
    bone = Tube("bone", (186, 50), (186, 400), both((0, 10), (1, 10)), ((0, 0.3), (1, 0.3)))
    anatomy = Anatomy("Bone", (bone,), (), 0.08)
    return trace_paths(anatomy, bone if fracture else None, fracture, np.random.default_rng(0))


def test_paths_through_a_tube_are_those_of_geometry():
    paths, mask = one_bone()
    row = 2 * 225
    across = paths.cortical[row] + paths.spongy[row] + paths.marrow[row]
    assert across.max() == pytest.approx(20, abs=0.1)
    assert across.sum() / 2 == pytest.approx(np.pi * 10**2, rel=0.01)
    assert paths.cortical[row].sum() / 2 == pytest.approx(np.pi * (10**2 - 7**2), rel=0.02)
    assert not mask.any()


def test_the_cortex_is_brighter_than_the_marrow():
    paths, _ = one_bone()
    film = expose(paths, 0.08, np.random.default_rng(0)).astype(int)
    assert film[225, 178] > film[225, 186] + 15 > film[225, 100] + 30


def test_a_gap_lets_the_beam_through_and_lies_in_the_mask():
    fracture = Break("transverse", 0.5, slope=0.0, roughness=0.0, gap=3.0)
    paths, mask = one_bone(fracture)
    solid = cv2.resize(paths.cortical, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)[:, 186]
    gap = np.flatnonzero(solid[60:390] < 0.7 * np.median(solid[60:390])) + 60
    assert 3 <= len(gap) <= 5
    assert mask[gap, 186].all()
    assert 225 - 10 < np.argwhere(mask)[:, 0].mean() < 225 + 10


def test_displaced_fragments_overlap_and_both_lie_in_the_mask():
    fracture = Break("displaced", 0.5, 0.0, 0.0, 0.0, 1.0, 6.0, -6.0, overlap=8.0)
    paths, mask = one_bone(fracture)
    bone = paths.cortical + paths.spongy + paths.marrow
    assert bone.max() > 28, "two bones in the beam"
    columns = np.flatnonzero(mask.any(axis=0))
    assert columns[0] < 172 and columns[-1] > 200


def test_a_hairline_leaves_the_far_side_whole():
    whole, _ = one_bone()
    fracture = Break("hairline", 0.5, 0.0, 0.0, gap=2.0, share=0.6)
    cracked, mask = one_bone(fracture)
    lost = (whole.cortical - cracked.cortical)[2 * 215 : 2 * 235]
    assert lost[:, 2 * 178 : 2 * 186].max() > 1
    assert np.abs(lost[:, 2 * 191 :]).max() < 0.1
    assert mask[225, 180] and not mask[225, 196]


@pytest.mark.parametrize("seed", range(4))
def test_broken_pictures_have_lesions_of_the_size_that_annotators_draw(seed):
    radiograph = picture_of(seed, True)
    assert radiograph.image.shape == (HEIGHT, WIDTH)
    assert radiograph.image.dtype == np.uint8
    assert radiograph.mask.dtype == bool
    assert 0.0005 < radiograph.mask.mean() < 0.02
    assert "fracture of the" in radiograph.description


def test_whole_pictures_have_an_empty_mask():
    radiograph = picture_of(3, False)
    assert not radiograph.mask.any()
    assert radiograph.description == "Hip, whole bones"


def test_same_seed_same_picture_other_seed_another():
    first, again = picture_of(2, True).image, draw_radiograph(2, broken=True).image
    other = picture_of(3, True).image
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.3


def test_broken_and_whole_differ_most_within_the_mask():
    broken, whole = (picture_of(3, state) for state in (True, False))
    difference = np.abs(broken.image.astype(int) - whole.image)
    assert difference[broken.mask].mean() > 5 * difference[~broken.mask].mean()


def test_the_picture_uses_the_gray_scale_of_a_film():
    gray = picture_of(8, False).image
    assert np.percentile(gray, 5) < 40
    assert np.percentile(gray, 99) > 130
    assert len(np.unique(gray)) > 150


@pytest.mark.parametrize(
    "draw", [arm.draw_forearm, arm.draw_hand, leg.draw_lower_leg, leg.draw_hip]
)
def test_each_body_part_has_bones_that_break_and_lies_in_flesh(draw):
    anatomy = draw(np.random.default_rng(0))
    assert any(bone.sites for bone in anatomy.bones)
    assert anatomy.flesh


def test_all_body_parts_are_drawn():
    names = {draw_anatomy(np.random.default_rng(seed)).name for seed in range(30)}
    assert names == {"Forearm", "Lower leg", "Hand", "Hip"}


def test_batch_alternates_broken_and_whole():
    batch = list(synthetic_batch(3, seed=1))
    assert [mask.any() for _, mask in batch] == [True, False, True]
    assert len({image.tobytes() for image, _ in batch}) == 3
    (again, _), *_ = synthetic_batch(1, seed=1)
    np.testing.assert_array_equal(again, batch[0][0])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["file"])
def test_committed_samples_are_what_the_code_draws(record):
    """One gray level is left to the last bit of another processor's exponentials."""
    drawn = picture_of(record["seed"], record["broken"])
    image = decode_xray((SAMPLES / record["file"]).read_bytes()).pixels
    mask = decode_xray((SAMPLES / record["mask"]).read_bytes()).pixels > 0
    assert np.abs(image.astype(int) - drawn.image).max() <= 1
    np.testing.assert_array_equal(mask, drawn.mask)
    assert record["description"] == drawn.description


def test_samples_are_listed_and_labelled():
    assert [record["file"] for record in RECORDS] == [f"{name}.png" for name in SAMPLE_SEEDS]
    assert sum(record["broken"] for record in RECORDS) == 4
    assert all(record["synthetic"] and record["license"] for record in RECORDS)
    pictures = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*.png")}
    assert pictures == {record[key] for record in RECORDS for key in ("file", "mask")}


def test_the_command_writes_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("training.synthetic.samples.SAMPLE_SEEDS", {"hand": (4, True)})
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args(["--folder", str(tmp_path / "samples")])) == 0
    assert "1 synthetic X-rays" in capsys.readouterr().out
    (record,) = json.loads((tmp_path / "samples/samples.json").read_text())
    written = decode_xray((tmp_path / "samples" / record["file"]).read_bytes())
    assert written.pixels.shape == (454, 373)
