import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.evaluate.lesion_metrics import (
    ScoredRegion,
    box_steps,
    froc_curve,
    froc_steps,
    mean_average_precision,
    recall_at,
)


def region(score, *overlaps, box=(0, 0, 1, 1)):
    return ScoredRegion(score, box, np.array(overlaps), np.array(overlaps), True)


# Picture 0: two lesions; one found at 0.9 (and again at 0.5), the other at 0.3 only loosely.
# Picture 1: no lesion, false regions at 0.7 and 0.2. Picture 2: a lesion that nothing finds.
PICTURES = [
    (region(0.9, 0.6, 0.0), region(0.5, 0.5, 0.0), region(0.3, 0.0, 0.2)),
    (region(0.7), region(0.2)),
    (),
]
LESIONS = np.array([2, 0, 1])
ONES = np.ones((1, 3), np.float32)


def test_froc_by_hand():
    curve = froc_curve(froc_steps(PICTURES, LESIONS, 0.1))
    assert curve["score"] == [None, 0.9, 0.3, None]
    assert curve["recall"] == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3])
    assert curve["false_per_image"] == pytest.approx([0, 0, 1 / 3, 2 / 3])


def test_a_stricter_overlap_turns_a_find_into_a_false_region():
    steps = froc_steps(PICTURES, LESIONS, 0.3)
    assert recall_at(steps, 10)(ONES)[0] == pytest.approx(1 / 3)
    assert froc_curve(steps)["false_per_image"][-1] == 1


@pytest.mark.parametrize(("allowed", "recall"), [(0.25, 1 / 3), (1 / 3, 2 / 3), (1, 2 / 3)])
def test_recall_at_a_false_positive_rate(allowed, recall):
    assert recall_at(froc_steps(PICTURES, LESIONS, 0.1), allowed)(ONES)[0] == pytest.approx(recall)


def test_equal_scores_are_taken_together():
    steps = froc_steps([(region(0.5, 0.9),), (region(0.5),)], np.array([1, 0]), 0.1)
    assert recall_at(steps, 0.25)(np.ones((1, 2)))[0] == 0
    assert recall_at(steps, 0.5)(np.ones((1, 2)))[0] == 1


def test_weights_repeat_pictures():
    repeated = [PICTURES[0], PICTURES[0], PICTURES[1], PICTURES[2]]
    counted = froc_steps(repeated, np.array([2, 2, 0, 1]), 0.1)
    steps = froc_steps(PICTURES, LESIONS, 0.1)
    for allowed in (0.2, 0.25, 0.5):
        assert recall_at(steps, allowed)(np.array([[2, 1, 1]]))[0] == pytest.approx(
            recall_at(counted, allowed)(np.ones((1, 4)))[0]
        )


def test_no_region_at_all_finds_nothing():
    steps = froc_steps([(), (), ()], LESIONS, 0.1)
    assert recall_at(steps, 1)(ONES)[0] == 0
    assert froc_curve(steps)["recall"] == [0.0, 0.0]
    assert mean_average_precision(steps, np.ones(3, bool))(ONES)[0] == 0


def test_box_average_precision_by_hand():
    # by score: hit, false (second on the same lesion), false, hit of four lesions
    pictures = [(region(0.9, 0.8), region(0.8, 0.7)), (region(0.7),), (region(0.6, 0.9, 0.6),)]
    lesions = np.array([1, 0, 3])
    pictures[2] = (region(0.6, 0.9, 0.6, 0.0),)
    found = mean_average_precision(box_steps(pictures, lesions), np.ones(3, bool))(ONES)[0]
    # precision 1 up to recall 0.25 (26 steps), 0.5 up to recall 0.5 (25 steps), then 0
    assert found == pytest.approx((26 * 1 + 25 * 0.5) / 101)


def box_overlap(first, second):
    x, y = max(first[0], second[0]), max(first[1], second[1])
    width = min(first[0] + first[2], second[0] + second[2]) - x
    height = min(first[1] + first[3], second[1] + second[3]) - y
    shared = max(width, 0) * max(height, 0)
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)


def test_box_average_precision_agrees_with_pycocotools():
    generator = np.random.default_rng(0)
    truth, guesses, pictures, lesions = [], [], [], []
    for picture in range(40):
        boxes = generator.integers(5, 40, (generator.integers(0, 4), 4)).astype(float)
        lesions.append(len(boxes))
        truth += [
            {
                "id": len(truth) + i + 1,
                "image_id": picture,
                "category_id": 1,
                "bbox": list(box),
                "area": box[2] * box[3],
                "iscrowd": 0,
            }
            for i, box in enumerate(boxes)
        ]
        near = boxes + generator.normal(0, 3, boxes.shape)
        painted = [*near, *generator.integers(5, 40, (2, 4)).astype(float)]
        regions = []
        for box in painted:
            overlaps = np.array([box_overlap(box, true) for true in boxes])
            score = float(generator.random())
            regions.append(ScoredRegion(score, tuple(box), overlaps, overlaps, True))
            guesses.append(
                {"image_id": picture, "category_id": 1, "bbox": list(box), "score": score}
            )
        pictures.append(tuple(regions))
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": i} for i in range(40)],
            "annotations": truth,
            "categories": [{"id": 1}],
        }
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(guesses), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    ours = mean_average_precision(box_steps(pictures, np.array(lesions)), np.ones(40, bool))
    assert ours(np.ones((1, 40)))[0] == pytest.approx(judge.stats[1], abs=1e-6)
