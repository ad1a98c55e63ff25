"""Tells from the header of a DICOM file that it is no radiograph of a limb, hip or shoulder."""

import re

from fracturelens.xray.cautions import Caution
from fracturelens.xray.radiograph import DicomSource

NO_RADIOGRAPHS = {
    "BI": "a microscope picture",
    "CT": "a CT scan",
    "DMS": "a photograph of the skin",
    "DOC": "a document",
    "ECG": "an electrocardiogram",
    "ES": "a picture of an endoscope",
    "GM": "a microscope picture",
    "IO": "a radiograph of the teeth",
    "IVUS": "an ultrasound picture",
    "MG": "a mammogram",
    "MR": "an MRI scan",
    "NM": "a nuclear medicine scan",
    "OCT": "an optical scan",
    "OP": "a photograph of the eye",
    "OPT": "an optical scan of the eye",
    "PT": "a PET scan",
    "PX": "a panoramic radiograph of the jaws",
    "RTDOSE": "a radiotherapy dose map",
    "RTIMAGE": "a picture of a radiotherapy beam",
    "SEG": "a segmentation",
    "SM": "a microscope picture",
    "TG": "a thermogram",
    "US": "an ultrasound picture",
    "XA": "an angiogram",
    "XC": "a photograph",
}
"""Modality (PS3.3 C.7.3.1.1.1) of pictures that are none; CR, DX, RG, RF, OT and unknown pass."""

OTHER_PARTS = {
    "the chest": ("CHEST", "THORAX", "LUNG", "HEART", "RIB", "RIBS", "STERNUM"),
    "the head": ("SKULL", "HEAD", "BRAIN", "FACE", "ORBIT", "ORBITS", "NOSE", "SINUS", "ZYGOMA"),
    "the jaws or teeth": ("JAW", "MANDIBLE", "MAXILLA", "TMJ", "TEETH", "TOOTH", "DENTAL"),
    "the neck": ("NECK", "CAROTID", "LARYNX", "PHARYNX"),
    "the spine": ("SPINE", "SACRUM", "COCCYX", "CSPINE", "TSPINE", "LSPINE", "SSPINE", "LSSPINE",
                  "TLSPINE", "CTSPINE", "CERVICAL", "LUMBAR", "LUMBOSACRAL"),
    "the abdomen": ("ABDOMEN", "STOMACH", "LIVER", "PANCREAS", "KIDNEY",
                    "KIDNEYS", "BLADDER", "COLON", "BOWEL"),
    "the breast": ("BREAST",),
    "the whole body": ("WHOLEBODY", "WHOLE"),
}  # fmt: skip
"""BodyPartExamined (PS3.16 Annex L), word by word; what is not listed passes."""

LIMB_WORDS = frozenset({
    "ACETABULUM", "ANKLE", "ARM", "CALCANEUS", "CARPAL", "CLAVICLE", "ELBOW", "EXTREMITY", "FEET",
    "FEMORAL", "FEMUR", "FIBULA", "FIBULAR", "FINGER", "FOOT", "FOREARM", "FOREFOOT", "GLENOID",
    "HAND", "HEEL", "HINDFOOT", "HIP", "HUMERAL", "HUMERUS", "KNEE", "LEG", "LIMB", "METACARPAL",
    "METATARSAL", "PATELLA", "PELVIC", "PELVIS", "PHALANGEAL", "PHALANX", "RADIAL", "RADIUS",
    "SCAPHOID", "SCAPULA", "SCAPULAR", "SHOULDER", "TALAR", "TALUS", "TARSAL", "THIGH", "THUMB",
    "TIBIA", "TIBIAL", "TOE", "ULNA", "ULNAR", "WRIST",
})  # fmt: skip
"""With one of these, HEAD, NECK and WHOLE are parts of a limb, and a trunk shows a limb too."""


def odd_header(source: DicomSource | None) -> str | None:
    """What a DICOM header says that the networks do not know, a sentence.

    Args:
        source: of a radiograph; None for other than DICOM files.

    Returns:
        None for headers that say nothing against the picture.
    """
    if source is None:
        return None
    if kind := NO_RADIOGRAPHS.get(source.modality):
        return f"The file's header calls it {kind} (Modality {source.modality})."
    part = other_part(source.body_part)
    return part and (
        f"The file's header says that it shows {part} (BodyPartExamined {source.body_part[:32]})."
    )


def header_cautions(source: DicomSource | None) -> tuple[Caution, ...]:
    """What a DICOM header says that is told beside a verdict.

    Args:
        source: of a radiograph; None for other than DICOM files.
    """
    part = other_part(source.body_part) if source else None
    return (Caution("body_part", part),) if part else ()


def other_part(body_part: str) -> str | None:
    """The part of the body, for people, where a BodyPartExamined names none of a limb; else None.

    The field holds free words in many files, such as FIBULA HEAD or WHOLE LEG.
    """
    words = set(re.findall("[A-Z]+", body_part))
    if LIMB_WORDS & (words | {word.removesuffix("S") for word in words}):
        return None
    return next((title for title, names in OTHER_PARTS.items() if words & set(names)), None)
