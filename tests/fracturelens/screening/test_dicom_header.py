"""What a DICOM header says against a picture."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

from fracturelens.screening.dicom_header import odd_header
from fracturelens.xray.radiograph import DicomSource
from fracturelens.xray.read import decode_xray


def dicom(**elements) -> bytes:
    """A DICOM file of 32 x 32 pixels, with text elements as they are given."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.set_pixel_data(np.add.outer(*[np.arange(32, dtype=np.uint8)] * 2), "MONOCHROME2", 8)
    for name, value in elements.items():
        # Files hold what the standard forbids: lower case, a hyphen.
        dataset.add(DataElement(name, "CS", value, validation_mode=config.IGNORE))
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize(
    ("modality", "words"),
    [("MR", "an MRI scan"), ("CT", "a CT scan"), ("US", "ultrasound"), ("PT", "a PET scan"),
     ("NM", "nuclear"), ("MG", "a mammogram"), ("XA", "an angiogram"), ("PX", "the jaws")],
)  # fmt: skip
def test_other_modalities_are_named(modality, words):
    said = odd_header(DicomSource(modality, "HAND"))
    assert words in said and f"(Modality {modality})" in said


@pytest.mark.parametrize(
    ("part", "words"),
    [("CHEST", "the chest"), ("SKULL", "the head"), ("HEAD", "the head"), ("CSPINE", "the spine"),
     ("CERVICAL SPINE", "the spine"), ("LSSPINE", "the spine"), ("ABDOMEN", "the abdomen"),
     ("L-SPINE", "the spine"), ("TEETH", "teeth"), ("RIBS", "the chest"), ("NECK", "the neck")],
)  # fmt: skip
def test_other_parts_of_the_body_are_named(part, words):
    said = odd_header(DicomSource("DX", part))
    assert words in said and f"(BodyPartExamined {part})" in said


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "RF", "OT", "", "NEWER"])
@pytest.mark.parametrize(
    "part", ["HAND", "HIP", "SHOULDER", "EXTREMITY", "PELVIS", "", "FEMORAL NECK", "RADIAL HEAD"]
)
def test_radiographs_of_limbs_pass(modality, part):
    assert odd_header(DicomSource(modality, part)) is None


def test_a_file_without_a_header_passes():
    assert odd_header(None) is None


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Modality": "MR", "BodyPartExamined": "HAND"}, "an MRI scan (Modality MR)"),
        ({"Modality": "ct"}, "a CT scan (Modality CT)"),
        ({"Modality": "DX", "BodyPartExamined": "Head"}, "the head (BodyPartExamined HEAD)"),
        ({"BodyPartExamined": "L-Spine "}, "the spine (BodyPartExamined L-SPINE)"),
    ],
)
def test_headers_speak_as_files_hold_them(elements, words):
    assert words in odd_header(decode_xray(dicom(**elements)).source)


def test_a_header_that_says_nothing_passes():
    source = decode_xray(dicom()).source
    assert source == DicomSource("", "")
    assert odd_header(source) is None
