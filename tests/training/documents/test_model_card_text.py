"""The card's own words hold the headings that the guidelines ask for, and no figure to go stale."""

import re

from important_variables import DISCLAIMER
from training.documents import model_card_text


def test_guidelines_are_named_and_the_disclaimer_leads():
    for name in ("CLAIM", "STARD-AI", "CHAI"):
        assert name in model_card_text.SUMMARY
    assert DISCLAIMER in model_card_text.SUMMARY


def test_no_measured_figure_is_typed():
    texts = [text for name, text in vars(model_card_text).items() if name.isupper()]
    assert len(texts) > 5
    assert not re.findall(r"\b0\.\d+", "".join(texts))
