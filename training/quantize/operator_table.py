"""Lists the operators of a LiteRT file and refuses float or unfused convolutions."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ai_edge_litert.tools.flatbuffer_utils import get_builtin_code_from_operator_code
from litert_quantizer import qtyping
from litert_quantizer.utils import tfl_flatbuffer_utils

OPERATOR_NAMES = {
    code: name for name, code in vars(qtyping.BuiltinOperator).items() if not name.startswith("_")
}
TYPE_NAMES = {
    code: name.lower() for name, code in vars(qtyping.TensorType).items() if name.isupper()
}
CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED")
ACTIVATION_OPERATORS = (
    "RELU",
    "RELU6",
    "RELU_N1_TO_1",
    "RELU_0_TO_1",
    "HARD_SWISH",
    "LEAKY_RELU",
    "PRELU",
    "ELU",
    "GELU",
)
# They move values and change none: what stands behind one stands behind the convolution before it.
MOVING_OPERATORS = (
    "QUANTIZE",
    "DEQUANTIZE",
    "RESHAPE",
    "SQUEEZE",
    "EXPAND_DIMS",
    "TRANSPOSE",
    "PAD",
    "CONCATENATION",
    "SPLIT",
    "SLICE",
    "STRIDED_SLICE",
    "DEPTH_TO_SPACE",
    "SPACE_TO_DEPTH",
)
ARITHMETIC = ("ADD", "SUB", "MUL", "DIV")  # with a constant: a bias or a batch norm
# Codes of ActivationFunctionType in LiteRT's schema.
ACTIVATIONS = {0: "", 1: "RELU", 2: "RELU_N1_TO_1", 3: "RELU6", 4: "TANH", 5: "SIGN_BIT"}


class UnfusedGraphError(RuntimeError):
    """A graph that should be INT8 holds a float or unfused convolution; the text names them."""


@dataclass(frozen=True)
class Operator:
    """One operator of the graph.

    Attributes:
        name: LiteRT's, such as "CONV_2D".
        output: name of its output tensor.
        types: types of inputs (constants too) and output, without repeats, such as "int8".
        fused: activation computed within the operator, "" for none.
        multiply_accumulates: for one picture.
        constant_bytes: weights and biases.
        sources: numbers of the operators whose output it reads.
        has_constant: reads a weight, a bias or another constant.
        per_channel: kernel with one scale for each output channel.
    """

    name: str
    output: str
    types: tuple[str, ...]
    fused: str
    multiply_accumulates: int
    constant_bytes: int
    sources: tuple[int, ...]
    has_constant: bool
    per_channel: bool


def read_operators(file: bytes) -> list[Operator]:
    """The operators of the first subgraph, in order of execution."""
    model = tfl_flatbuffer_utils.read_model(file)
    graph, producers, operators = model.subgraphs[0], {}, []
    for number, operator in enumerate(graph.operators):
        code = model.operatorCodes[operator.opcodeIndex]
        name = OPERATOR_NAMES[get_builtin_code_from_operator_code(code)]
        operators.append(_describe(model, graph, operator, name, producers))
        producers |= dict.fromkeys(operator.outputs, number)
    return operators


def total_multiply_accumulates(file: bytes) -> int:
    """Multiply-accumulates of one inference."""
    return sum(operator.multiply_accumulates for operator in read_operators(file))


def summarize(operators: list[Operator]) -> list[dict]:
    """One row for each operator, type and fused activation, heaviest first."""
    groups = defaultdict(list)
    for operator in operators:
        groups[operator.name, operator.fused, _type_of(operator)].append(operator)
    rows = [
        {
            "operator": name + (f" + {fused}" if fused else ""),
            "type": kind,
            "count": len(members),
            "multiply_accumulates": sum(x.multiply_accumulates for x in members),
            "bytes": sum(x.constant_bytes for x in members),
        }
        for (name, fused, kind), members in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["multiply_accumulates"], row["operator"]))


def format_table(rows: list[dict]) -> str:
    """The rows as text with aligned columns and a sum."""
    total = {
        "operator": "all",
        "type": "",
        **{
            key: sum(row[key] for row in rows) for key in ("count", "multiply_accumulates", "bytes")
        },
    }
    lines = [f"{'operator':28} {'type':16} {'count':>5} {'multiply-accumulates':>20} {'bytes':>10}"]
    lines += [
        f"{row['operator']:28} {row['type']:16} {row['count']:>5} "
        f"{row['multiply_accumulates']:>20,} {row['bytes']:>10,}"
        for row in (*rows, total)
    ]
    return "\n".join(lines)


def check_fully_int8(operators: list[Operator]) -> None:
    """Passes a graph whose every convolution is INT8 with bias, norm and activation inside.

    Raises:
        UnfusedGraphError: names each convolution that is float, and each activation, bias or
            norm that stands alone behind a convolution.
    """
    faults = []
    for operator in operators:
        if operator.name in CONVOLUTIONS:
            if set(operator.types) - {"int8", "int32"}:
                faults.append(f"{operator.name} {operator.output} computes in {operator.types}")
        elif operator.name in ACTIVATION_OPERATORS or (
            operator.name in ARITHMETIC and operator.has_constant
        ):
            if behind := _convolution_before(operator, operators):
                faults.append(f"{operator.name} {operator.output} is not fused into {behind}")
    if faults:
        raise UnfusedGraphError(
            "The graph is not INT8 throughout: " + "; ".join(faults) + ". Fold the network with "
            "training.quantize.fold_network and quantize it anew."
        )


def _convolution_before(operator: Operator, operators: list[Operator]) -> str | None:
    """The convolution whose output an operator reads, at once or past moving ones; None if none."""
    for source in (operators[number] for number in operator.sources):
        if source.name in CONVOLUTIONS:
            return source.name
        if source.name in MOVING_OPERATORS and (found := _convolution_before(source, operators)):
            return found
    return None


def _describe(model, graph, operator, name: str, producers: dict) -> Operator:
    inputs = [number for number in list(operator.inputs) if number >= 0]
    tensors = [graph.tensors[number] for number in inputs]
    output = graph.tensors[operator.outputs[0]]
    constants = [t for t in tensors if model.buffers[t.buffer].data is not None]
    heavy = name in CONVOLUTIONS
    kernel = tensors[1] if heavy else None
    kinds = dict.fromkeys(_tensor_type(t) for t in (*tensors, output))
    if name in ("TRANSPOSE_CONV", "RESHAPE", "PAD", "MEAN", "REDUCE_MAX"):
        kinds.pop("int32", None)  # shapes and axes
    return Operator(
        name=name,
        output=output.name.decode(),
        types=tuple(kinds),
        fused=_activation(operator),
        multiply_accumulates=_multiply_accumulates(name, tensors, output) if heavy else 0,
        constant_bytes=sum(len(model.buffers[t.buffer].data) for t in constants),
        sources=tuple(producers[number] for number in inputs if number in producers),
        has_constant=bool(constants),
        per_channel=heavy and len(_scales(kernel)) > 1,
    )


def _multiply_accumulates(name: str, tensors, output) -> int:
    kernel = np.asarray(tensors[1].shape, np.int64)
    if name == "TRANSPOSE_CONV":  # each input pixel meets the whole kernel
        return int(np.prod(tensors[2].shape[:3], dtype=np.int64) * np.prod(kernel))
    if name == "DEPTHWISE_CONV_2D":
        return int(np.prod(output.shape, dtype=np.int64) * kernel[1] * kernel[2])
    return int(np.prod(output.shape[:-1], dtype=np.int64) * np.prod(kernel))


def _activation(operator) -> str:
    code = getattr(operator.builtinOptions, "fusedActivationFunction", 0)
    return ACTIVATIONS[code]


def _type_of(operator: Operator) -> str:
    """Short form: the accumulator's and bias' int32 go without saying."""
    kinds = [kind for kind in operator.types if kind != "int32"]
    return " -> ".join(kinds)


def _tensor_type(tensor) -> str:
    return TYPE_NAMES[tensor.type]


def _scales(tensor) -> list:
    quantization = tensor.quantization
    return [] if quantization is None or quantization.scale is None else list(quantization.scale)
