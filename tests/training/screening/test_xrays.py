"""FracAtlas for screening: films, negatives, and parts that lie on training films alone."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data.dataset import Xray, read_splits
from training.screening.pictures import KINDS
from training.screening.xrays import FOLDS, film_picture, fold_of, read_regions, xray_pictures

HEADER = "image_id,kind,left,top,right,bottom,middle\n"


@pytest.fixture
def films(tmp_path):
    """Three films 100 x 200: bright from the left to the right."""
    made = []
    for number, part in enumerate(("hand", "shoulder", "hip")):
        path = tmp_path / f"IMG000000{number}.png"
        cv2.imwrite(str(path), np.tile(np.arange(200, dtype=np.uint8), (100, 1)))
        made.append(Xray(path.name, path, "train", False, attributes={part: 1}))
    return made


def regions(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "regions.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n")
    return path


def drawn(pictures, kind, seed=0):
    return [p.draw(np.random.default_rng(seed)) for p in pictures if p.kind == kind]


def test_every_region_lies_on_a_usable_training_film():
    train = {name for split, name, excluded in read_splits() if split == "train" and not excluded}
    found = read_regions()
    assert len(found) > 200 and {region.image_id for region in found} <= train
    for region in found:
        left, top, right, bottom = region.box
        assert region.kind in KINDS
        assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1
        if region.kind == "chest":
            assert left <= region.middle <= right
        else:
            assert region.middle is None


def test_films_are_of_limbs_or_girdles_and_shoulders_are_hardly_cropped(films):
    kinds = [film_picture(film) for film in films]
    assert [picture.kind for picture in kinds] == ["limb", "girdle", "girdle"]
    assert [picture.smallest_crop for picture in kinds] == [0.55, 0.85, 0.55]


def test_a_negative_has_black_and_white_exchanged(films, tmp_path):
    pictures = list(xray_pictures(films, regions(tmp_path)))
    assert [p.kind for p in pictures] == ["limb", "negative", "girdle", "girdle"]
    (negative,) = drawn(pictures, "negative")
    assert np.array_equal(negative, 255 - drawn(pictures, "limb")[0])


def test_a_chest_with_one_lung_is_mirrored_at_its_middle(films, tmp_path):
    table = regions(tmp_path, "IMG0000001.png,chest,0.2,0.1,0.6,0.9,0.6")
    pictures = list(xray_pictures(films, table))
    for seed in range(10):
        (chest,) = drawn(pictures, "chest", seed)
        assert np.array_equal(chest, chest[:, ::-1])
        assert chest[:, chest.shape[1] // 2].max() == 119, "the midline, at 0.6 of 200 columns"
        assert chest.min() <= 40


def test_a_chest_with_both_lungs_is_mostly_taken_as_it_is(films, tmp_path):
    table = regions(tmp_path, "IMG0000001.png,chest,0.2,0.1,0.8,0.9,0.5")
    pictures = list(xray_pictures(films, table))
    whole = [
        not np.array_equal(chest, chest[:, ::-1])
        for seed in range(40)
        for chest in drawn(pictures, "chest", seed)
    ]
    assert 0.5 < np.mean(whole) < 0.95


def test_the_joint_lies_beyond_the_better_seen_lung(films, tmp_path):
    table = regions(tmp_path, "IMG0000001.png,chest,0.4,0.3,0.7,0.8,0.7")
    pictures = list(xray_pictures(films, table))
    joints = [p for p in pictures if p.kind == "girdle" and "joint" in p.name]
    for seed in range(20):
        joint = joints[0].draw(np.random.default_rng(seed))
        assert joint.min() < 0.4 * 200 and joint.max() < 0.75 * 200


def test_a_spine_is_cut_out_as_outlined(films, tmp_path):
    table = regions(tmp_path, "IMG0000002.png,spine,0.25,0.0,0.5,0.4,", "IMG9.png,spine,0,0,1,1,")
    (spine,) = drawn(list(xray_pictures(films, table)), "spine")
    assert spine.shape == (40, 50) and spine[0, 0] == 50


def test_neighboring_ids_share_a_fold():
    ids = [f"IMG{number:07d}.jpg" for number in range(0, 4400, 11)]
    folds = [fold_of(Xray(name, Path(name), "train", False)) for name in ids]
    assert len(set(folds)) == FOLDS and folds == sorted(folds)
