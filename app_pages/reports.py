"""What the dashboard hands out: JSON, CSV and PNG files, each with the disclaimer inside."""

import csv
import json
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from pathlib import PurePath

import cv2
import numpy as np
from PIL.PngImagePlugin import PngInfo, putchunk

from important_variables import ATTRIBUTION, DISCLAIMER, TITLES
from prediction import FracturePrediction, prediction_record

NamedPrediction = tuple[str, FracturePrediction]
"""File name and what was found in the file."""

PNG_HEADER = 33
"""Bytes of a PNG before the first place for text: 8 of signature, 25 of the header chunk."""

WHITE = np.uint8(255)

LESION_COLUMNS = (
    "file",
    "verdict",
    "gate_probability",
    "painted",
    "network",
    "lesion",
    "x",
    "y",
    "width",
    "height",
    "area_pixels",
    "area_percent",
    "peak_probability",
    "notice",
)


def results_json(predictions: Iterable[NamedPrediction]) -> bytes:
    """All results as indented UTF-8 JSON."""
    content = {
        "notice": DISCLAIMER,
        "attribution": ATTRIBUTION,
        "results": [prediction_record(name, found) for name, found in predictions],
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def results_csv(predictions: Iterable[NamedPrediction]) -> bytes:
    """One row for each lesion, and one for each X-ray without any; UTF-8 with a header."""
    rows = [row for name, found in predictions for row in _csv_rows(name, found)]
    return table_csv(LESION_COLUMNS, rows)


def table_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV table, UTF-8 with a header; a cell that a row lacks stays empty."""
    text = StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _inert(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def lesion_rows(prediction: FracturePrediction) -> list[dict[str, object]]:
    """The lesion table: one row for each lesion, positions and areas in pixels of the X-ray."""
    return [
        {
            "network": TITLES[network],
            "lesion": lesion.number,
            "x": lesion.box[0],
            "y": lesion.box[1],
            "width": lesion.box[2],
            "height": lesion.box[3],
            "area_pixels": lesion.area_pixels,
            "area_percent": round(lesion.area_percent, 4),
            "peak_probability": round(lesion.peak, 4),
        }
        for network, segmentation in prediction.segmentations.items()
        for lesion in segmentation.lesions
    ]


def notice_png(image: np.ndarray) -> bytes:
    """PNG of a picture with the disclaimer among its text fields.

    Args:
        image: uint8 (H, W, 3) or (H, W), or a bool (H, W) mask, shown as 0 and 255.
    """
    text = PngInfo()
    text.add_text("Disclaimer", DISCLAIMER)
    text.add_text("Software", "FractureLens")
    pixels = image * WHITE if image.dtype == bool else image
    pixels = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    png = cv2.imencode(".png", pixels)[1].tobytes()  # half of Pillow's time, and fewer copies
    file = BytesIO()
    file.write(png[:PNG_HEADER])
    for kind, content, *_ in text.chunks:
        putchunk(file, kind, content)
    file.write(png[PNG_HEADER:])
    return file.getvalue()


def download_name(name: str, ending: str) -> str:
    """Name of a download: the X-ray's own without its ending, then `ending`."""
    stem = PurePath(name.replace("\\", "/")).stem or "xray"
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem) + ending


def _csv_rows(name: str, prediction: FracturePrediction) -> list[dict[str, object]]:
    common = {
        "file": name,
        "verdict": str(prediction.verdict),
        "gate_probability": round(prediction.gate_probability, 4),
        "painted": prediction.painted,
        "notice": DISCLAIMER,
    }
    return [common | row for row in lesion_rows(prediction)] or [common]


def _inert(value: object) -> object:
    """A text that a spreadsheet would run as a formula (a file may be named so) gets a quote."""
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
    )
