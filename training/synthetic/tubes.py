"""Tubes in the beam: their own coordinates, their profile, and the path through them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from training.synthetic.shapes import HEIGHT, WIDTH, Knots, Tube

OVERSAMPLING = 2
"""Samples of the path lengths for one pixel, along each axis."""
TABLE = 400
"""Steps in which a tube's profile is tabulated along its axis."""
Keep = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Share of a tube that is there, 0 to 1, by u, v and the radius at u (pixels)."""


@dataclass(frozen=True)
class Frame:
    """Where a tube's own coordinates lie: u along the axis from the start, v across, pixels."""

    origin: np.ndarray
    axis: np.ndarray
    length: float
    bend: float

    def coordinates(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Picture coordinates to (u, v)."""
        dx, dy = x - self.origin[0], y - self.origin[1]
        u = dx * self.axis[0] + dy * self.axis[1]
        v = dx * self.axis[1] - dy * self.axis[0]
        return u.astype(np.float32), (v - self._bow(u)).astype(np.float32)

    def points(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """(u, v) to picture coordinates, shape (N, 2)."""
        v = v + self._bow(u)
        across = np.array([self.axis[1], -self.axis[0]])
        return self.origin + u[:, np.newaxis] * self.axis + v[:, np.newaxis] * across

    def _bow(self, u: np.ndarray) -> np.ndarray:
        t = np.clip(u / self.length, 0, 1)
        return 4 * self.bend * t * (1 - t)


@dataclass(frozen=True)
class Solid:
    """One bone of one or more tubes, float32 (H, W) at the oversampled size.

    Attributes:
        outer: Path through the bone, pixels.
        inner: Path through what its cortex encloses, pixels.
        sponge: Share of spongy bone in `inner`, the rest is marrow.
    """

    outer: np.ndarray
    inner: np.ndarray
    sponge: np.ndarray


def empty_solid() -> Solid:
    """A solid of nothing."""
    shape = (HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING)
    return Solid(*(np.zeros(shape, np.float32) for _ in range(3)))


def lay_bone(bone: Tube, frame: Frame, keep: Keep | None, grain: np.ndarray, solid: Solid) -> None:
    """Merge a tube, or the part of it that `keep` leaves, into a solid; no wall lies between."""
    window, x, y = _window(frame, max(max(row[1:]) for row in bone.radius))
    if window is None:
        return
    u, v = frame.coordinates(x, y)
    radius, shift, wall = _profile(bone, frame.length)
    place = np.clip(u / frame.length, 0, 1) * (TABLE - 1)
    outer_radius, center, thickness = (_look_up(table, place) for table in (radius, shift, wall))
    outer = _chord(outer_radius * _cap(u, frame.length, bone, (0.0, 0.0)), v - center)
    plates = tuple(0.8 * float(wall[end] * radius[end]) for end in (0, -1))
    hollow = outer_radius * _cap(u, frame.length, bone, plates)
    inner = _chord(hollow * (1 - thickness), v - center)
    present = bone.depth * (1.0 if keep is None else keep(u, v, outer_radius))
    rows, columns = grain.shape
    texture = cv2.remap(grain, (u * 3) % columns, (v * 3 + rows // 2) % rows, cv2.INTER_LINEAR)
    # Spongy bone fills the ends, where the cortex is thin; the shaft holds fat marrow.
    sponge = np.clip((0.3 - thickness) / 0.2, 0.08, 1) * (0.75 + 0.1 * texture)
    sponge = sponge.clip(0, 1) * (inner > 0)
    for path, layer in (
        (solid.outer, present * outer),
        (solid.inner, present * inner),
        (solid.sponge, sponge),
    ):
        np.maximum(path[window], layer, out=path[window])


def lay_flesh(tube: Tube, flesh: np.ndarray) -> None:
    """Add one limb; fourth powers add up, so that limbs merge without a seam."""
    frame = frame_of(tube)
    window, x, y = _window(frame, max(max(row[1:]) for row in tube.radius))
    if window is None:
        return
    u, v = frame.coordinates(x, y)
    radius, shift, _ = _profile(tube, frame.length)
    place = np.clip(u / frame.length, 0, 1) * (TABLE - 1)
    wide = _look_up(radius, place) * _cap(u, frame.length, tube, (0.0, 0.0))
    v = v - _look_up(shift, place)
    # Fat lies under the skin; at 40 keV it counts 0.8 of muscle.
    path = 0.8 * _chord(wide, v) + 0.2 * _chord(0.86 * wide, v)
    flesh[window] += (tube.depth * path) ** 4


def frame_of(tube: Tube) -> Frame:
    """The tube's own coordinates."""
    start, end = np.array(tube.start), np.array(tube.end)
    length = float(np.hypot(*(end - start)))
    return Frame(start, (end - start) / length, length, tube.bend)


def columns(knots: Knots, value: int) -> tuple[list[float], list[float]]:
    """Places of the knots and one of their values, as `np.interp` wants them."""
    return [row[0] for row in knots], [row[value] for row in knots]


def ramp(distance: np.ndarray, softness: float) -> np.ndarray:
    """0 to 1 as `distance` (pixels) goes from -softness to +softness."""
    return np.clip(0.5 + distance / (2 * softness), 0, 1)


def _profile(tube: Tube, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tables along the tube: radius (pixels), sideways shift (pixels), share of the wall."""
    places = np.linspace(0, 1, TABLE)
    left, right = (_smooth(np.interp(places, *columns(tube.radius, side))) for side in (1, 2))
    wall = _smooth(np.interp(places, *columns(tube.cortex, 1)))
    return (left + right) / 2, (right - left) / 2, wall


def _smooth(table: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(
        table[np.newaxis].astype(np.float32), (0, 0), TABLE / 40, borderType=cv2.BORDER_REPLICATE
    )[0]


def _look_up(table: np.ndarray, place: np.ndarray) -> np.ndarray:
    return cv2.remap(
        table[np.newaxis].astype(np.float32),
        place.astype(np.float32),
        np.zeros_like(place, np.float32),
        cv2.INTER_LINEAR,
    )


def _cap(u: np.ndarray, length: float, tube: Tube, inset: tuple[float, float]) -> np.ndarray:
    """Share of the radius near the rounded ends, 0 beyond; `inset` (pixels) moves each inwards."""
    closed = np.ones_like(u)
    ends = (tube.radius[0], u - inset[0]), (tube.radius[-1], length - inset[1] - u)
    for row, inwards in ends:
        reach = min(tube.blunt * (row[1] + row[2]) / 2, length / 2)
        closed *= np.sqrt(1 - np.clip(1 - inwards / reach, 0, 1) ** 2)
    return closed


def _chord(radius: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Path through a round tube at distance v from its axis."""
    return 2 * np.sqrt(np.maximum(radius**2 - v**2, 0))


def _window(frame: Frame, reach: float):
    """Part of the oversampled canvas that a tube can touch: slices, and x, y of its samples."""
    ends = np.stack([frame.origin, frame.origin + frame.length * frame.axis])
    low = np.floor((ends.min(axis=0) - reach - abs(frame.bend) - 2) * OVERSAMPLING)
    high = np.ceil((ends.max(axis=0) + reach + abs(frame.bend) + 2) * OVERSAMPLING)
    left, top = np.maximum(low, 0).astype(int)
    right = int(min(high[0], WIDTH * OVERSAMPLING))
    bottom = int(min(high[1], HEIGHT * OVERSAMPLING))
    if right <= left or bottom <= top:
        return None, None, None
    x = ((np.arange(left, right) + 0.5) / OVERSAMPLING - 0.5).astype(np.float32)
    y = ((np.arange(top, bottom) + 0.5) / OVERSAMPLING - 0.5).astype(np.float32)
    return (slice(top, bottom), slice(left, right)), *np.meshgrid(x, y)
