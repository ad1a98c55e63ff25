"""What a DICOM header says against a picture, and what is told beside a verdict."""

import pytest

from fracturelens.screening.dicom_header import header_cautions, odd_header
from fracturelens.xray.cautions import Caution
from fracturelens.xray.radiograph import DicomSource


@pytest.mark.parametrize(
    ("modality", "words"),
    [("MR", "an MRI scan"), ("CT", "a CT scan"), ("US", "ultrasound"), ("PT", "a PET scan"),
     ("NM", "nuclear"), ("MG", "a mammogram"), ("XA", "an angiogram"), ("PX", "the jaws")],
)  # fmt: skip
def test_other_modalities_are_named(modality, words):
    said = odd_header(DicomSource(modality=modality, body_part="HAND"))
    assert words in said and f"(Modality {modality})" in said


@pytest.mark.parametrize(
    ("part", "words"),
    [("CHEST", "the chest"), ("SKULL", "the head"), ("HEAD", "the head"), ("CSPINE", "the spine"),
     ("CERVICAL SPINE", "the spine"), ("LSSPINE", "the spine"), ("ABDOMEN", "the abdomen"),
     ("L-SPINE", "the spine"), ("TEETH", "teeth"), ("RIBS", "the chest"), ("NECK", "the neck"),
     ("WHOLE BODY", "the whole body"), ("HEAD AND NECK", "the head")],
)  # fmt: skip
def test_other_parts_of_the_body_are_named(part, words):
    source = DicomSource(modality="DX", body_part=part)
    said = odd_header(source)
    assert words in said and f"(BodyPartExamined {part})" in said
    (caution,) = header_cautions(source)
    assert caution.key == "body_part" and words in caution.detail


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "RF", "OT", "", "NEWER"])
@pytest.mark.parametrize(
    "part",
    ["HAND", "HIP", "SHOULDER", "EXTREMITY", "PELVIS", "", "FEMORAL NECK", "RADIAL HEAD",
     "FIBULA HEAD", "METATARSAL HEAD", "METATARSALS HEADS", "TALAR NECK", "WHOLE LEG",
     "WHOLE LEGS", "ABDOMENPELVIS", "ABDOMEN PELVIS", "UPPER EXTREMITY"],
)  # fmt: skip
def test_radiographs_of_limbs_pass(modality, part):
    source = DicomSource(modality=modality, body_part=part)
    assert odd_header(source) is None
    assert header_cautions(source) == ()


def test_a_header_that_says_nothing_passes():
    assert odd_header(DicomSource()) is odd_header(None) is None
    assert header_cautions(None) == ()


def test_the_caution_is_a_key_with_the_part():
    assert header_cautions(DicomSource(body_part="CHEST")) == (Caution("body_part", "the chest"),)
