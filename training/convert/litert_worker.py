"""Converts a torch.export program to LiteRT; runs in an environment of its own, beside ours.

litert-torch asks for versions that contradict ours, so this file imports nothing of the project:
`python litert_worker.py program.pt2 network.tflite`.
"""

import sys

import litert_torch
import torch


def main() -> None:
    """Converts the program of the first argument, whose example input it is traced with."""
    source, target = sys.argv[1:]
    program = torch.export.load(source)
    arguments, _ = program.example_inputs
    litert_torch.convert(program.module(), tuple(arguments)).export(target)


if __name__ == "__main__":
    main()
