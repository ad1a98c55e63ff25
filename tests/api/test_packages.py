"""Says that the REST interface is not tested, where its packages are missing."""

import importlib.util

from tests.api.conftest import PACKAGES


def test_the_packages_of_the_rest_interface_are_here():
    assert all(map(importlib.util.find_spec, PACKAGES))
