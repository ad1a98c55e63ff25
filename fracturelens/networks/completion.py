"""Completes a LiteRT file: operator codes also in the field that older readers look at."""

from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils

LAST_OLD_CODE = 127
"""The old field is a byte; higher codes have this placeholder there."""


def completed(content: bytes) -> bytes:
    """The file with both fields of every operator code filled in, its answers untouched.

    litert-quantizer leaves `deprecated_builtin_code` of the operators that it adds at 0. LiteRT
    takes the larger of both fields; OpenVINO reads this one alone, takes QUANTIZE and DEQUANTIZE
    for ADD and refuses the file (https://github.com/openvinotoolkit/openvino/issues/29666).

    Args:
        content: a LiteRT file.

    Returns:
        The same bytes where nothing was missing.
    """
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    empty = [code for code in model.operatorCodes if code.deprecatedBuiltinCode != _old(code)]
    if not empty:
        return content
    for code in empty:
        code.deprecatedBuiltinCode = _old(code)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _old(code: schema.OperatorCodeT) -> int:
    """What schema.fbs asks the old field to hold; files that are old have no new field."""
    known = max(code.builtinCode, code.deprecatedBuiltinCode)
    return min(known, LAST_OLD_CODE)
