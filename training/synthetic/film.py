"""Takes the picture: path lengths through the body, exposure, scatter, noise, display."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from training.synthetic.breaks import Break, fragments, paint_lesion
from training.synthetic.shapes import HEIGHT, WIDTH, Anatomy, Tube
from training.synthetic.tubes import (
    OVERSAMPLING,
    Frame,
    Keep,
    Solid,
    empty_solid,
    frame_of,
    lay_bone,
    lay_flesh,
)

# Linear attenuation per centimetre at 40 keV, about the mean of a 60 kV beam. NIST's tables
# (ICRU-44) give cortical bone 0.666 cm2/g x 1.92 g/cm3 and soft tissue 0.269 x 1.06; spongy bone
# lies between by its share of mineral, fat marrow a little below soft tissue.
CORTICAL, SPONGY, MARROW, FLESH = 1.28, 0.55, 0.27, 0.285


@dataclass(frozen=True)
class Paths:
    """Path lengths along the beam in pixels, float32 (H, W) at the oversampled size."""

    cortical: np.ndarray
    spongy: np.ndarray
    marrow: np.ndarray
    flesh: np.ndarray


def trace_paths(
    anatomy: Anatomy, broken: Tube | None, fracture: Break | None, rng: np.random.Generator
) -> tuple[Paths, np.ndarray]:
    """Lay all tubes into the beam.

    Args:
        anatomy: The body part.
        broken: The bone of `anatomy` that is broken, if any.
        fracture: How it is broken, if it is.
        rng: For the texture of the bone and the teeth of the line.

    Returns:
        The path lengths, and the bool (HEIGHT, WIDTH) mask of the lesion.
    """
    grain = _grain(rng)
    teeth = cv2.GaussianBlur(rng.standard_normal((1, 256)), (0, 0), 2.0)[0]
    teeth += 0.6 * rng.standard_normal(256)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    solids: dict[str, Solid] = defaultdict(empty_solid)
    for number, bone in enumerate(anatomy.bones):
        solid = solids[bone.part_of or str(number)]
        if bone is broken:
            pieces = fragments(bone, fracture, teeth)
            paint_lesion(mask, bone, fracture, [frame for frame, _ in pieces])
            _lay_broken(bone, pieces, grain, solid)
        else:
            lay_bone(bone, frame_of(bone), None, grain, solid)
    return _paths(solids.values(), anatomy), mask.astype(bool)


def expose(paths: Paths, pixel_cm: float, rng: np.random.Generator) -> np.ndarray:
    """Send the beam through (Beer and Lambert), add scatter and noise, and develop.

    Returns:
        uint8 (HEIGHT, WIDTH): bright where little arrived, as on a film.
    """
    bone = paths.cortical + paths.spongy + paths.marrow
    muscle = 1 + 0.03 * _clouds(rng, bone.shape, 120) + 0.006 * _clouds(rng, bone.shape, 16)
    flesh = np.maximum(paths.flesh * muscle - bone, 0)
    absorbed = CORTICAL * paths.cortical + SPONGY * paths.spongy
    absorbed += MARROW * paths.marrow + FLESH * flesh
    beam = cv2.resize(np.exp(-pixel_cm * absorbed), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    beam *= _collimation(rng) * (1 + 0.015 * _clouds(rng, beam.shape, 150))
    beam += rng.uniform(0.04, 0.1) * cv2.GaussianBlur(beam, (0, 0), 35)
    beam = cv2.GaussianBlur(beam, (0, 0), rng.uniform(0.45, 0.75))
    # Gaussian instead of Poisson numbers: the stream stays the same whatever the beam's last bit.
    photons = rng.uniform(12000, 50000)
    noise = cv2.GaussianBlur(rng.standard_normal(beam.shape), (0, 0), 0.6)
    beam = beam + 1.9 * noise * np.sqrt(np.maximum(beam, 0) / photons)
    return _develop(-np.log(np.maximum(beam, 0.001)), rng)


def _lay_broken(
    bone: Tube, pieces: list[tuple[Frame, Keep]], grain: np.ndarray, solid: Solid
) -> None:
    """Merge a broken bone into a solid; where its fragments overlap, their paths add up."""
    whole = empty_solid()
    for frame, keep in pieces:
        piece = empty_solid()
        lay_bone(bone, frame, keep, grain, piece)
        np.add(whole.outer, piece.outer, out=whole.outer)
        np.add(whole.inner, piece.inner, out=whole.inner)
        np.maximum(whole.sponge, piece.sponge, out=whole.sponge)
    for name in ("outer", "inner", "sponge"):
        merged = getattr(solid, name)
        np.maximum(merged, getattr(whole, name), out=merged)


def _paths(solids: Iterable[Solid], anatomy: Anatomy) -> Paths:
    """Sum up the path lengths through all bones, and those through the flesh."""
    shape = (HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING)
    cortical, spongy, marrow, flesh = (np.zeros(shape, np.float32) for _ in range(4))
    for solid in solids:
        cortical += solid.outer - solid.inner
        spongy += solid.inner * solid.sponge
        marrow += solid.inner * (1 - solid.sponge)
    for tube in anatomy.flesh:
        lay_flesh(tube, flesh)
    flesh = cv2.GaussianBlur(flesh**0.25, (0, 0), 1.5 * OVERSAMPLING)
    return Paths(cortical, spongy, marrow, flesh)


def _develop(density: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The unsharp masking and window of a computed radiography console."""
    density = density + 0.3 * (density - cv2.GaussianBlur(density, (0, 0), 14))
    inside = density[6:-6, 6:-6]
    low, high = np.percentile(inside, 1), np.percentile(inside, 99.7)
    shown = ((density - low) / (high - low)).clip(0, 1.1) ** rng.uniform(1.0, 1.3)
    floor = rng.uniform(8, 26)
    return np.rint((floor + shown * rng.uniform(205, 240)).clip(0, 255)).astype(np.uint8)


def _collimation(rng: np.random.Generator) -> np.ndarray:
    """Share of the beam that passes the shutters, float (HEIGHT, WIDTH): 1 but for the rim."""
    field = np.full((HEIGHT, WIDTH), 0.05)
    top, bottom, left, right = rng.integers(1, 4, 4) * (rng.random(4) < 0.5)
    field[top : HEIGHT - bottom, left : WIDTH - right] = 1
    return cv2.GaussianBlur(field, (0, 0), 0.9)


def _clouds(rng: np.random.Generator, shape: tuple[int, int], size: float) -> np.ndarray:
    """Smooth noise of mean 0 and deviation 1, float32; `size` is that of its patches in pixels."""
    rows, columns = (int(side / size) + 4 for side in shape)
    small = rng.standard_normal((rows, columns)).astype(np.float32)
    return cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)


def _grain(rng: np.random.Generator) -> np.ndarray:
    """Texture of spongy bone, float32 (400, 1600): struts along the bone, mean 0, about +-1."""
    noise = rng.standard_normal((400, 1600)).astype(np.float32)
    fine = cv2.GaussianBlur(noise, (0, 0), sigmaX=9, sigmaY=2.2)
    coarse = cv2.GaussianBlur(noise, (0, 0), sigmaX=16, sigmaY=8)
    return fine / fine.std() * 0.7 + coarse / coarse.std() * 0.4
