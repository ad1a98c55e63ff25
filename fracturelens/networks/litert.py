"""Runs a LiteRT file from any number of threads, over a bounded pool of interpreters."""

from pathlib import Path
from queue import LifoQueue

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from important_variables import inference_threads


class LitertPredictor:
    """float32 (N, S, S, 3) in [0, 1] -> float32 (N, ...), the same bits from every thread.

    An interpreter keeps its tensors between calls and must serve one thread at a time: a caller
    takes one out of the pool, or waits for one. The last one used is taken first, since its
    memory is warm; further ones are made when calls first overlap.

    Args:
        path: a LiteRT file of batch 1 with float32 input and output.
        threads: threads within one interpreter; None for `inference_threads`.
        workers: interpreters in the pool, each with memory for its activations.

    Raises:
        ValueError: the file is no LiteRT network, or takes no float32 picture.
        RuntimeError: the network holds an operator that this runtime lacks.
    """

    def __init__(self, path: Path, threads: int | None = None, workers: int = 2):
        """Makes the first interpreter, so that a bad file is known at once."""
        self._content = Path(path).read_bytes()
        self._threads = threads or inference_threads()
        self._pool: LifoQueue = LifoQueue()
        for _ in range(workers - 1):
            self._pool.put(None)  # a place for an interpreter that is not made yet
        first = self._make()
        _check_input(first, path)
        self._pool.put(first)

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Probabilities of the batch; the input is not altered."""
        interpreter = self._pool.get()
        try:
            interpreter = interpreter or self._make()
            return np.concatenate([_infer(interpreter, image[None]) for image in batch])
        finally:
            self._pool.put(interpreter)

    def _make(self) -> Interpreter:
        interpreter = Interpreter(model_content=self._content, num_threads=self._threads)
        interpreter.allocate_tensors()
        return interpreter


def _infer(interpreter: Interpreter, image: np.ndarray) -> np.ndarray:
    """Output for one picture, copied out of the interpreter's memory."""
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def _check_input(interpreter: Interpreter, path: Path) -> None:
    details = interpreter.get_input_details()[0]
    if details["dtype"] is not np.float32 or len(details["shape"]) != 4:
        raise ValueError(
            f"expected a float32 picture (1, S, S, 3) as input of {path}, the file takes "
            f"{details['dtype'].__name__} {tuple(details['shape'].tolist())}"
        )
