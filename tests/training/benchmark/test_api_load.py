"""The load test draws films that differ, and tells what is lost or mixed up."""

import json

import pytest

from training.benchmark import api_load
from training.benchmark.api_load import DISTINCT, draw_films, measure


def test_no_two_films_are_alike():
    assert len(set(draw_films(DISTINCT))) == DISTINCT


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, "own", (0, 0)),
        (200, "other", (0, 8)),
        (500, "own", (8, 0)),
        (0, "own", (8, 0)),
    ],
)
def test_lost_and_mixed_up_answers_are_counted(monkeypatch, status, answer, expected):
    def post(url, name, film):
        shown = name if answer == "own" else "other.png"
        return status, b'{"results": [{"file": "%s", "verdict": "doubtful"}]}' % shown.encode()

    monkeypatch.setattr(api_load, "_post", post)
    monkeypatch.setattr(api_load, "describe_machine", dict)
    kept, calls = api_load.ask, []

    def ask(url, film):
        calls.append(film)
        if len(calls) <= 8:  # alone, all goes well
            return {"verdict": "doubtful"}, 0.1, 0
        return kept(url, film)

    monkeypatch.setattr(api_load, "ask", ask)
    found = measure("http://127.0.0.1:1", [bytes([n]) for n in range(8)], 2, 4)
    assert (found.lost, found.mixed_up) == expected and found.films == 4


def test_a_film_that_was_turned_away_is_sent_again(monkeypatch):
    answers = [(429, b""), (429, b""), (200, b'{"results": [{"file": "NAME"}]}')]

    def post(url, name, film):
        status, content = answers.pop(0)
        return status, content.replace(b"NAME", name.encode())

    monkeypatch.setattr(api_load, "_post", post)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert api_load.ask("http://127.0.0.1:1", b"film")[::2] == ({}, 2)


def test_the_moment_of_an_answer_is_no_difference(monkeypatch):
    moments = iter(("10:15", "10:16"))

    def post(url, name, film):
        made = {"at": next(moments), "precision": "int8"}
        return 200, json.dumps({"results": [{"file": name, "made": made}]}).encode()

    monkeypatch.setattr(api_load, "_post", post)
    first, second = (api_load.ask("http://127.0.0.1:1", b"film")[0] for _ in range(2))
    assert first == second == {"made": {"precision": "int8"}}
