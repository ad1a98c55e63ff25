"""The validation pictures that are looked at after each epoch, to choose the best one."""

import numpy as np

from training.data.dataset import Xray
from training.fit.augmentation import Example
from training.fit.batches import with_stretched_contrast
from training.fit.settings import TrainingSettings
from training.synthetic.exported import with_export_changes

OTHERS = 4
"""One in so many pictures without a fracture is watched: to save time in each epoch."""
CHANGES = 20261126
"""Seed of the changes: the same for all runs, so that they can be compared."""


def watched(val: list[Xray]) -> list[Xray]:
    """All fractured pictures of val, and some of the others."""
    return [x for x in val if x.fractured] + [x for x in val if not x.fractured][::OTHERS]


def as_watched(examples: list[Example], settings: TrainingSettings) -> list[Example]:
    """The pictures as they are and, where training changes views as exports do, changed copies.

    Epochs that bear such changes better would lose to the first one on unchanged pictures alone.
    """
    if settings.exports:
        examples = examples + [
            with_export_changes(example, np.random.default_rng((CHANGES, place)), share=1.0)
            for place, example in enumerate(examples)
        ]
    return [with_stretched_contrast(one) for one in examples] if settings.stretch else examples
