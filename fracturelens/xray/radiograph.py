"""What was read from a file: a gray picture, and what the file says of it."""

from dataclasses import dataclass, replace

import numpy as np

from fracturelens.xray.cautions import Caution


@dataclass(frozen=True)
class PixelSpacing:
    """How far apart the centers of neighboring pixels are.

    Attributes:
        row_mm: from one row to the next, millimeters.
        column_mm: from one column to the next, millimeters.
        origin: "detector" (at the detector, the patient appears enlarged: ImagerPixelSpacing),
            "geometry" or "fiducial" (corrected: PixelSpacingCalibrationType), "scanner" (of a
            digitized film: NominalScannedPixelSpacing) or "unstated" (PixelSpacing alone).
    """

    row_mm: float
    column_mm: float
    origin: str


@dataclass(frozen=True)
class DicomSource:
    """What a DICOM header says, parsed once; "" or None where it says nothing.

    Texts are in capitals, at most 64 characters, and hold nothing but plain letters, digits,
    spaces, "_" and "-": a header is written by strangers and its words reach web pages.

    Attributes:
        modality: such as "CR" (Modality, PS3.3 C.7.3.1.1.1).
        body_part: such as "HAND" (BodyPartExamined).
        study_uid: StudyInstanceUID; digits and dots alone, as all UIDs here.
        series_uid: SeriesInstanceUID.
        instance_uid: SOPInstanceUID.
        class_uid: SOPClassUID.
        spacing: how far apart the pixels are.
        laterality: "L", "R" or "B" (ImageLaterality, else Laterality).
        orientation: where the rows and the columns lead, such as ("L", "F") (PatientOrientation).
        view_position: such as "AP" (ViewPosition).
        age_years: PatientAge, else the years from birth to the study.
        intent: "FOR PRESENTATION" or "FOR PROCESSING" (PresentationIntentType).
        photometric: such as "MONOCHROME2" (PhotometricInterpretation).
        frames: pictures in the file.
    """

    modality: str = ""
    body_part: str = ""
    study_uid: str = ""
    series_uid: str = ""
    instance_uid: str = ""
    class_uid: str = ""
    spacing: PixelSpacing | None = None
    laterality: str = ""
    orientation: tuple[str, ...] = ()
    view_position: str = ""
    age_years: float | None = None
    intent: str = ""
    photometric: str = ""
    frames: int = 1


@dataclass(frozen=True, eq=False)
class Radiograph:
    """A decoded file.

    Attributes:
        pixels: uint8 (H, W), gray as a viewer shows it: what a person sees; read only.
        source: what the DICOM header says; None for other files.
        colorfulness: mean difference, in gray levels, between the two color channels that differ
            most; 0 for a gray file.
        cautions: what is unusual about the file, each key once.
        standard: uint8 (H, W), what the networks get where that is not `pixels`; read only.
    """

    pixels: np.ndarray
    source: DicomSource | None = None
    colorfulness: float = 0.0
    cautions: tuple[Caution, ...] = ()
    standard: np.ndarray | None = None

    @property
    def height(self) -> int:
        """Rows."""
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.pixels.shape[1]

    @property
    def network_pixels(self) -> np.ndarray:
        """What the networks get: uint8 (H, W), the same for one X-ray whatever its container."""
        return self.pixels if self.standard is None else self.standard

    def with_cautions(self, *more: Caution) -> "Radiograph":
        """The same picture with further cautions; of each key the first one stays."""
        if not more:
            return self
        kept = {caution.key: caution for caution in reversed((*self.cautions, *more))}
        return replace(self, cautions=tuple(reversed(kept.values())))


def negative_of(radiograph: Radiograph) -> Radiograph:
    """The same picture with bright and dark exchanged, and the caution "inverted"."""
    standard = radiograph.standard
    inverted = replace(
        radiograph,
        pixels=255 - radiograph.pixels,
        standard=None if standard is None else 255 - standard,
    )
    return inverted.with_cautions(Caution("inverted"))
