"""The painted pixels of each network: a binary segmentation object."""

from typing import Any

import numpy as np

from fracturelens.export.dicom_author import MANUFACTURER, Author
from fracturelens.export.dicom_source import Film, place_of
from fracturelens.export.dicom_sr_items import FRACTURE
from fracturelens.export.dicom_words import SHORT_NOTICE
from fracturelens.results import FracturePrediction
from important_variables import NETWORKS

KIND, SERIES = "seg", 9903


def segmentation_object(film: Film, prediction: FracturePrediction, author: Author) -> Any | None:
    """A segment for each network that painted anything.

    Args:
        film: that was judged.
        prediction: what was found in it.
        author: of the result.

    Returns:
        A pydicom `Dataset` with its File Meta Information; None where nothing is painted, as on a
        doubtful film, whose findings are hints.
    """
    from highdicom.seg import Segmentation

    painted = [(name, one.mask) for name, one in prediction.segmentations.items() if one.findings]
    if not prediction.painted or not painted:
        return None
    masks = np.stack([mask for _, mask in painted], axis=-1)[np.newaxis]
    made = Segmentation(
        source_images=[film.reference],
        pixel_array=masks.astype(np.uint8),
        segmentation_type="BINARY",
        segment_descriptions=[_segment(n, name, author) for n, (name, _) in enumerate(painted, 1)],
        content_label=MANUFACTURER.upper(),
        content_description=SHORT_NOTICE,
        series_description=f"FractureLens masks, {SHORT_NOTICE}",
        **author.equipment,
        **place_of(film, author, KIND, SERIES, str(prediction.painted)),
    )
    made.PatientOrientation = film.reference.PatientOrientation
    film.complete(made)
    return made


def _segment(number: int, network: str, author: Author) -> Any:
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.color import CIELabColor
    from highdicom.seg import SegmentDescription
    from highdicom.sr import CodedConcept
    from pydicom.sr.codedict import codes

    known = author.networks[network]
    algorithm = AlgorithmIdentificationSequence(
        name=f"{MANUFACTURER}: {known.title}",
        family=codes.DCM.ArtificialIntelligence,
        version=author.software,
        source=MANUFACTURER,
        parameters={"sha256": known.sha256, "precision": author.precision},
    )
    return SegmentDescription(
        segment_number=number,
        segment_label=known.title,
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=CodedConcept(*FRACTURE),
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
        display_color=CIELabColor.from_rgb(*NETWORKS[network].mark),
    )
