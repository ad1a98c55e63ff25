"""What a DICOM file without a picture is, told from its SOP class (PS3.4 B.5, PS3.6 A)."""

STORAGE = "1.2.840.10008.5.1.4.1.1."
NO_IMAGES = {
    "1.2.840.10008.1.3.10": "the index of a CD (DICOMDIR)",
    STORAGE + "88.59": "a list of key images",
    STORAGE + "88.": "a structured report",
    STORAGE + "11.": "a presentation state",
    STORAGE + "104.1": "a PDF in a DICOM file",
    STORAGE + "104.": "a document in a DICOM file",
    STORAGE + "9.": "a recorded curve",
    STORAGE + "66.": "a registration or segmentation",
    STORAGE + "67": "a table of real-world values",
    STORAGE + "481.3": "a set of radiotherapy structures",
    STORAGE + "481.5": "a radiotherapy plan",
    STORAGE + "481.": "a radiotherapy record",
}
"""Start of the SOP class UID -> what it is; the first that fits counts."""
IMAGES = (STORAGE + "481.1", STORAGE + "481.2", STORAGE + "66.4")
"""Classes that start alike and hold pixel data."""


def no_image_words(class_uid: str) -> str:
    """What a file of a SOP class is, with its article; "" for images and unknown classes."""
    if class_uid in IMAGES:
        return ""
    return next((words for start, words in NO_IMAGES.items() if class_uid.startswith(start)), "")
