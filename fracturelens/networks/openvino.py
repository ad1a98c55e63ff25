"""Runs a LiteRT file in OpenVINO from any number of threads, rounding where LiteRT rounds."""

import struct
from pathlib import Path
from queue import LifoQueue
from tempfile import TemporaryDirectory

import numpy as np
import openvino
from openvino import opset13

from fracturelens.networks.completion import completed
from important_variables import inference_threads

ROUNDING, SUM = "FakeQuantize", "Add"
"""OpenVINO's names of the operator that rounds to INT8, and of a sum."""
STEPS = 255
"""Of INT8, from its lowest number to its highest."""
Range = tuple[float, float]


class OpenvinoPredictor:
    """float32 (N, S, S, 3) in [0, 1] -> float32 (N, ...), the same bits from every thread.

    A request keeps its tensors between calls and must serve one thread at a time: a caller takes
    one out of the pool, or waits for one. Requests that come together take turns on the same
    threads of the processor.

    Args:
        path: a LiteRT file of batch 1 with float32 input and output.
        threads: threads within one request; None for `inference_threads`.
        workers: requests in the pool.

    Raises:
        ValueError: the file takes no float32 picture.
        RuntimeError: the file is no LiteRT network, or holds an operator that OpenVINO lacks.
    """

    def __init__(self, path: Path, threads: int | None = None, workers: int = 2):
        """Reads and compiles the file, so that a bad one is known at once."""
        core = openvino.Core()
        model = _keep_rounding(_rescale_as_litert(_read(core, path)))
        _check_input(model, path)
        settings = {
            "INFERENCE_NUM_THREADS": threads or inference_threads(),
            "PERFORMANCE_HINT": "LATENCY",
            # Left to itself, it computes what is float32 in bfloat16 where the processor can.
            "INFERENCE_PRECISION_HINT": "f32",
        }
        compiled = core.compile_model(model, "CPU", settings)
        self._pool: LifoQueue = LifoQueue()
        for _ in range(workers):
            self._pool.put(compiled.create_infer_request())

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """Probabilities of the batch; the input is not altered."""
        request = self._pool.get()
        try:
            return np.concatenate([_infer(request, image[None]) for image in batch])
        finally:
            self._pool.put(request)


def _infer(request: openvino.InferRequest, image: np.ndarray) -> np.ndarray:
    """Output for one picture, copied out of the request's memory."""
    request.infer({0: image})
    return request.get_output_tensor(0).data.copy()


def _read(core: openvino.Core, path: Path) -> openvino.Model:
    """The network of a file; OpenVINO reads it from a path alone, so a complete copy is written.

    Raises:
        RuntimeError: it is no LiteRT network.
    """
    try:
        content = completed(Path(path).read_bytes())
    except (ValueError, TypeError, IndexError, struct.error) as error:
        raise RuntimeError(f"{path} is no LiteRT network ({error})") from error
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "network.tflite"
        copy.write_bytes(content)
        return core.read_model(copy)


def _keep_rounding(model: openvino.Model) -> openvino.Model:
    """The network with every rounding kept that stands between a convolution and a sum.

    OpenVINO fuses convolution, rounding, sum and the rounding after it into one operator, which
    leaves the first rounding out: a seventh of the sums is then off by one step of INT8, and the
    gate's answers by up to 0.06. A rounding with a second reader is not fused; that reader is the
    first number of its output, which nobody asks for.
    """
    first_numbers = [
        _first_number(operator.output(0))
        for operator in model.get_ordered_ops()
        if operator.get_type_name() == ROUNDING and _readers(operator) == [SUM]
    ]
    if not first_numbers:
        return model
    answers = [output.get_node().input(0).get_source_output() for output in model.outputs]
    return openvino.Model([*answers, *first_numbers], model.get_parameters())


def _rescale_as_litert(model: openvino.Model) -> openvino.Model:
    """The network with numbers that go from one INT8 scale to another rescaled as LiteRT does it.

    XNNPACK multiplies by the ratio of the scales in 256ths, and rounds halves up
    (xnn_init_qs8_cvt_scalar_params and its kernels); OpenVINO would divide exactly, so that one
    number in some hundred differs by a step. Here the rounding gets the range that gives the same.
    """
    for operator in model.get_ordered_ops():
        if operator.get_type_name() == ROUNDING:
            before = operator.input_value(0).get_node()
            source = _range(before) if before.get_type_name() == ROUNDING else None
            target = _range(operator)
            if source and target:
                _set_range(operator, *_litert_range(source, target))
    return model


def _litert_range(source: Range, target: Range) -> Range:
    """The range of float numbers that a rounding to `target` has to take for INT8's."""
    steps = [(high - low) / STEPS for low, high in (source, target)]
    ratio = max(1, round(256 * steps[0] / steps[1]))
    step = steps[0] * 256 / ratio
    low = target[0] / steps[1] * step - step / 1024  # less than a 256th: only halves go up
    return low, low + STEPS * step


def _range(operator: openvino.Node) -> Range | None:
    """The numbers that a rounding takes for its lowest and highest; None where channels differ."""
    ends = [operator.input_value(place).get_node() for place in (1, 2)]
    if any(end.get_type_name() != "Constant" or end.get_data().size != 1 for end in ends):
        return None
    low, high = (float(end.get_data().item()) for end in ends)
    return low, high


def _set_range(operator: openvino.Node, low: float, high: float) -> None:
    """Changes what a rounding takes for its lowest and highest; what it gives stays."""
    for place, end in ((1, low), (2, high)):
        constant = opset13.constant(np.array(end, np.float32))
        operator.input(place).replace_source_output(constant.output(0))


def _readers(operator: openvino.Node) -> list[str]:
    """Kinds of the operators that read the output of one."""
    return [reader.get_node().get_type_name() for reader in operator.output(0).get_target_inputs()]


def _first_number(output: openvino.Output) -> openvino.Output:
    ranks = output.get_partial_shape().rank.get_length()
    start, stop = np.zeros(ranks, np.int64), np.ones(ranks, np.int64)
    return opset13.slice(output, start, stop, stop).output(0)


def _check_input(model: openvino.Model, path: Path) -> None:
    taken = model.input(0)
    kind, shape = taken.get_element_type().get_type_name(), taken.get_partial_shape()
    if kind != "f32" or shape.rank.get_length() != 4:
        raise ValueError(
            f"expected a float32 picture (1, S, S, 3) as input of {path}, the file takes {kind} "
            f"{shape}"
        )
