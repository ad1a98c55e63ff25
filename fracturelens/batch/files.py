"""`predict`: verdicts, overlays and masks for picture files, folders and globs."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from create_segmentation_model import load_model
from fracturelens.export.csv import results_csv
from fracturelens.export.png import notice_png
from fracturelens.export.records import Report, download_name, report_record
from fracturelens.findings.views import full_overlay
from fracturelens.measured.shares import Shares, region_shares
from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.results import FracturePrediction, Verdict
from fracturelens.screening.check import Reference, Refusal, check_file, load_reference
from fracturelens.xray.letterbox import RGB
from fracturelens.xray.read import UnreadableXrayError, decode_xray
from important_variables import GATE, NETWORKS, SAVED_MODELS, Thresholds
from prediction import load_thresholds, predict_fracture

PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".dcm", ".dicom"}
OPACITY = 0.5
EXIT_CODES = (
    "Exit code: 0 where every file got a verdict; 1 where one could not be read or was refused "
    "as no X-ray of a limb, hip or shoulder, or where none was found. Refused files have the "
    'verdict "refused" in results.jsonl and results.csv, with the reason, and no pictures.'
)


@dataclass(frozen=True)
class Outcome:
    """The files without a verdict.

    Attributes:
        unreadable: what went wrong, by path.
        refused: why it is not taken for an X-ray, by path.
    """

    unreadable: dict[Path, str]
    refused: dict[Path, Refusal]


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
    parser.add_argument("--accept-any", action="store_true",
                        help="judge pictures that do not look like an X-ray all the same; their "
                        'records tell so under "judged_despite"')  # fmt: skip
    parser.epilog = EXIT_CODES


def run(arguments: argparse.Namespace) -> int:
    """Predicts every picture, goes on past bad ones, and ends with a count.

    Returns:
        The exit code, see `EXIT_CODES`.
    """
    networks = {name: load_model(name, arguments.precision, arguments.models) for name in NETWORKS}
    paths = find_pictures(arguments.images, arguments.out)
    thresholds = load_thresholds(arguments.models, arguments.precision)
    outcome = predict_files(
        paths,
        networks,
        thresholds,
        arguments.out,
        reference=load_reference(arguments.models),
        always_segment=arguments.always_segment,
        shares=region_shares(thresholds, arguments.precision, arguments.models),
        accept_any=arguments.accept_any,
    )
    _tell(outcome, len(paths), arguments.out)
    return 1 if outcome.unreadable or outcome.refused or not paths else 0


def _tell(outcome: Outcome, files: int, out: Path) -> None:
    """The files without a verdict, each with its reason, then the count of all."""
    for path, reason in outcome.unreadable.items():
        sys.stderr.write(f"{path}: {reason}\n")
    for path, refusal in outcome.refused.items():
        sys.stderr.write(f"{path}: refused. {refusal.seen} {refusal.remedy}\n")
    failed, refused = len(outcome.unreadable), len(outcome.refused)
    hint = " --accept-any judges these too." if refused else ""
    sys.stdout.write(
        f"{files - failed - refused} predicted, {refused} refused, {failed} failed.{hint} "
        f"Results are in {out}\n"
    )


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
    reference: Reference | None = None,
    always_segment: bool = False,
    shares: Mapping[Verdict, Shares] | None = None,
    accept_any: bool = False,
) -> Outcome:
    """Writes results.jsonl, results.csv, and an overlay and a mask for each network that ran.

    A doubtful X-ray gets overlays with dotted rings and no masks: its regions are hints. A
    picture that does not look like an X-ray gets none, and the verdict "refused".

    Both tables grow picture by picture, so that memory stays flat and a stopped run keeps what it
    has done.

    Args:
        paths: picture files.
        networks: predictors by name, the gate among them.
        thresholds: operating points.
        out: folder of the results, made if it is missing.
        reference: of `load_reference`; None leaves the simple checks of `check_file`.
        always_segment: run the segmenters and paint whatever the verdict.
        shares: of `region_shares`, for the tables; None where nothing was measured.
        accept_any: judge refused pictures all the same; their records say why they would be.

    Returns:
        The files that got no verdict.
    """
    out.mkdir(parents=True, exist_ok=True)
    predict = partial(
        predict_fracture,
        gate=networks[GATE],
        segmenters={name: network for name, network in networks.items() if name != GATE},
        thresholds=thresholds,
        always_segment=always_segment,
    )
    judge = _Judge(predict, shares or {}, reference, accept_any)
    outcome = Outcome({}, {})
    with (out / "results.jsonl").open("w", encoding="utf-8") as lines, \
            (out / "results.csv").open("wb") as table:  # fmt: skip
        for path, stem in tqdm(list(_with_stems(paths)), unit="picture"):
            record = _take_file(path, judge, out / stem, outcome, table)
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            lines.flush()
    return outcome


@dataclass(frozen=True)
class _Judge:
    """What every file is judged by; the attributes are arguments of `predict_files`."""

    predict: Callable[[RGB], FracturePrediction]
    shares: Mapping[Verdict, Shares]
    reference: Reference | None
    accept_any: bool


def _take_file(path: Path, judge: _Judge, stem: Path, outcome: Outcome, table: BinaryIO) -> dict:
    """Writes the pictures and rows of one file; its arrays end here, before the next is decoded.

    Returns:
        Its line of results.jsonl.
    """
    report = _judge_file(path, judge, stem)
    if report.error:
        outcome.unreadable[path] = report.error
    elif report.prediction is None:
        outcome.refused[path] = report.refusal
    _append_rows(table, report)
    return report_record(report)


def _judge_file(path: Path, judge: _Judge, stem: Path) -> Report:
    """What became of one file; the pictures of one that was judged are written."""
    try:
        data = _read(path)
        image = decode_xray(data)
    except UnreadableXrayError as error:
        return Report(str(path), error=str(error))
    refusal = check_file(data, image, judge.reference)
    if refusal and not judge.accept_any:
        return Report(str(path), refusal=refusal)
    found = judge.predict(image)
    _write_pictures(image, found, stem)
    return Report(str(path), found, judge.shares.get(found.verdict, {}), refusal)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        missing = (
            "no file matches this pattern" if has_magic(str(path)) else "there is no such file"
        )
        raise UnreadableXrayError(f"{missing}; check its spelling and the folder.") from error
    except OSError as error:
        raise UnreadableXrayError(
            f"the file cannot be opened ({error.strerror}); check its access rights."
        ) from error


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
    """Adds the rows of one file; the header goes before the first."""
    header, rows = results_csv([report]).split(b"\n", 1)
    table.write(rows if table.tell() else header + b"\n" + rows)
    table.flush()
