"""Tells an X-ray of a limb, hip or shoulder from other pictures, before any verdict."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from important_variables import SAVED_MODELS
from xray_image import RGB

REFERENCE_FILE = Path("refusal") / "reference.json"
SIDE = 128
COLOUR_LIMIT = 12.0
"""Gray levels between the channels, mean; JPEG noise stays below 3."""
BLANK_LIMIT = 4.0
"""Standard deviation, gray levels."""
NOISE_LIMIT = 0.5
"""Correlation of neighbouring pixels; in X-rays it is above 0.9."""
FEWEST_LEVELS = 24
"""Gray levels that a picture holds, each on at least one pixel in 10,000; X-rays have more."""
BRIGHT_MARGIN = 150
DARK_SHARE = 0.2
"""An edge row or column with fewer pixels below BRIGHT_MARGIN than this share is cut off."""
NARROWEST = 0.75
"""Shorter side over longer side, from which on nothing is padded."""
SPECTRUM_EDGES = (0.004, 0.016, 0.03, 0.06, 0.12, 0.25, 0.5)
RINGS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
REMEDY = (
    "A plain radiograph of a limb, hip or shoulder, bright bones on a dark ground, cropped to "
    "the film, would pass."
)
GROUPS = {
    "gray values": 8,
    "texture": 6,
    "directions of edges": 7,
    "symmetry": 2,
    "brightness of the border": 4,
    "shape of the bright region": 4,
    "layout from centre to corner": 5,
    "sharpness": 3,
}
"""What the descriptor measures, and how many numbers each takes, in order."""


@dataclass(frozen=True)
class Refusal:
    """Why a picture is not taken for an X-ray that the networks know.

    Attributes:
        kind: "colour", "blank", "noise", "drawing" or "unlike".
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


def check_is_xray(image: RGB, reference: Reference | None) -> Refusal | None:
    """Judges a picture by simple checks, then by its distance from the training X-rays.

    Args:
        image: uint8 (H, W, 3).
        reference: of `load_reference`; None leaves the distance out.

    Returns:
        None for a picture that may be judged; else why not. The caller lets the user override.
    """
    refusal = check_picture(image)
    if refusal or reference is None:
        return refusal
    descriptor = describe_picture(image)
    share = reference.distance(descriptor) / reference.limit
    if share <= 1:
        return None
    oddest = _oddest_group(descriptor, reference)
    return Refusal(
        "unlike",
        f"This does not look like the X-rays that the networks know: its {oddest} set it apart "
        f"({share:.1f} times the accepted distance). A photograph, a scan of another kind or "
        "another part of the body looks like this.",
    )


def load_reference(folder: Path = SAVED_MODELS) -> Reference | None:
    """The fitted reference, or None where `command_line.py fit-refusal` was not run yet."""
    path = Path(folder) / REFERENCE_FILE
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Reference(np.array(kept["mean"]), np.array(kept["whitening"]), float(kept["limit"]))


def check_picture(image: RGB) -> Refusal | None:
    """The checks that need no reference: colour, blank, noise, too few gray levels."""
    if _colourfulness(_shrink(image)) > COLOUR_LIMIT:
        return Refusal("colour", "This is a colour picture; radiographs are gray.")
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if gray.std() < BLANK_LIMIT:
        return Refusal("blank", "This picture is blank: one gray all over.")
    if _neighbour_correlation(gray) < NOISE_LIMIT:
        return Refusal("noise", "This picture is noise: neighbouring pixels differ at random.")
    levels = np.count_nonzero(np.bincount(gray.ravel(), minlength=256) * 10_000 >= gray.size)
    if levels < FEWEST_LEVELS:
        return Refusal(
            "drawing",
            f"This picture holds {levels} shades of gray, as drawings, logos and text do.",
        )
    return None


