"""Keeps a training run in one file that is replaced whole: a kill costs an epoch at most."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from keras import ops


def save_checkpoint(path: Path, state: dict, groups: list[list[np.ndarray]]) -> None:
    """Writes the file whole or not at all.

    Args:
        path: .npz file; its folder is made.
        state: what JSON can hold.
        groups: lists of arrays, such as weights and the optimizer's memory.
    """
    counts = [len(group) for group in groups]
    arrays = {f"a{i}": a for i, a in enumerate(a for group in groups for a in group)}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp.npz")
    np.savez(draft, state=json.dumps(state | {"counts": counts}), **arrays)
    draft.replace(path)


def load_checkpoint(path: Path) -> tuple[dict, list[list[np.ndarray]]]:
    """State and groups as they were saved."""
    with np.load(path) as file:
        state = json.loads(str(file["state"]))
        counts = state.pop("counts")
        arrays = [file[f"a{i}"] for i in range(sum(counts))]
    ends = np.cumsum([0, *counts])
    return state, [arrays[start:end] for start, end in pairwise(ends)]


def optimizer_memory(optimizer) -> list[np.ndarray]:
    """What a built Keras optimizer remembers, for `save_checkpoint`."""
    return [ops.convert_to_numpy(variable.value) for variable in optimizer.variables]


def restore_optimizer(optimizer, memory: list[np.ndarray]) -> None:
    """Gives a built Keras optimizer the memory back."""
    for variable, value in zip(optimizer.variables, memory, strict=True):
        variable.assign(value)


def random_states(model) -> list[np.ndarray]:
    """Where the random numbers of a Keras network's layers stand, such as those of dropout.

    `get_weights` leaves them out: a run that goes on without them draws its first numbers again.
    """
    return [ops.convert_to_numpy(state.value) for state in _random_states(model)]


def restore_random_states(model, states: list[np.ndarray]) -> None:
    """Lets a Keras network draw on from where its random numbers stood."""
    for state, value in zip(_random_states(model), states, strict=True):
        state.assign(value)


def as_saved(settings: dict) -> dict:
    """Settings as they come back from a checkpoint: tuples are lists."""
    return json.loads(json.dumps(settings))


def _random_states(model) -> list:
    weights = {id(weight) for weight in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]
