"""A folder of networks with small evaluations, as documents are written from."""

import pytest

from fracturelens.measured.layout import write_evaluation
from fracturelens.networks.card import write_card
from tests.helpers.small_evaluations import GATE_CARD, GATE_EVALUATION


@pytest.fixture
def folder(tmp_path):
    """The gate alone, evaluated on val in float32."""
    write_card(GATE_CARD, tmp_path)
    write_evaluation(GATE_EVALUATION, tmp_path)
    return tmp_path