def describe_picture(image: RGB) -> np.ndarray:
    """A fixed descriptor, float64 (39,), in the order of `GROUPS`.

    Bright margins (shutters, paper) are cut off, narrow strips padded, and the gray values
    stretched first, so that window and collimation matter little.
    """
    gray = _trim_margins(cv2.cvtColor(_shrink(image, 384), cv2.COLOR_RGB2GRAY))
    gray = _widen(gray)
    gray = cv2.resize(gray, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low, high = np.percentile(gray, (1, 99.5))
    gray = np.clip((gray - np.float32(low)) / np.float32(max(high - low, 1)), 0, 1)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    steepness = np.hypot(across, down)
    counts = np.histogram(gray, GROUPS["gray values"], (0, 1))[0]
    return np.concatenate(
        [
            np.sqrt(counts / gray.size),
            _spectrum(gray),
            _directions(np.arctan2(down, across), steepness),
            _symmetries(gray),
            _border(gray),
            _bright_region(gray),
            _rings(gray),
            np.log(np.array([steepness.mean(), *np.percentile(steepness, (50, 95))]) + 1e-4),
        ]
    ).astype(np.float64)


def _shrink(image: np.ndarray, side: int = 256) -> np.ndarray:
    """The picture with its longer side at most `side` pixels."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _colourfulness(image: RGB) -> float:
    """Mean difference between the two channels that differ most."""
    red, green, blue = cv2.split(image)
    pairs = ((red, green), (green, blue), (red, blue))
    return max(float(cv2.absdiff(first, second).mean()) for first, second in pairs)


def _neighbour_correlation(gray: np.ndarray) -> float:
    """Correlation of each pixel with its right neighbour, over at most a million or so."""
    gray = gray[:: 1 + gray.size // 1_000_000]
    left, right = gray[:, :-1].astype(np.float32), gray[:, 1:].astype(np.float32)
    left, right = left - left.mean(), right - right.mean()
    return float((left * right).mean() / (left.std() * right.std() + 1e-6))


def _trim_margins(gray: np.ndarray) -> np.ndarray:
    """Cuts bright rows and columns off the edges; keeps the picture where little would remain."""
    for _ in range(2):
        gray = gray[_inner((gray < BRIGHT_MARGIN).mean(axis=1) > DARK_SHARE)]
        gray = gray[:, _inner((gray < BRIGHT_MARGIN).mean(axis=0) > DARK_SHARE)]
    return gray


def _widen(gray: np.ndarray) -> np.ndarray:
    """Pads a strip with its dark ground on both sides, up to the aspect `NARROWEST`."""
    height, width = gray.shape
    rows = max(0, round(width * NARROWEST) - height) // 2
    columns = max(0, round(height * NARROWEST) - width) // 2
    ground = int(np.percentile(gray, 5))
    return cv2.copyMakeBorder(gray, rows, rows, columns, columns, cv2.BORDER_CONSTANT, value=ground)


def _inner(dark: np.ndarray) -> slice:
    """From the first to the last line that is not bright; everything if that is under a fifth."""
    places = np.flatnonzero(dark)
    if not len(places) or places[-1] - places[0] < len(dark) / 5:
        return slice(None)
    return slice(places[0], places[-1] + 1)


def _spectrum(gray: np.ndarray) -> np.ndarray:
    """Log power in the lowest band, then the step from each band to the next."""
    window = np.hanning(SIDE)
    power = np.abs(np.fft.rfft2((gray - gray.mean()) * np.outer(window, window))) ** 2
    radius = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    band = np.digitize(radius.ravel(), SPECTRUM_EDGES)
    sums = np.bincount(band, power.ravel(), len(SPECTRUM_EDGES) + 1)[1 : len(SPECTRUM_EDGES)]
    levels = np.log(sums + 1e-6)
    return np.r_[levels[0], np.diff(levels)]


def _directions(angle: np.ndarray, steepness: np.ndarray) -> np.ndarray:
    """Shares of edge strength in six directions, then how much one direction prevails."""
    total = steepness.sum() + 1e-6
    shares = np.histogram(np.mod(angle, np.pi), 6, (0, np.pi), weights=steepness)[0] / total
    prevailing = np.abs((steepness * np.exp(2j * angle)).sum()) / total
    return np.r_[shares, prevailing]


def _symmetries(gray: np.ndarray) -> np.ndarray:
    """Correlation with the left-right and the upside-down mirror image."""
    small = cv2.resize(gray, (32, 32), interpolation=cv2.INTER_AREA)
    small = small - small.mean()
    power = (small**2).sum() + 1e-6
    return np.array([(small * small[:, ::-1]).sum(), (small * small[::-1]).sum()]) / power


def _border(gray: np.ndarray) -> np.ndarray:
    """Mean brightness of the four edges, darkest first."""
    depth = SIDE // 16
    edges = (gray[:depth], gray[-depth:], gray[:, :depth], gray[:, -depth:])
    return np.sort([edge.mean() for edge in edges])


def _bright_region(gray: np.ndarray) -> np.ndarray:
    """Otsu's threshold, the share above it, the columns it reaches, its share of the centre."""
    threshold, _ = cv2.threshold(np.uint8(gray * 255), 0, 255, cv2.THRESH_OTSU)
    bright = gray * 255 > threshold
    centre = slice(SIDE // 4, 3 * SIDE // 4)
    columns = bright.mean(axis=0) > 0.1
    return np.array([threshold / 255, bright.mean(), columns.mean(), bright[centre, centre].mean()])


def _rings(gray: np.ndarray) -> np.ndarray:
    """Mean brightness in rings from the centre to the corners."""
    axis = np.linspace(-1, 1, SIDE)
    ring = np.digitize(np.hypot(axis[:, None], axis[None]).ravel(), RINGS) - 1
    counts = np.bincount(ring, minlength=len(RINGS) - 1)
    return np.bincount(ring, gray.ravel(), len(RINGS) - 1) / counts


def _oddest_group(descriptor: np.ndarray, reference: Reference) -> str:
    """The group of numbers that lies farthest from the training X-rays when taken alone."""
    spread = np.sqrt(np.diag(np.linalg.inv(reference.whitening @ reference.whitening.T)))
    deviation = np.abs(descriptor - reference.mean) / spread
    parts = np.split(deviation, np.cumsum(list(GROUPS.values()))[:-1])
    return max(zip(parts, GROUPS, strict=True), key=lambda pair: pair[0].mean())[1]
