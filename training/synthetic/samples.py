"""Synthetic radiographs: whole and broken bones drawn by our own code, with exact masks."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fracturelens.export.png import encode_png
from important_variables import SAMPLES
from training.synthetic.anatomy import draw_anatomy
from training.synthetic.breaks import choose_break
from training.synthetic.film import expose, trace_paths

LICENSE = "Apache-2.0"
SAMPLE_SEEDS = {
    "forearm_broken": (38, True),
    "lower_leg_broken": (9, True),
    "hand_broken": (4, True),
    "hip_broken": (52, True),
    "hand_whole": (8, False),
    "forearm_whole": (11, False),
}
"""Name of a committed sample -> seed, broken or not. The seeds were chosen for variety."""


@dataclass(frozen=True)
class SyntheticRadiograph:
    """A drawn X-ray.

    Attributes:
        image: uint8 (454, 373), gray.
        mask: bool (454, 373), a coarse outline of the fracture as in FracAtlas, or all False.
        description: Body part and finding, in words.
    """

    image: np.ndarray
    mask: np.ndarray
    description: str


def draw_radiograph(seed: int, broken: bool) -> SyntheticRadiograph:
    """Draw a forearm, lower leg, hand or hip; the same arguments give the same picture.

    Args:
        seed: At least 0. It settles the anatomy, so that broken and whole show one patient.
        broken: Whether one bone is broken (transverse, oblique, hairline or displaced).
    """
    anatomy_rng, break_rng, film_rng = (np.random.default_rng((seed, k)) for k in range(3))
    anatomy = draw_anatomy(anatomy_rng)
    bone, fracture = choose_break(anatomy, break_rng) if broken else (None, None)
    paths, mask = trace_paths(anatomy, bone, fracture, film_rng)
    gray = expose(paths, anatomy.pixel_cm, film_rng)
    finding = f"{fracture.kind} fracture of the {bone.name}" if broken else "whole bones"
    return SyntheticRadiograph(gray, mask, f"{anatomy.name}, {finding}")


def synthetic_batch(count: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield `count` pairs for training, broken and whole in turn, about 0.3 s each.

    Each pair is an image uint8 (454, 373) and a mask bool (454, 373). The pictures of two
    seeds, and those of the committed samples, are all different.
    """
    seeds = np.random.SeedSequence(seed).generate_state(count, np.uint64)
    for number, own_seed in enumerate(seeds):
        radiograph = draw_radiograph(int(own_seed), broken=number % 2 == 0)
        yield radiograph.image, radiograph.mask


def write_samples(folder: Path = SAMPLES) -> None:
    """Write the samples that the dashboard offers: pictures, masks and samples.json."""
    (folder / "masks").mkdir(parents=True, exist_ok=True)
    records = []
    for name, (seed, broken) in SAMPLE_SEEDS.items():
        radiograph = draw_radiograph(seed, broken)
        record = {
            "file": f"{name}.png",
            "mask": f"masks/{name}.png",
            "description": radiograph.description,
            "broken": broken,
            "synthetic": True,
            "seed": seed,
            "license": LICENSE,
        }
        (folder / record["file"]).write_bytes(encode_png(radiograph.image))
        (folder / record["mask"]).write_bytes(encode_png(radiograph.mask))
        records.append(record)
    (folder / "samples.json").write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command `samples`."""
    parser.add_argument("--folder", type=Path, default=SAMPLES, help="where to write them")


def run(arguments: argparse.Namespace) -> int:
    """Draw the synthetic samples."""
    write_samples(arguments.folder)
    sys.stdout.write(f"{len(SAMPLE_SEEDS)} synthetic X-rays in {arguments.folder}\n")
    return 0
