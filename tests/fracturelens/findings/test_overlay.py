"""Drawing over X-rays."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from fracturelens.findings.overlay import overlay_agreement, overlay_mask, ring_findings

ORANGE, BLUE, GREEN, WHITE = (230, 159, 0), (86, 180, 233), (0, 158, 115), (255, 255, 255)
COLORS = (ORANGE, BLUE, GREEN)


@dataclass(frozen=True)
class Spot:
    number: int
    box: tuple[int, int, int, int]


@pytest.fixture
def image():
    gray = np.full((200, 160, 3), 100, np.uint8)
    gray.setflags(write=False)
    return gray


def ringed(image, findings, color, dotted=False):
    painted = image.copy()
    ring_findings(painted, [(finding, color) for finding in findings], dotted)
    return painted


def mask_of(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((200, 160), bool)
    mask[rows, columns] = True
    mask.setflags(write=False)
    return mask


def test_mask_is_blended_by_opacity_and_nothing_else_changes(image):
    mask = mask_of(slice(10, 20), slice(30, 50))
    painted = overlay_mask(image, mask, ORANGE, 0.5)
    assert painted[15, 40].tolist() == [165, 130, 50]
    np.testing.assert_array_equal(painted[~mask], image[~mask])


@pytest.mark.parametrize(("opacity", "color"), [(0.0, (100, 100, 100)), (1.0, ORANGE)])
def test_opacity_ends(image, opacity, color):
    painted = overlay_mask(image, mask_of(slice(0, 5), slice(0, 5)), ORANGE, opacity)
    assert tuple(painted[2, 2]) == color


@pytest.fixture
def halves():
    """Two masks that overlap in the middle, and one that overlaps only the first."""
    return [
        mask_of(slice(10, 30), slice(10, 30)),
        mask_of(slice(10, 30), slice(20, 40)),
        mask_of(slice(25, 50), slice(10, 15)),
    ]


def test_agreement_tells_who_marks_alone_from_what_several_do(image, halves):
    painted = overlay_agreement(image, list(zip(halves[:2], COLORS, strict=False)), WHITE, 1.0)
    assert tuple(painted[20, 15]) == ORANGE
    assert tuple(painted[20, 35]) == BLUE
    assert tuple(painted[20, 25]) == WHITE
    assert painted is not image
    marked = halves[0] | halves[1]
    np.testing.assert_array_equal(painted[~marked], image[~marked])


def test_a_third_mask_has_a_color_of_its_own(image, halves):
    painted = overlay_agreement(image, list(zip(halves, COLORS, strict=True)), WHITE, 1.0)
    assert tuple(painted[20, 12]) == ORANGE
    assert tuple(painted[27, 12]) == WHITE, "marked by the first and the third"
    assert tuple(painted[40, 12]) == GREEN


def test_agreement_does_not_hang_on_the_order_of_the_masks(image, halves):
    layers = list(zip(halves, COLORS, strict=True))
    forth, back = (overlay_agreement(image, one, WHITE, 0.5) for one in (layers, layers[::-1]))
    np.testing.assert_array_equal(forth, back)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_empty_masks_give_a_new_equal_picture(image, count):
    layers = [(mask_of(slice(0, 0), slice(0, 0)), ORANGE)] * count
    painted = overlay_agreement(image, layers, WHITE, 0.5)
    np.testing.assert_array_equal(painted, image)
    assert painted is not image


def test_the_ring_encloses_the_finding_and_leaves_it_free(image):
    painted = ringed(image, [Spot(1, (60, 80, 30, 20))], ORANGE)
    np.testing.assert_array_equal(painted[80:100, 60:90], image[80:100, 60:90])
    changed = np.argwhere((painted != image).any(axis=2))
    assert (changed.min(axis=0) < [80, 60]).all()
    assert (changed.max(axis=0) > [99, 89]).all()
    assert (painted == ORANGE).all(axis=2).any()


def test_a_dotted_ring_has_gaps(image):
    spot = Spot(1, (60, 80, 30, 20))
    solid, dotted = (ringed(image, [spot], ORANGE, dotted=dots) for dots in (False, True))
    inked = [(picture == ORANGE).all(axis=2).sum() for picture in (solid, dotted)]
    assert 0 < inked[1] < inked[0]


def test_different_numbers_look_different(image):
    one, two = (ringed(image, [Spot(n, (60, 80, 30, 20))], ORANGE) for n in (1, 2))
    assert (one != two).any()


@pytest.mark.parametrize("box", [(0, 0, 4, 4), (150, 0, 10, 5), (0, 190, 5, 10), (0, 0, 160, 200)])
def test_the_number_stays_inside_the_picture(image, box):
    one, eight = (ringed(image, [Spot(n, box)], ORANGE) for n in (1, 8))
    assert (one != eight).any(axis=2).sum() >= 5


def test_the_number_stands_on_a_disc_clear_of_its_ring(image):
    spot = Spot(2, (60, 80, 30, 20))
    painted = ringed(image, [spot], ORANGE)
    parts = inked_labels(painted, image)
    assert len(parts) == 2, "ring and disc do not touch"
    columns = [np.flatnonzero(part.any(axis=0)) for part in parts]
    badge = parts[int(np.argmin([np.ptp(places) for places in columns]))]
    colors = painted[badge]
    assert (colors == ORANGE).all(axis=1).any() and (colors == 0).all(axis=1).any()


def test_a_number_keeps_off_the_ring_of_its_neighbor():
    image = np.full((400, 400, 3), 100, np.uint8)
    spots = [Spot(1, (150, 200, 60, 60)), Spot(2, (240, 115, 60, 60))]
    alone = [inked_labels(ringed(image, [spot], ORANGE), image) for spot in spots]
    assert [len(parts) for parts in alone] == [2, 2]
    neighbor = max(alone[1], key=np.count_nonzero)  # its ring
    both = ringed(image, spots, ORANGE)
    ring_only = ringed(image, [spots[1]], ORANGE)
    np.testing.assert_array_equal(both[neighbor], ring_only[neighbor])


def inked_labels(painted, image):
    """A bool mask for each connected part that was drawn."""
    changed = (painted != image).any(axis=2).astype(np.uint8)
    count, labels = cv2.connectedComponents(changed)
    return [labels == label for label in range(1, count)]


def test_lines_grow_with_the_picture():
    inked = []
    for side in (600, 2400):
        spot = Spot(1, (side // 2, side // 2, side // 10, side // 10))
        drawn = ringed(np.zeros((side, side, 3), np.uint8), [spot], WHITE)
        inked.append((drawn > 0).sum())
    assert inked[1] > 7 * inked[0], "four times the side at the same width would be four times"


def test_no_findings_give_a_new_equal_picture(image):
    painted = ringed(image, [], ORANGE)
    np.testing.assert_array_equal(painted, image)


@pytest.mark.parametrize("opacity", [0.0, 0.3, 0.5, 1.0])
def test_each_value_is_blended_and_rounded_once(opacity):
    values = np.arange(256, dtype=np.uint8)
    image = np.stack([values, values[::-1], np.roll(values, 9)], axis=-1)[np.newaxis]
    painted = overlay_mask(image, np.ones((1, 256), bool), ORANGE, opacity)
    expected = np.rint(image * (1 - opacity) + np.array(ORANGE) * opacity)
    np.testing.assert_array_equal(painted, expected)
