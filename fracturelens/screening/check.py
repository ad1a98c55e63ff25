"""Tells an X-ray of a limb, hip or shoulder from other pictures, before any verdict."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fracturelens.screening.descriptor import GROUPS, describe_picture
from fracturelens.screening.dicom_header import odd_header
from fracturelens.xray.radiograph import Radiograph
from important_variables import SAVED_MODELS

REFERENCE_FILE = Path("screening") / "reference.json"
COLOR_LIMIT = 12.0
"""Gray levels between the channels, mean; JPEG noise stays below 3."""
BLANK_LIMIT = 4.0
"""Standard deviation, gray levels."""
NOISE_LIMIT = 0.5
"""Correlation of neighboring pixels; in X-rays it is above 0.9."""
FEWEST_LEVELS = 24
"""Gray levels that a picture holds, each on at least one pixel in 10,000; X-rays have more."""
STRAIGHT = 32
"""Pixels over which a line of a page runs without any change, as no outline of a bone does."""
STEP = 12
"""Gray levels between the two sides of such a line."""
MOST_LINES = 10
"""Rows and columns with such a line. A frame around an X-ray makes four; pages have dozens."""
REMEDY = (
    "A plain radiograph of a limb, hip or shoulder, bright bones on a dark ground, cropped to "
    "the film, would pass."
)
OFF_HEADER = (
    "Only plain radiographs of a limb, hip or shoulder can be judged. Where the header is wrong, "
    "have the picture analyzed anyway."
)
ODD = {
    "gray values": "its shades between black and white are spread unlike those of a film",
    "texture": "its grain is unlike that of bone and soft tissue",
    "directions of edges": "its outlines do not run as those of bones do",
    "symmetry": "it is alike left and right, or top and bottom, unlike a limb on a film",
    "brightness of the border": "its four borders are not dark as those around a limb are",
    "shape of the bright region": "what is bright in it does not have the shape of a limb",
    "layout from center to corner": "light and dark do not lie as they do around a limb, bright "
    "in the middle and dark towards the corners",
    "sharpness": "it is sharper or more blurred than a film",
    "evenness": "it is grainier, or smoother, than the soft tissue and the ground of a film",
}
"""What is said of a picture whose oddest numbers are those of a group of the descriptor."""


@dataclass(frozen=True)
class Refusal:
    """Why a picture is not taken for an X-ray that the networks know.

    Attributes:
        kind: "header", "color", "blank", "noise", "drawing", "page" or "unlike".
        seen: what was seen, a sentence.
        remedy: what would pass, a sentence.
    """

    kind: str
    seen: str
    remedy: str = REMEDY


@dataclass(frozen=True)
class Reference:
    """Where the descriptors of training X-rays lie.

    Attributes:
        mean: float (D,).
        whitening: float (D, D); distance = norm of (descriptor - mean) @ whitening.
        limit: distance from which a picture is refused, chosen on val.
    """

    mean: np.ndarray
    whitening: np.ndarray
    limit: float

    def distance(self, descriptor: np.ndarray) -> float:
        """Mahalanobis distance from the training X-rays."""
        return float(np.linalg.norm((descriptor - self.mean) @ self.whitening))


def check_radiograph(radiograph: Radiograph, reference: Reference | None) -> Refusal | None:
    """Judges a file by what its DICOM header says, if it has one, then by its picture.

    Args:
        radiograph: what was read.
        reference: of `load_reference`; None leaves the distance out.

    Returns:
        None for a picture that may be judged; else why not. The caller lets the user override.
    """
    said = odd_header(radiograph.source)
    if said:
        return Refusal("header", said, OFF_HEADER)
    refusal = check_picture(radiograph)
    if refusal or reference is None:
        return refusal
    descriptor = describe_picture(radiograph.network_pixels)
    if reference.distance(descriptor) <= reference.limit:
        return None
    odd = ODD[_oddest_group(descriptor, reference)]
    return Refusal(
        "unlike",
        f"This does not look like a radiograph of a limb, hip or shoulder: {odd}. It may show "
        "another part of the body, such as the chest, or be another kind of scan, a photograph "
        "or a page.",
    )


def load_reference(folder: Path = SAVED_MODELS) -> Reference | None:
    """The fitted reference, or None where `fracturelens fit-screening` was not run yet."""
    path = Path(folder) / REFERENCE_FILE
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Reference(np.array(kept["mean"]), np.array(kept["whitening"]), float(kept["limit"]))


def check_picture(radiograph: Radiograph) -> Refusal | None:
    """The checks that need no reference: color, blank, noise, few gray levels, ruled lines."""
    if radiograph.colorfulness > COLOR_LIMIT:
        return Refusal("color", "This is a color picture; radiographs are gray.")
    gray = radiograph.network_pixels
    if cv2.meanStdDev(gray)[1].item() < BLANK_LIMIT:
        return Refusal("blank", "This picture is blank: one gray all over.")
    if _neighbor_correlation(gray) < NOISE_LIMIT:
        return Refusal("noise", "This picture is noise: neighboring pixels differ at random.")
    counts = cv2.calcHist([gray], [0], None, [256], (0, 256))  # NumPy takes seven times as long
    levels = np.count_nonzero(counts * 10_000 >= gray.size)
    if levels < FEWEST_LEVELS:
        return Refusal(
            "drawing",
            f"This picture holds {levels} shades of gray, as drawings, logos and text do.",
        )
    if _ruled_lines(gray) > MOST_LINES:
        return Refusal(
            "page",
            "This looks like a page or a screenshot: it is full of perfectly straight lines, as "
            "boxes, tables and diagrams have.",
            "The X-ray itself would pass, saved as a file of its own.",
        )
    return None


def _neighbor_correlation(gray: np.ndarray) -> float:
    """Correlation of each pixel with its right neighbor, over at most a million or so."""
    gray = gray[:: 1 + gray.size // 1_000_000]
    left, right = gray[:, :-1].astype(np.float32), gray[:, 1:].astype(np.float32)
    left, right = left - left.mean(), right - right.mean()
    return float((left * right).mean() / (left.std() * right.std() + 1e-6))


def _ruled_lines(gray: np.ndarray) -> int:
    """Rows and columns at which a straight line runs between two even grays."""
    return sum(_ruled_rows(side) for side in (gray, cv2.transpose(gray)))


def _ruled_rows(gray: np.ndarray) -> int:
    """Rows that differ by `STEP` from the next one, both even, over `STRAIGHT` pixels."""
    if min(gray.shape) < 2 or gray.shape[1] <= STRAIGHT:
        return 0
    difference = cv2.absdiff(gray[1:], gray[:-1])
    steep = cv2.compare(difference, STEP, cv2.CMP_GE)[:, 1:]  # type: ignore[call-overload]
    even = cv2.compare(gray[:, 1:], gray[:, :-1], cv2.CMP_EQ)
    line = cv2.bitwise_and(steep, cv2.bitwise_and(even[1:], even[:-1]))
    kept = cv2.erode(line, np.ones((1, STRAIGHT), np.uint8), borderValue=0)
    return int(np.count_nonzero(kept.max(axis=1)))


def _oddest_group(descriptor: np.ndarray, reference: Reference) -> str:
    """The group of numbers that lies farthest from the training X-rays when taken alone."""
    spread = np.sqrt(np.diag(np.linalg.inv(reference.whitening @ reference.whitening.T)))
    deviation = np.abs(descriptor - reference.mean) / spread
    parts = np.split(deviation, np.cumsum(list(GROUPS.values()))[:-1])
    return max(zip(parts, GROUPS, strict=True), key=lambda pair: pair[0].mean())[1]
