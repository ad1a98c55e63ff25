"""Pictures that installed Python packages bring: scans, photographs and textures, none a limb.

Nothing is downloaded; requirements-dev.txt pins the packages.
"""

import gzip
from collections.abc import Iterator
from functools import cache, partial

import cv2
import numpy as np
import pydicom
import skimage.data
from matplotlib import cbook
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.pixels import apply_color_lut
from sklearn.datasets import load_sample_images

from training.screening.pictures import Picture, stretched

DICOM = {
    "chest": ("RG1_UNCR.dcm",),
    "ct": (
        "693_UNCR.dcm", "CT_small.dcm", "J2K_pixelrep_mismatch.dcm", "bad_sequence.dcm",
        "eCT_Supplemental.dcm", "explicit_VR-UN.dcm",
    ),
    "mr": (
        "MR-SIEMENS-DICOM-WithOverlays.dcm", "MR2_UNCR.dcm", "MR_small.dcm", "emri_small.dcm",
        "examples_overlay.dcm",
    ),
    "us": (
        "OBXXXX1A.dcm", "US1_UNCR.dcm", "color-pl.dcm", "color3d_jpeg_baseline.dcm",
        "examples_palette.dcm", "examples_rgb_color.dcm", "examples_ybr_color.dcm",
        "gdcm-US-ALOKA-16.dcm",
    ),
    "nm": ("JPEG2000.dcm",),
    "drawing": ("liver_1frame.dcm", "image_dfl.dcm", "mlut_18.dcm", "GDCMJ2K_TextGBR.dcm"),
}  # fmt: skip
"""Files of pydicom and pydicom-data by kind; other files hold the same pictures packed anew."""
MOST_FRAMES = 4
SCIKIT_IMAGE = {
    "photo": (
        "astronaut", "camera", "cell", "chelsea", "clock", "coffee", "coins",
        "hubble_deep_field", "immunohistochemistry", "microaneurysms", "moon", "retina", "rocket",
    ),
    "texture": ("brick", "grass", "gravel"),
    "page": ("page", "text"),
    "drawing": ("colorwheel", "horse", "logo"),
    "ct": ("shepp_logan_phantom",),
}  # fmt: skip
"""Samples that lie in the package itself; others would be downloaded."""
LARGEST = 800
"""Longest side that is kept, pixels."""


class MissingPictureError(RuntimeError):
    """A package lacks one of its sample pictures; the text says what to install."""


def package_pictures() -> Iterator[Picture]:
    """All of them; each is read when it is first drawn, and then kept.

    Raises:
        MissingPictureError: pydicom-data is not installed, or another version of it.
    """
    for kind, names in DICOM.items():
        for name in names:
            for frame in range(len(dicom_frames(name))):
                draw = partial(_drawn, _dicom_frame, name, frame)
                crop = 0.85 if kind == "chest" else 0.55
                yield Picture(kind, "pydicom", f"{name} {frame}", draw, crop)
    for kind, names in SCIKIT_IMAGE.items():
        for name in names:
            yield Picture(kind, "scikit-image", name, partial(_drawn, _scikit_image, name))
    for number in range(2):
        draw = partial(_drawn, _scikit_learn, number)
        yield Picture("photo", "scikit-learn", f"sample {number}", draw, 0.25)
    for kind, name, read in MATPLOTLIB:
        yield Picture(kind, "matplotlib", name, partial(_drawn, read, name))


@cache
def dicom_frames(name: str) -> list[np.ndarray]:
    """Up to four frames of one of pydicom's files, uint8 (H, W)."""
    path = get_testdata_file(name, download=False)
    if path is None:
        raise MissingPictureError(
            f"The package pydicom-data lacks {name}. Install what requirements-dev.txt pins: "
            "`pip install -r requirements-dev.txt`."
        )
    dataset = pydicom.dcmread(path, force=True)
    values = dataset.pixel_array
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        values = apply_color_lut(values, dataset)
    several = int(dataset.get("NumberOfFrames") or 1) > 1
    chosen = values[:: max(1, len(values) // MOST_FRAMES)][:MOST_FRAMES] if several else [values]
    grays = [_gray(stretched(frame)) for frame in chosen]
    return [255 - gray for gray in grays] if _is_inverse(dataset) else grays


def _is_inverse(dataset) -> bool:
    return dataset.PhotometricInterpretation == "MONOCHROME1"


def _dicom_frame(name: str, frame: int) -> np.ndarray:
    return dicom_frames(name)[frame]


@cache
def _scikit_image(name: str) -> np.ndarray:
    values = np.asarray(getattr(skimage.data, name)())
    return _gray(values if values.dtype == np.uint8 else stretched(values))


@cache
def _scikit_learn(number: int) -> np.ndarray:
    return _gray(load_sample_images().images[number])


@cache
def _matplotlib_picture(name: str) -> np.ndarray:
    with Image.open(cbook.get_sample_data(name, asfileobj=False)) as picture:
        return _gray(np.array(picture.convert("RGB")))


@cache
def _matplotlib_head(name: str) -> np.ndarray:
    """A slice of a head, 256 x 256 numbers of 16 bits."""
    with gzip.open(cbook.get_sample_data(name, asfileobj=False)) as file:
        return _gray(stretched(np.frombuffer(file.read(), np.uint16).reshape(256, 256)))


@cache
def _matplotlib_relief(name: str) -> np.ndarray:
    with np.load(cbook.get_sample_data(name, asfileobj=False)) as file:
        return _gray(stretched(file["elevation" if "elevation" in file else "topo"]))


MATPLOTLIB = (
    ("photo", "grace_hopper.jpg", _matplotlib_picture),
    ("drawing", "logo2.png", _matplotlib_picture),
    ("drawing", "Minduka_Present_Blue_Pack.png", _matplotlib_picture),
    ("mr", "s1045.ima.gz", _matplotlib_head),
    ("texture", "jacksboro_fault_dem.npz", _matplotlib_relief),
    ("texture", "topobathy.npz", _matplotlib_relief),
)
"""Kind, file and how it is read."""


def _drawn(read, *which) -> np.ndarray:
    """What `read` gives; the last of `which` is the source of chance, which it does not need."""
    return read(*which[:-1])


def _gray(picture: np.ndarray) -> np.ndarray:
    """Gray and at most `LARGEST` pixels a side, uint8 (H, W)."""
    if picture.ndim == 3:
        picture = cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_RGB2GRAY)
    scale = LARGEST / max(picture.shape)
    if scale >= 1:
        return np.ascontiguousarray(picture)
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
