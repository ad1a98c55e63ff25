"""Tests of header_check: what a DICOM header says against a picture."""

from io import BytesIO

import pytest
from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

from fracturelens.screening.dicom_header import odd_header
from fracturelens.xray.dicom import DicomHeader, read_header


def dicom(**elements) -> bytes:
    """A DICOM file of the header alone."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = Dataset()
    dataset.file_meta = meta
    for name, value in elements.items():
        # Files hold what the standard forbids: lower case, a hyphen.
        dataset.add(DataElement(name, "CS", value, validation_mode=config.IGNORE))
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize(
    ("modality", "words"),
    [("MR", "an MRI scan"), ("ct", "a CT scan"), ("US", "ultrasound"), ("PT", "a PET scan"),
     ("NM", "nuclear"), ("MG", "a mammogram"), ("XA", "an angiogram"), ("PX", "the jaws")],
)  # fmt: skip
def test_other_modalities_are_named(modality, words):
    said = odd_header(dicom(Modality=modality, BodyPartExamined="HAND"))
    assert words in said and f"(Modality {modality.upper()})" in said


@pytest.mark.parametrize(
    ("part", "words"),
    [("CHEST", "the chest"), ("SKULL", "the head"), ("Head", "the head"), ("CSPINE", "the spine"),
     ("CERVICAL SPINE", "the spine"), ("LSSPINE", "the spine"), ("ABDOMEN", "the abdomen"),
     ("L-SPINE", "the spine"), ("TEETH", "teeth"), ("RIBS", "the chest"), ("NECK", "the neck")],
)  # fmt: skip
def test_other_parts_of_the_body_are_named(part, words):
    said = odd_header(dicom(Modality="DX", BodyPartExamined=part))
    assert words in said and f"(BodyPartExamined {part.upper()})" in said


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "RF", "OT", "", "NEWER"])
@pytest.mark.parametrize(
    "part", ["HAND", "HIP", "SHOULDER", "EXTREMITY", "PELVIS", "", "FEMORAL NECK", "RADIAL HEAD"]
)
def test_radiographs_of_limbs_pass(modality, part):
    assert odd_header(dicom(Modality=modality, BodyPartExamined=part)) is None


def test_a_header_that_says_nothing_passes():
    assert read_header(dicom()) == DicomHeader("", "")
    assert odd_header(dicom()) is None


def test_other_files_and_damaged_headers_have_none():
    whole = dicom(Modality="MR")
    for data in (b"", b"\x89PNG\r\n", bytes(200), whole[:140]):
        assert read_header(data) is None or read_header(data).modality == ""
        assert odd_header(data) is None
