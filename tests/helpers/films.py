"""X-rays that tests draw, and the DICOM files that hold them."""

from io import BytesIO

import numpy as np
import pytest


def film(height: int = 96, width: int = 80) -> np.ndarray:
    """Gray (height, width) with the histogram of a film: dark ground, soft tissue, some bone."""
    rows, columns = np.mgrid[0:height, 0:width]
    across = (columns - width / 2) / width
    ground = 6 + 10 * rows / height
    tissue = 95 * np.exp(-((across / 0.28) ** 4))
    bone = 70 * np.exp(-(((across - 0.08 * np.sin(rows / 17)) / 0.11) ** 2))
    spots = 60 * np.exp(-(((rows - height / 3) / 9) ** 2) - ((across - 0.06) / 0.06) ** 2)
    drawn = ground + tissue + bone + spots
    drawn += np.random.default_rng(0).normal(0, 2, drawn.shape)
    return np.rint(np.clip((drawn - drawn.min()) * (235 / np.ptp(drawn)), 0, 235)).astype(np.uint8)


def deep(pixels: np.ndarray, white: int = 4095) -> np.ndarray:
    """The picture with `white` for 255, uint16."""
    return np.rint(pixels * (white / 255)).astype(np.uint16)


def dataset_of(pixels: np.ndarray, bits: int = 12, **elements):
    """A digital X-ray For Presentation; `elements` add to its header or replace parts of it."""
    pydicom = pytest.importorskip("pydicom", reason="pydicom is optional")
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    dataset.SOPClassUID = pydicom.uid.DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = "1.2.3"
    dataset.Modality, dataset.PhotometricInterpretation = "DX", "MONOCHROME2"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    allocated = 8 * pixels.dtype.itemsize
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = allocated, bits, bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    dataset["PixelData"].VR = "OB" if allocated == 8 else "OW"
    add_elements(dataset, elements)
    return dataset


def add_elements(dataset, elements: dict) -> None:
    """Adds elements as they are, also such as the standard forbids; None deletes one."""
    from pydicom import config
    from pydicom.datadict import dictionary_VR
    from pydicom.dataelem import DataElement

    for name, value in elements.items():
        if value is None:
            del dataset[name]
            continue
        kind = dictionary_VR(name).split(" ")[0]
        if kind == "US" and isinstance(value, int) and value < 0:
            kind = "SS"
        dataset.add(DataElement(name, kind, value, validation_mode=config.IGNORE))


def file_of(dataset) -> bytes:
    """The bytes of a data set with its File Meta Information."""
    import pydicom

    buffer = BytesIO()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def dicom_file(pixels: np.ndarray, bits: int = 12, **elements) -> bytes:
    """The bytes of `dataset_of`."""
    return file_of(dataset_of(pixels, bits, **elements))


def table_item(entries: np.ndarray, first: int, bits: int, kind: str = "US"):
    """An item of a LUT sequence; `kind` is the value representation of its data."""
    import pydicom
    from pydicom.dataelem import DataElement

    item = pydicom.Dataset()
    number = len(entries) % 65536
    item.add(DataElement("LUTDescriptor", "US", [number, first, bits]))
    packed = entries.astype(np.uint8 if kind == "OB" else np.uint16).tobytes()
    if kind == "US":
        item.add(DataElement("LUTData", "US", [int(entry) for entry in entries]))
    else:
        item.add(DataElement("LUTData", "OW", packed + b"\0" * (len(packed) % 2)))
    return item


def encapsulated(dataset, syntax: str, *frames: bytes) -> bytes:
    """The file with its pixel data replaced by compressed frames."""
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.PixelData = encapsulate(list(frames))
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return file_of(dataset)
