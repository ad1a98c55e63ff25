"""Describes a picture in a few numbers, by which it is told how far it lies from X-rays."""

import cv2
import numpy as np

SIDE = 128
BRIGHT_MARGIN = 150
DARK_SHARE = 0.2
"""An edge row or column with fewer pixels below BRIGHT_MARGIN than this share is cut off."""
NARROWEST = 0.75
"""Shorter side over longer side, from which on nothing is padded."""
SPECTRUM_EDGES = (0.004, 0.016, 0.03, 0.06, 0.12, 0.25, 0.5)
RINGS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
EVEN_SPANS = (1, 2)
"""Gray levels; the ground of a radiograph and its soft tissue are smooth, other scans are not."""
GROUPS = {
    "gray values": 8,
    "texture": 6,
    "directions of edges": 7,
    "symmetry": 2,
    "brightness of the border": 4,
    "shape of the bright region": 4,
    "layout from center to corner": 5,
    "sharpness": 3,
    "evenness": 2,
}
"""What the descriptor measures, and how many numbers each takes, in order."""


def describe_picture(pixels: np.ndarray) -> np.ndarray:
    """A fixed descriptor, float64 (41,), of uint8 (H, W), in the order of `GROUPS`.

    Bright margins (shutters, paper) are cut off, narrow strips padded, and the gray values
    stretched first, so that window and collimation matter little.
    """
    gray = _trim_margins(shrink(pixels, 384))
    evenness = _evenness(shrink(gray))
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
            evenness,
        ]
    ).astype(np.float64)


def shrink(image: np.ndarray, side: int = 256) -> np.ndarray:
    """The picture with its longer side at most `side` pixels."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _trim_margins(gray: np.ndarray) -> np.ndarray:
    """Cuts bright rows and columns off the edges; keeps the picture where little would remain."""
    for _ in range(2):
        gray = gray[_inner((gray < BRIGHT_MARGIN).mean(axis=1) > DARK_SHARE)]
        gray = gray[:, _inner((gray < BRIGHT_MARGIN).mean(axis=0) > DARK_SHARE)]
    return gray


def _evenness(gray: np.ndarray) -> np.ndarray:
    """Shares of pixels whose 3 x 3 neighborhood spans at most `EVEN_SPANS`."""
    window = np.ones((3, 3), np.uint8)
    span = cv2.subtract(cv2.dilate(gray, window), cv2.erode(gray, window))
    return np.array([(span <= most).mean() for most in EVEN_SPANS])


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
    """Otsu's threshold, the share above it, the columns it reaches, its share of the center."""
    threshold, _ = cv2.threshold((gray * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    bright = gray * 255 > threshold
    center = slice(SIDE // 4, 3 * SIDE // 4)
    columns = bright.mean(axis=0) > 0.1
    return np.array([threshold / 255, bright.mean(), columns.mean(), bright[center, center].mean()])


def _rings(gray: np.ndarray) -> np.ndarray:
    """Mean brightness in rings from the center to the corners."""
    axis = np.linspace(-1, 1, SIDE)
    ring = np.digitize(np.hypot(axis[:, None], axis[None]).ravel(), RINGS) - 1
    counts = np.bincount(ring, minlength=len(RINGS) - 1)
    return np.bincount(ring, gray.ravel(), len(RINGS) - 1) / counts
