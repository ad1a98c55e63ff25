"""PyTorch and litert-torch for tests; where one is missing they are skipped, in CI they fail."""

from tests.helpers.missing import skip_unless_ci
from tests.helpers.needs_torch import torch
from training.convert.errors import ConversionError
from training.convert.to_litert import litert_python

__all__ = ["torch"]

try:
    litert_python()
except ConversionError as error:
    skip_unless_ci(str(error))
