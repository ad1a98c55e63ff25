"""What a test does where something that it needs is missing."""

import os
from importlib.util import find_spec

import pytest


def skip_unless_ci(text):
    """Skips the test; in CI, where nothing may be missing, fails it."""
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text, allow_module_level=True)


def need(package, file):
    """Skips the tests of a module, in CI fails them, where a package of a file is missing."""
    if find_spec(package) is None:
        skip_unless_ci(f"{package} is missing: pip install -r {file}")
