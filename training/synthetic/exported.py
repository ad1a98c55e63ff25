"""Changes a training picture as export, scanning and cropping change films of other hospitals.

Without such changes a network learns what FracAtlas's films have in common, and not what X-rays
have (domain randomization, Tobin et al. 2017, arXiv 1703.06907).
"""

from dataclasses import replace

import numpy as np

from training.fit.augmentation import Example
from training.synthetic.changes import (
    add_noise,
    change_tone,
    collimate,
    compress,
    sharpen_or_blur,
)
from training.synthetic.marks import add_letters, bar_widths, pad

STEPS = (
    (0.10, collimate),
    (0.50, change_tone),
    (0.50, sharpen_or_blur),
    (0.25, add_noise),
    (0.25, add_letters),
)
"""How often each change is made, in this order; then bars, then JPEG."""
BARS, JPEG = 0.3, 0.5


def with_export_changes(host: Example, random: np.random.Generator, share: float) -> Example:
    """The host as another hospital might have exported it, or as it is.

    Args:
        host: the picture to be changed; a copy is. Its lesions stay where they are on the bone.
        random: source of chance.
        share: probability of a change, in [0, 1].
    """
    if random.random() >= share:
        return host
    image = host.image
    for chance, step in STEPS:
        if random.random() < chance:
            image = step(image, random)
    changed = replace(host, image=image)
    if random.random() < BARS:
        changed = _with_bars(changed, random)
    if random.random() < JPEG:
        changed = replace(changed, image=compress(changed.image, random))
    return changed


def _with_bars(host: Example, random: np.random.Generator) -> Example:
    """The host with bars around it; outlines and hard negatives move along."""
    sides, gray = bar_widths(host.image.shape, random)
    top, _, left, _ = sides
    old = np.array(host.image.shape[::-1])
    image = pad(host.image, sides, gray)
    new, corner = np.array(image.shape[::-1]), np.array([left, top])
    return replace(
        host,
        image=image,
        outlines=tuple((outline * old + corner) / new for outline in host.outlines),
        hard_negatives=(host.hard_negatives * old + corner) / new,
    )
