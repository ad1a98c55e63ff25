"""What was read from a file: a gray picture, and what the file says of it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DicomSource:
    """What a DICOM header says, parsed once; "" where it says nothing.

    Attributes:
        modality: such as "CR" (Modality, PS3.3 C.7.3.1.1.1), in capitals.
        body_part: such as "HAND" (BodyPartExamined, PS3.3 C.7.3.1), in capitals.
    """

    modality: str = ""
    body_part: str = ""


@dataclass(frozen=True, eq=False)
class Radiograph:
    """A decoded file.

    Attributes:
        pixels: uint8 (H, W), gray as a viewer shows it; read only.
        source: what the DICOM header says; None for other files.
        colorfulness: mean difference, in gray levels, between the two color channels that differ
            most; 0 for a gray file.
    """

    pixels: np.ndarray
    source: DicomSource | None = None
    colorfulness: float = 0.0

    @property
    def height(self) -> int:
        """Rows."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.pixels.shape[1]
