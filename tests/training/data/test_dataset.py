"""FracAtlas is read as the official layout and our split files say."""

from collections import Counter

import cv2
import numpy as np
import pytest

from fracturelens.xray.read import decode_xray
from tests.helpers.small_fracatlas import FRACTURED, HEIGHT, WIDTH, write_small_fracatlas
from training.data.dataset import (
    FracAtlasError,
    lesion_mask,
    load_image,
    read_fracatlas,
    read_splits,
    usable,
)
from training.fit.batches import load_examples


@pytest.fixture
def folder(tmp_path):
    return write_small_fracatlas(tmp_path / "FracAtlas")


def test_pictures_come_with_split_label_and_polygons(folder):
    xrays = {xray.image_id: xray for xray in read_fracatlas(folder)}
    assert len(xrays) == 6
    broken = xrays[FRACTURED[0]]
    assert (broken.split, broken.fractured, broken.excluded) == ("train", True, "")
    assert broken.polygons[0].min(0) == pytest.approx([0.5, 120 / 270])
    assert xrays["IMG0000010.jpg"].polygons == ()
    assert load_image(broken).shape == (HEIGHT, WIDTH) and load_image(broken).dtype == np.uint8


def test_a_color_picture_is_trained_on_as_inference_sees_it(folder):
    xray = {xray.image_id: xray for xray in read_fracatlas(folder)}[FRACTURED[0]]
    tinted = np.stack([load_image(xray), load_image(xray) // 2, load_image(xray) // 4], axis=-1)
    cv2.imwrite(str(xray.path), tinted)
    seen = decode_xray(xray.path.read_bytes()).network_pixels
    assert np.array_equal(load_image(xray), seen)
    assert np.array_equal(load_examples([xray])[0].image, seen)
    assert not np.array_equal(seen, cv2.imread(str(xray.path))[..., 2]), "not one of its channels"


def test_polygons_scale_to_the_size_asked_for(folder):
    xray = read_fracatlas(folder)[2]
    mask = lesion_mask(xray, HEIGHT, WIDTH)
    rows, columns = np.nonzero(mask)
    assert mask.dtype == np.uint8
    assert abs(rows.min() - 40) <= 1 and abs(rows.max() - 59) <= 1
    assert abs(columns.min() - 30) <= 1 and abs(columns.max() - 49) <= 1
    double = lesion_mask(xray, 2 * HEIGHT, 2 * WIDTH)
    assert double.sum() / mask.sum() == pytest.approx(4, rel=0.15)


def test_splits_are_whole_and_apart():
    rows = read_splits()
    counts = Counter(split for split, _, _ in rows)
    assert counts == {"train": 3000, "val": 600, "test": 483}
    assert len({name for _, name, _ in rows}) == 4083
    left = Counter(split for split, _, reason in rows if not reason)
    assert left == {"train": 2914, "val": 517, "test": 483}


def test_missing_folder_names_the_remedy(tmp_path):
    with pytest.raises(FracAtlasError, match=r"No picture.*fracturelens download"):
        read_fracatlas(tmp_path)


@pytest.mark.parametrize("name", ["dataset.csv", "Annotations/COCO JSON/COCO_fracture_masks.json"])
def test_missing_table_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(FracAtlasError, match=f"{name} is missing"):
        read_fracatlas(folder)


def test_real_counts(fracatlas):
    xrays = read_fracatlas(fracatlas)
    train, val = usable(xrays, "train"), usable(xrays, "val")
    assert (len(train), sum(xray.fractured for xray in train)) == (2914, 507)
    assert (len(val), sum(xray.fractured for xray in val)) == (517, 104)
    assert all(bool(xray.polygons) == xray.fractured for xray in train + val)
