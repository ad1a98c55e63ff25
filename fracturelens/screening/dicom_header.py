"""Tells from the header of a DICOM file that it is no radiograph of a limb, hip or shoulder."""

import re

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
    "the abdomen": ("ABDOMEN", "ABDOMENPELVIS", "STOMACH", "LIVER", "PANCREAS", "KIDNEY",
                    "KIDNEYS", "BLADDER", "COLON", "BOWEL"),
    "the breast": ("BREAST",),
    "the whole body": ("WHOLEBODY", "WHOLE"),
}  # fmt: skip
"""BodyPartExamined (PS3.16 Annex L), word by word; what is not listed passes."""

LIMB_WORDS = ("FEMUR", "FEMORAL", "HUMERUS", "HUMERAL", "RADIUS", "RADIAL")
"""Beside one of these, HEAD and NECK are parts of a limb's bone."""


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
    words = set(re.findall("[A-Z]+", source.body_part))
    if words & set(LIMB_WORDS):
        return None
    part = next((title for title, names in OTHER_PARTS.items() if words & set(names)), None)
    return part and (
        f"The file's header says that it shows {part} (BodyPartExamined {source.body_part[:32]})."
    )
