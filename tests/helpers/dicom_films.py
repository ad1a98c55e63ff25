"""DICOM films of many kinds with a patient and a study, and engines that find fractures in them."""

from functools import cache
from io import BytesIO

import numpy as np

from fracturelens.export.dicom_results import dicom_results
from fracturelens.export.dicom_source import film_of
from fracturelens.reporting import author_for
from fracturelens.xray.dicom.header import parsing
from prediction import examine_xray
from tests.helpers.films import dataset_of, deep, encapsulated, file_of, film
from tests.helpers.fixed_networks import engine_of, spots
from tests.helpers.missing import need

need("highdicom", "requirements-pacs.txt")

CR = "1.2.840.10008.5.1.4.1.1.1"
PATIENT = {
    "PatientName": "Doe^Jane", "PatientID": "P-1", "PatientBirthDate": "19700131",
    "PatientSex": "F", "StudyInstanceUID": "1.2.3.4", "SeriesInstanceUID": "1.2.3.4.5",
    "SOPInstanceUID": "1.2.3.4.5.6", "StudyDate": "20240229", "StudyTime": "101112",
    "AccessionNumber": "A-1", "StudyID": "S1", "InstanceNumber": "3", "SeriesNumber": "2",
    "ReferringPhysicianName": "Roe^Richard",
}  # fmt: skip
WINDOW = {"WindowCenter": "2000", "WindowWidth": "4000"}
MAPS = {
    "unet": spots((40, 100, 20, 10), (100, 30, 5, 40)),
    "encoder_decoder": spots((42, 98, 20, 10)),
}
"""Two places: one that both networks mark, and one of the U-Net's."""
FRACTURE, DOUBTFUL, NONE = 0.93, 0.4, 0.05


def study_dataset(pixels: np.ndarray | None = None, **elements):
    """A data set with a patient and a study; None leaves an element out.

    12 bits, 480 by 400, where no pixels are given.
    """
    drawn = deep(film(480, 400)) if pixels is None else pixels
    bits = 8 if drawn.dtype == np.uint8 else 12
    patient = {name: value for name, value in PATIENT.items() if name not in elements}
    absent = {name for name in PATIENT if name in elements and elements[name] is None}
    kept = {name: value for name, value in elements.items() if name not in absent}
    return dataset_of(drawn, bits, **patient | kept)


def study_film(**elements) -> bytes:
    """The file of `study_dataset`."""
    return file_of(study_dataset(**elements))


@cache
def kinds() -> dict[str, bytes]:
    """Films that differ in what results depend on, by what they are."""
    side = {"ImageLaterality": "L", "PatientOrientation": ["L", "F"], "BodyPartExamined": "HAND"}
    spaced = {"ImagerPixelSpacing": ["0.1", "0.1"], "PixelSpacing": ["0.1", "0.1"]}
    sigmoid = {"VOILUTFunction": "SIGMOID"}
    return {
        "DX": study_film(),
        "DX, all known": study_film(**side, **spaced, **WINDOW),
        "DX, inverted, SIGMOID": study_film(
            PhotometricInterpretation="MONOCHROME1", **WINDOW, **sigmoid
        ),
        "CR": study_film(SOPClassUID=CR, Modality="CR", Laterality="R", **spaced),
        "CR, inverted": study_film(
            SOPClassUID=CR, Modality="CR", PhotometricInterpretation="MONOCHROME1", **WINDOW
        ),
        "CR, rescaled": study_film(
            SOPClassUID=CR, Modality="CR", RescaleSlope="0.5", RescaleIntercept="-12",
            RescaleType="US", WindowCenter=["900", "1000"], WindowWidth=["1800", "0"],
        ),
        "DX, JPEG 2000": jpeg2000_film(),
    }  # fmt: skip


def jpeg2000_film(**elements) -> bytes:
    """A film whose pixels are compressed without loss."""
    from PIL import Image

    pixels = film(480, 400)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG2000", irreversible=False)
    dataset = study_dataset(pixels, **elements)
    return encapsulated(dataset, "1.2.840.10008.1.2.4.90", buffer.getvalue())


def marking_engine(gate: float = FRACTURE):
    """An engine that says `gate` of each film and marks the same two places."""
    return engine_of(gate, MAPS)


def judged(data: bytes, gate: float = FRACTURE, **options):
    """What became of a film and, by kind, the objects it gives: (examination, {kind: data set})."""
    from pydicom import dcmread

    engine = marking_engine(gate)
    found = examine_xray(data, engine, accept_any=True, **options)
    results = dicom_results(film_of(data), found, author_for(engine), b"%PDF-1.4 a report")
    with parsing():  # what some headers hold is warned of
        return found, {one.kind: dcmread(BytesIO(one.data)) for one in results}
