"""PyTorch for tests; where it is missing they are skipped, in CI they fail."""

from tests.helpers.missing import need

need("torch", "requirements-torch.txt")

import torch  # noqa: E402

__all__ = ["torch"]
