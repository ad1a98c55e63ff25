"""Proves that the INT8 networks answer on an ARM processor as they do here.

`benchmarks/arm/emulate.sh` calls it twice: `prepare` writes the pictures that both run, `compare`
holds the outputs against each other and keeps the result.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from fracturelens.networks.card import FILES, read_card, sha256_of
from fracturelens.xray.letterbox import prepare_xray
from fracturelens.xray.read import decode_xray
from important_variables import BENCHMARK, NETWORKS, SAMPLES
from training.options import add_models_option

ARM_RESULT = BENCHMARK.parent / "arm" / "latest.json"
STEP = 1 / 256
"""Scale of an INT8 probability."""


class ArmProofError(RuntimeError):
    """The outputs cannot prove anything; the text says why."""


def prepare(models: Path) -> dict[str, np.ndarray]:
    """The synthetic samples as the networks take them.

    Returns:
        float32 (N, S, S, 3) in [0, 1] for each input size S, under str(S).
    """
    grays = [decode_xray(path.read_bytes()).pixels for path in sorted(SAMPLES.glob("*.png"))]
    sizes = {read_card(name, models).input_size for name in NETWORKS}
    return {str(s): np.concatenate([prepare_xray(gray, s) for gray in grays]) for s in sizes}


def compare(here: Mapping[str, np.ndarray], there: Mapping[str, np.ndarray]) -> dict[str, dict]:
    """How the outputs of two machines differ, by network.

    Args:
        here: float32 (N, ...) by output, named "<network>_<number>"; a channel per last axis.
        there: the same outputs of the other machine.

    Returns:
        For each network {"outputs", "equal" (so many of them), "largest_steps" (in INT8 steps)}.

    Raises:
        ArmProofError: the machines gave other outputs, or an output says the same of everything.
    """
    if not here or {k: v.shape for k, v in here.items()} != {k: v.shape for k, v in there.items()}:
        raise ArmProofError(
            f"Expected the same outputs of both machines, received {_shapes(here)} and "
            f"{_shapes(there)}. Run both with the same files."
        )
    _check_telling(here)
    found = {}
    for name in NETWORKS:
        differences = np.concatenate(
            [np.abs(here[k] - there[k]).ravel() for k in here if k.rpartition("_")[0] == name]
        )
        found[name] = {
            "outputs": differences.size,
            "equal": int((differences == 0).sum()),
            "largest_steps": float(differences.max()) / STEP,
        }
    return found


def is_equal(networks: Mapping[str, dict]) -> bool:
    """Whether no output is off by more than one INT8 step."""
    return all(entry["largest_steps"] <= 1 for entry in networks.values())


def file_hashes(models: Path) -> dict[str, str]:
    """SHA-256 of each network's INT8 file."""
    return {name: sha256_of(models / name / FILES["int8"]) for name in NETWORKS}


def _check_telling(outputs: Mapping[str, np.ndarray]) -> None:
    """Any port would agree on an output that never changes."""
    for name, values in outputs.items():
        channels = values.reshape(-1, values.shape[-1])
        if (np.ptp(channels, axis=0) == 0).any():
            raise ArmProofError(
                f"An output of {name} has one value for all {len(values)} pictures and pixels: "
                "equal results would prove nothing. Take pictures that the network answers."
            )


def _shapes(outputs: Mapping[str, np.ndarray]) -> str:
    return ", ".join(f"{name} {values.shape}" for name, values in outputs.items()) or "none"


def _report(arguments: argparse.Namespace) -> dict:
    with np.load(arguments.here) as here, np.load(arguments.there) as there:
        networks = compare(dict(here), dict(there))
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": "Cortex-A72, emulated by qemu",
        "runtime": f"LiteRT {version('ai-edge-litert')}",
        "pictures": len(list(SAMPLES.glob("*.png"))),
        "files": file_hashes(arguments.models),
        "networks": networks,
        "equal": is_equal(networks),
    }


def main(words: list[str] | None = None) -> int:
    """Runs `prepare OUT` or `compare HERE THERE`; returns 1 where the outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_models_option(parser)
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("prepare").add_argument("out", type=Path)
    comparing = steps.add_parser("compare")
    comparing.add_argument("here", type=Path)
    comparing.add_argument("there", type=Path)
    comparing.add_argument("--out", type=Path, default=ARM_RESULT)
    arguments = parser.parse_args(words)
    if arguments.step == "prepare":
        np.savez(arguments.out, **prepare(arguments.models))
        return 0
    try:
        report = _report(arguments)
    except ArmProofError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    arguments.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{json.dumps(report['networks'])}\nWritten to {arguments.out}\n")
    return 0 if report["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
