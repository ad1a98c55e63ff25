"""Copy-paste: puts a lesion, or a healthy piece of bone, of one X-ray into another.

A network sees each of 500 lesions in one place only and can learn the place by heart. Pasted
into other bones, it has to be known by its own looks (Ghiasi et al. 2021, arXiv 2012.07177).
Healthy pieces are pasted as often, so that the seam of a piece tells nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from training.fit.augmentation import Example

MARGIN, SMALLEST, LARGEST = 1.5, 9.0, 32.0  # of a piece's radius: times the lesion's; pixels
ZOOM = 1.25  # largest enlargement or shrinking of a piece
BONE_SIGMA = 12.0  # pixels of a picture about 450 wide: bones stand out from this blur
SEAM = 3  # pixels around a piece that its host keeps


def with_pasted_piece(
    examples: list[Example], host: Example, random: np.random.Generator, share: float
) -> Example:
    """The host with a piece of another picture in it, or as it is; large lesions stay in theirs.

    Args:
        examples: the training pictures, some of them fractured.
        host: the picture to be changed; a copy is.
        random: source of chance.
        share: probability of a piece, in [0, 1]; it holds a lesion in half of the cases.
    """
    if random.random() >= share:
        return host
    fractured = [example for example in examples if example.outlines]
    donor = fractured[random.integers(len(fractured))]
    center, radius = lesion_spot(donor, random)
    if radius > LARGEST:
        return host
    if random.random() < 0.5:
        return paste_piece(host, donor, center, radius, random)
    healthy = [example for example in examples if not example.fractured]
    donor = healthy[random.integers(len(healthy))]
    return paste_piece(host, donor, bone_spot(donor.image, random), radius, random)


def paste_piece(
    host: Example, donor: Example, center: np.ndarray, radius: float, random: np.random.Generator
) -> Example:
    """Puts a round piece of the donor on a bone of the host, turned as that bone runs.

    Args:
        host: not altered.
        donor: lesions whose middle lies in the piece come along.
        center: of the piece in the donor, x and y, pixels.
        radius: of the piece, pixels of the donor.
        random: source of chance.

    Returns:
        The host with the piece blended in (Poisson blending, Perez et al. 2003), its lesions added
        to the outlines, or its place to the hard negatives where it holds none; the host itself
        where the piece does not fit in.
    """
    target = bone_spot(host.image, random)
    zoom = ZOOM ** random.uniform(-1, 1)
    reach = int(np.ceil(radius * zoom)) + SEAM
    corner, side = np.round(target).astype(int) - reach, 2 * reach + 1
    size = host.image.shape[::-1]
    if (corner < 1).any() or (corner + side >= size).any():
        return host
    turn = direction(host.image, target, reach) - direction(donor.image, center, int(radius))
    turn += np.pi * random.integers(2) + np.deg2rad(random.uniform(-15, 15))
    matrix = _turned(center, turn, zoom, reach)
    image = host.image.copy()
    window = image[corner[1] : corner[1] + side, corner[0] : corner[0] + side]
    piece = cv2.warpAffine(donor.image, matrix, (side, side), borderMode=cv2.BORDER_REFLECT)
    window[:] = _blended(piece, window, reach)
    outlines = tuple((o + corner) / size for o in _outlines_within(donor, center, radius, matrix))
    if not outlines:
        place = (corner + reach + 0.5) / size
        return replace(host, image=image, hard_negatives=np.vstack([host.hard_negatives, place]))
    return replace(host, image=image, outlines=host.outlines + outlines, fractured=True)


def lesion_spot(example: Example, random: np.random.Generator) -> tuple[np.ndarray, float]:
    """Center (x, y) and radius of a piece around one of the lesions, pixels."""
    outline = example.outlines[random.integers(len(example.outlines))]
    outline = outline * example.image.shape[::-1]
    low, high = outline.min(0), outline.max(0)
    return (low + high) / 2, max(MARGIN * (high - low).max() / 2 + SEAM, SMALLEST)


def bone_spot(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A random place (x, y), pixels, on what stands out brighter from its surroundings."""
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = small.astype(np.float32)
    relief = small - cv2.GaussianBlur(small, (0, 0), BONE_SIGMA / 4)
    rows, columns = np.nonzero((relief >= np.quantile(relief, 0.9)) & (small >= small.mean()))
    pick = random.integers(len(rows))
    return np.array([columns[pick], rows[pick]]) * 4.0 + random.uniform(0, 4, 2)


def direction(image: np.ndarray, center: np.ndarray, reach: int) -> float:
    """Direction across the strongest edges around a place, radians (structure tensor)."""
    x, y = np.round(center).astype(int)
    window = image[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
    window = window.astype(np.float32)
    dx, dy = cv2.Sobel(window, cv2.CV_32F, 1, 0), cv2.Sobel(window, cv2.CV_32F, 0, 1)
    return 0.5 * np.arctan2(2 * (dx * dy).sum(), (dx * dx - dy * dy).sum())


def _turned(center, angle, zoom, reach) -> np.ndarray:
    """Affine map (2, 3) that turns by an angle and takes `center` to the piece's middle."""
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([linear, reach - linear @ (np.asarray(center) - 0.5)])


def _outlines_within(donor, center, radius, matrix) -> Iterator[np.ndarray]:
    """Outlines of the donor's lesions whose middle lies in the piece, pixels of the piece."""
    size = donor.image.shape[::-1]
    for outline in donor.outlines:
        if np.linalg.norm(outline.mean(0) * size - center) < radius:
            yield (outline * size - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5


def _blended(piece, window, reach) -> np.ndarray:
    """The round piece in the window, its tone that of the window's rim."""
    disc = np.zeros(window.shape, np.uint8)
    cv2.circle(disc, (reach, reach), reach - SEAM, 255, -1)
    color = [cv2.cvtColor(part, cv2.COLOR_GRAY2BGR) for part in (piece, window)]
    return cv2.seamlessClone(*color, disc, (reach, reach), cv2.NORMAL_CLONE)[..., 0]
