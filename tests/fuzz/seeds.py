"""Small files of every kind from which fuzzing starts."""

import gzip

import numpy as np

from tests.helpers.bad_inputs import ACCEPTED, REFUSED, encode, gradient, zip_file
from tests.helpers.films import dataset_of, deep, dicom_file, encapsulated, film, table_item

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"


def seeds() -> dict[str, bytes]:
    """Files by name."""
    small = film(40, 32)
    found = {f"{kind}.bin": encode(small, kind) for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP")}
    found["deep.png"] = encode(deep(small), "PNG")
    found["packed.tif"] = encode(small, "TIFF", compression="tiff_lzw")
    found["color.png"] = encode(np.dstack([small, small, small // 2]), "PNG")
    found["progressive.jpg"] = encode(small, "JPEG", progressive=True)
    found["film.png.gz"] = gzip.compress(found["PNG.bin"])
    found["study.zip"] = zip_file(a_png=found["PNG.bin"], b_dcm=dicom_file(deep(small)))
    found |= _dicom(small)
    for name, (make, _) in REFUSED.items():
        found[f"bad-{name}"] = make()
    return found | {f"odd-{name}": make() for name, make in ACCEPTED.items()}


def _dicom(small: np.ndarray) -> dict[str, bytes]:
    table = table_item(np.arange(256, dtype=np.uint16)[::-1], 0, 8)
    jpeg = encode(gradient(32, 32), "JPEG")
    spaced = {
        "ImagerPixelSpacing": ["0.1", "0.1"], "PatientAge": "007Y", "BodyPartExamined": "HAND",
        "Laterality": "L", "ViewPosition": "AP", "PatientOrientation": ["L", "F"],
    }  # fmt: skip
    return {
        "deep.dcm": dicom_file(deep(small), **spaced),
        "window.dcm": dicom_file(deep(small), WindowCenter="2000", WindowWidth="800"),
        "inverse.dcm": dicom_file(small, 8, PhotometricInterpretation="MONOCHROME1"),
        "table.dcm": dicom_file(small, 8, VOILUTSequence=[table]),
        "jpeg.dcm": encapsulated(dataset_of(gradient(32, 32), 8), JPEG_BASELINE, jpeg),
        "frames.dcm": dicom_file(small, 8, NumberOfFrames="1"),
        "gradient.dcm": dicom_file(gradient(32, 32), 8, RescaleSlope="2", RescaleIntercept="-100"),
    }
