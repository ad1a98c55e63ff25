"""The words of refusals: whole sentences for every kind, and nothing said of what passes."""

import pytest

from fracturelens.screening.outcome import Outcome, Screening
from fracturelens.screening.words import REMEDY, SEEN, UNLIKE, refusal_of
from training.screening.pictures import KINDS, KNOWN

EXACT = ("color", "blank", "noise", "shades", "lines")


@pytest.mark.parametrize("kind", [*EXACT, *KINDS, "unlike"])
def test_every_kind_has_whole_sentences(kind):
    refusal = refusal_of(Screening(Outcome.REFUSE, kind, detail="7"))
    assert refusal.kind == kind
    for text in (refusal.seen, refusal.remedy):
        assert text.endswith(".") and text[0].isupper() and "{" not in text
    assert ("7" in refusal.seen) == (kind == "shades")


def test_a_header_is_quoted_as_it_is():
    said = "The file's header says {that} it shows the chest."
    refusal = refusal_of(Screening(Outcome.REFUSE, "header", detail=said))
    assert refusal.seen == said and "header is wrong" in refusal.remedy


def test_a_picture_without_a_clear_kind_is_not_called_anything():
    refusal = refusal_of(Screening(Outcome.REFUSE, "unlike"))
    assert (refusal.seen, refusal.remedy) == (UNLIKE, REMEDY)
    assert not set(SEEN) & {*KNOWN, "negative", "texture"}


@pytest.mark.parametrize("outcome", [Outcome.ACCEPT, Outcome.CAUTION])
def test_what_is_judged_is_no_refusal(outcome):
    assert refusal_of(Screening(outcome, "chest")) is None
