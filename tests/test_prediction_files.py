"""`examine_xray` takes any file: what is read, turned round, refused or isolated."""

from types import SimpleNamespace

import numpy as np
import pytest

import prediction
from fracturelens.results import Scores, Thresholds
from fracturelens.screening.outcome import Outcome, Screening
from fracturelens.xray.radiograph import DicomSource, Radiograph
from prediction import examine_xray, screen_xray
from tests.helpers.bad_inputs import encode
from tests.helpers.films import deep, dicom_file, film

FILM = film()
ENGINE = SimpleNamespace(screening=None, thresholds=Thresholds(0.2, 0.7, {}))


@pytest.fixture
def seen(monkeypatch):
    """What the networks were asked about; they answer 0.9. No picture is refused."""
    asked = []

    def score(pixels, engine, **options):
        asked.append(pixels)
        return Scores(*pixels.shape, 0.9)

    monkeypatch.setattr(prediction, "score_xray", score)
    monkeypatch.setattr(prediction, "screen", lambda *_: Screening(Outcome.ACCEPT))
    return asked


def test_the_networks_get_their_own_picture(seen):
    data = dicom_file(deep(FILM), 16, WindowCenter=6144, WindowWidth=12288)
    found = examine_xray(data, ENGINE)
    np.testing.assert_array_equal(seen[0], FILM)
    assert found.radiograph.pixels.max() < 80
    assert found.prediction.gate_probability == 0.9


@pytest.mark.parametrize("bright", [True, False])
def test_a_negative_is_judged_inverted_with_a_caution(seen, monkeypatch, bright):
    def check(radiograph, _):
        bright = radiograph.pixels.mean() >= 128
        return Screening(Outcome.CAUTION, "negative") if bright else Screening(Outcome.ACCEPT)

    monkeypatch.setattr(prediction, "screen", check)
    found = examine_xray(encode(255 - FILM if bright else FILM, "PNG"), ENGINE)
    np.testing.assert_array_equal(seen[0], FILM)
    assert [caution.key for caution in found.radiograph.cautions] == ["inverted"] * bright
    assert found.refusal is None


@pytest.mark.parametrize("kind", ["unlike", "header", "color"])
def test_what_stays_unlike_either_way_is_refused_as_it_is(kind, monkeypatch):
    monkeypatch.setattr(prediction, "screen", lambda *_: Screening(Outcome.REFUSE, kind))
    radiograph, refusal = screen_xray(Radiograph(FILM), ENGINE)
    assert refusal.kind == kind and radiograph.cautions == ()
    np.testing.assert_array_equal(radiograph.pixels, FILM)


def test_the_part_of_the_body_is_told(seen):
    found = examine_xray(
        b"", ENGINE, decode=lambda _: Radiograph(FILM, DicomSource(body_part="CHEST"))
    )
    assert [caution.key for caution in found.radiograph.cautions] == ["body_part"]


def test_a_file_that_fills_the_memory_takes_no_other_with_it(seen, monkeypatch):
    def fill(*_, **__):
        raise MemoryError

    monkeypatch.setattr(prediction, "score_xray", fill)
    assert "more memory" in examine_xray(encode(FILM, "PNG"), ENGINE).error
    assert "more memory" in examine_xray(b"", ENGINE, decode=fill).error
    assert "no picture" in examine_xray(b"Hello.", ENGINE).error


def test_a_film_unlike_the_known_ones_is_judged_with_a_caution(seen, monkeypatch):
    monkeypatch.setattr(prediction, "screen", lambda *_: Screening(Outcome.CAUTION, "unlike"))
    found = examine_xray(encode(FILM, "PNG"), ENGINE)
    assert found.prediction and found.refusal is None
    assert [caution.key for caution in found.cautions] == ["unlike"]
