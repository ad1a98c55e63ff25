"""What a header tells of a film, in words."""

import pytest

from fracturelens.xray.header_words import header_words
from fracturelens.xray.radiograph import DicomSource


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (None, ""),
        (DicomSource(), ""),
        (DicomSource(body_part="HAND", laterality="L", view_position="PA"), "Hand, left, PA view"),
        (DicomSource(body_part="LOWER_LEG"), "Lower leg"),
        (DicomSource(laterality="R"), "Right"),
        (DicomSource(body_part="FOOT", laterality="X"), "Foot"),
    ],
)
def test_what_the_header_tells(source, words):
    assert header_words(source) == words
