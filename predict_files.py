"""`predict`: verdicts, overlays and masks for picture files, folders and globs."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from app_pages.measured import Shares, region_shares
from app_pages.pictures import full_overlay
from app_pages.reports import Report, download_name, notice_png, report_record, results_csv
from create_segmentation_model import FILES, Predictor, load_model
from important_variables import GATE, NETWORKS, SAVED_MODELS, Thresholds
from prediction import (
    FracturePrediction,
    Verdict,
    load_thresholds,
    predict_fracture,
)
from xray_image import RGB, UnreadableXrayError, decode_xray

PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".dcm", ".dicom"}
OPACITY = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `command_line.py predict`."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="a file, folder or glob")
    parser.add_argument("--precision", choices=tuple(FILES), default="int8",
                        help="int8 needs no TensorFlow (default: %(default)s)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("predictions"),
                        help="folder of the results (default: %(default)s)")  # fmt: skip
    parser.add_argument("--always-segment", action="store_true",
                        help="run the segmenters and paint whatever the verdict")  # fmt: skip
    parser.add_argument("--models", type=Path, default=SAVED_MODELS,
                        help="folder of the networks (default: %(default)s)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Predicts every picture, goes on past bad ones, and ends with a count.

    Returns:
        0, or 1 where a picture could not be read or none was found.
    """
    networks = {name: load_model(name, arguments.precision, arguments.models) for name in NETWORKS}
    paths = find_pictures(arguments.images, arguments.out)
    thresholds = load_thresholds(arguments.models)
    failed = predict_files(
        paths,
        networks,
        thresholds,
        arguments.out,
        always_segment=arguments.always_segment,
        shares=region_shares(thresholds, arguments.precision, arguments.models),
    )
    for path, reason in failed.items():
        sys.stderr.write(f"{path}: {reason}\n")
    done = len(paths) - len(failed)
    sys.stdout.write(f"{done} predicted, {len(failed)} failed. Results are in {arguments.out}\n")
    return 1 if failed or not paths else 0


def find_pictures(words: Sequence[str], out: Path) -> list[Path]:
    """The pictures that the words mean, each once, in order.

    Args:
        words: files (taken as they are, even when they do not exist), folders (searched for
            `PICTURE_ENDINGS`, subfolders too) and globs.
        out: where results go; a folder's search leaves it out.
    """
    found: dict[Path, None] = {}
    for word in words:
        matches = sorted(glob(word, recursive=True)) if has_magic(word) else [word]  # noqa: PTH207
        if not matches or Path(word).exists():  # a name may hold brackets
            matches = [word]
        for match in map(Path, matches):
            found |= dict.fromkeys(_pictures_in(match, out) if match.is_dir() else [match])
    return list(found)


def predict_files(
    paths: Sequence[Path],
    networks: Mapping[str, Predictor],
    thresholds: Thresholds,
    out: Path,
    *,
    always_segment: bool = False,
    shares: Mapping[Verdict, Shares] | None = None,
) -> dict[Path, str]:
    """Writes results.jsonl, results.csv, and an overlay and a mask for each network that ran.

    A doubtful X-ray gets overlays with dotted rings and no masks: its regions are hints.

    Both tables grow picture by picture, so that memory stays flat and a stopped run keeps what it
    has done.

    Args:
        paths: picture files.
        networks: predictors by name, the gate among them.
        thresholds: operating points.
        out: folder of the results, made if it is missing.
        always_segment: run the segmenters and paint whatever the verdict.
        shares: of `region_shares`, for the tables; None where nothing was measured.

    Returns:
        What went wrong, by path, for the files that could not be read.
    """
    out.mkdir(parents=True, exist_ok=True)
    predict = partial(
        predict_fracture,
        gate=networks[GATE],
        segmenters={name: network for name, network in networks.items() if name != GATE},
        thresholds=thresholds,
        always_segment=always_segment,
    )
    failed: dict[Path, str] = {}
    with (out / "results.jsonl").open("w", encoding="utf-8") as lines, \
            (out / "results.csv").open("wb") as table:  # fmt: skip
        for path, stem in tqdm(list(_with_stems(paths)), unit="picture"):
            try:
                record = _predict_file(path, predict, shares or {}, out / stem, table)
            except UnreadableXrayError as error:
                failed[path] = str(error)
                record = {"file": str(path), "error": str(error)}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            lines.flush()
    return failed


def _predict_file(
    path: Path,
    predict: Callable[[RGB], FracturePrediction],
    shares: Mapping[Verdict, Shares],
    stem: Path,
    table: BinaryIO,
) -> dict:
    """Writes the pictures and rows of one X-ray; its arrays end here, before the next is decoded.

    Returns:
        Its line of results.jsonl.

    Raises:
        UnreadableXrayError: the file cannot be read.
    """
    image = _read(path)
    found = predict(image)
    _write_pictures(image, found, stem)
    report = Report(str(path), found, shares.get(found.verdict, {}))
    _append_rows(table, report)
    return report_record(report)


def _read(path: Path) -> RGB:
    try:
        return decode_xray(path.read_bytes())
    except OSError as error:
        raise UnreadableXrayError(str(error)) from error


def _pictures_in(folder: Path, out: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in PICTURE_ENDINGS
        and path.is_file()
        and out.resolve() not in path.resolve().parents
    )


def _with_stems(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each path with the start of its results' names: two of one name get a number."""
    seen: dict[str, int] = {}
    for path in paths:
        stem = download_name(path.name, "")
        seen[stem] = seen.get(stem, 0) + 1
        yield path, stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"


def _write_pictures(image: RGB, found: FracturePrediction, stem: Path) -> None:
    """One picture at a time, none kept: each of a large X-ray has 20 MB."""
    for name, segmentation in found.segmentations.items():
        start = f"{stem.name}_{name}"
        _write_png(
            stem.with_name(f"{start}_overlay.png"), full_overlay(image, found, name, OPACITY)
        )
        if found.painted:
            _write_png(stem.with_name(f"{start}_mask.png"), segmentation.mask)


def _write_png(path: Path, image: np.ndarray) -> None:
    path.write_bytes(notice_png(image))


def _append_rows(table: BinaryIO, report: Report) -> None:
    """Adds the rows of one picture; the header goes before the first."""
    header, rows = results_csv([report]).split(b"\n", 1)
    table.write(rows if table.tell() else header + b"\n" + rows)
    table.flush()
