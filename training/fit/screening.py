"""`fit-screening`: fits on train what tells an X-ray from other pictures; its limit from val."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fracturelens.screening.check import REFERENCE_FILE, Reference, check_picture
from fracturelens.screening.descriptor import describe_picture
from fracturelens.xray.read import decode_xray
from important_variables import SAVED_MODELS
from training.data.dataset import FracAtlasError, Xray, read_fracatlas, usable
from training.options import add_data_option, add_models_option

TOLERATED = 0.015
"""Share of val's X-rays that may be refused, picture checks included."""
SHRINKAGE = 0.02
"""Share of the identity in the correlation matrix, which keeps its inverse tame."""
TOLD_ERRORS = (FracAtlasError,)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens fit-screening`."""
    add_data_option(parser)
    add_models_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fits, measures on val (and on test where it is on disk) and writes the reference."""
    xrays = read_fracatlas(arguments.data)
    train, _ = describe(usable(xrays, "train"))
    mean, whitening = fit_distance(train)
    measured, limit = {}, np.inf
    for split in ("val", "test"):
        if chosen := usable(xrays, split):
            descriptors, kinds = describe(chosen)
            distances = np.linalg.norm((descriptors - mean) @ whitening, axis=1)
            if split == "val":
                limit = choose_limit(distances, kinds)
            measured[split] = refusal_rate(distances, kinds, limit)
    reference = Reference(mean, whitening, limit)
    path = write_reference(reference, len(train), measured, arguments.models)
    sys.stdout.write(f"{json.dumps(measured)}\nWritten to {path}\n")
    return 0


def describe(xrays: list[Xray]) -> tuple[np.ndarray, list[str]]:
    """Descriptors float (N, D), and for each picture the check that refuses it, or ""."""
    rows, kinds = [], []
    for xray in tqdm(xrays, desc="screening", unit="picture", disable=None):
        radiograph = decode_xray(xray.path.read_bytes())
        refusal = check_picture(radiograph)
        rows.append(describe_picture(radiograph.network_pixels))
        kinds.append(refusal.kind if refusal else "")
    return np.array(rows), kinds


def fit_distance(descriptors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (D,) and whitening (D, D) of the training descriptors, float (N, D)."""
    mean, scale = descriptors.mean(axis=0), descriptors.std(axis=0) + 1e-9
    correlation = np.cov(((descriptors - mean) / scale).T)
    tamed = correlation + SHRINKAGE * np.eye(len(mean))
    return mean, np.linalg.cholesky(np.linalg.inv(tamed)) / scale[:, None]


def choose_limit(distances: np.ndarray, kinds: list[str]) -> float:
    """The smallest limit with at most `TOLERATED` of the pictures refused.

    Args:
        distances: float (N,), of val.
        kinds: the check that refuses each picture anyhow, or "".
    """
    left = np.sort(distances[[not kind for kind in kinds]])
    allowed = int(TOLERATED * len(kinds)) - (len(kinds) - len(left))
    return float(left[-1 - max(0, allowed)])


def refusal_rate(distances: np.ndarray, kinds: list[str], limit: float) -> dict:
    """How many of a split's X-rays are refused, and by what."""
    reasons = [
        kind or "unlike" for kind, far in zip(kinds, distances > limit, strict=True) if kind or far
    ]
    return {
        "images": len(kinds),
        "refused": len(reasons),
        "share": round(len(reasons) / len(kinds), 4),
        "reasons": dict(Counter(reasons)),
    }


def write_reference(
    reference: Reference, fitted_on: int, measured: dict, folder: Path = SAVED_MODELS
) -> Path:
    """Writes saved_model/screening/reference.json; returns its path."""
    path = Path(folder) / REFERENCE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "fitted_on": {"split": "train", "images": fitted_on},
        "limit_chosen_on": "val",
        "limit": reference.limit,
        "measured": measured,
        "mean": reference.mean.tolist(),
        "whitening": reference.whitening.tolist(),
    }
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")
    return path
