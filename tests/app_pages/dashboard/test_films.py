"""Films stay for the session: added, told apart by name and content, removed, opened."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers.app_helpers import html, xray_png
from tests.helpers.dashboard import BRIGHT, DARK, MIDDLE, listed, open_film, upload, verdict

FILMS = [("bright.png", xray_png(BRIGHT)), ("dark.png", xray_png(DARK))]


def names(page):
    return [entry["name"] for entry in listed(page)]


def test_more_films_join_those_that_are_there(page):
    upload(page, *FILMS)
    upload(page, ("middle.png", xray_png(MIDDLE)))
    assert names(page) == ["bright.png", "middle.png", "dark.png"]
    assert not page.file_uploader[0].value, "the browser has an empty uploader again"


def test_two_names_with_the_same_bytes_are_both_listed(page):
    upload(page, ("a.png", xray_png(BRIGHT)), ("b.png", xray_png(BRIGHT)))
    assert names(page) == ["a.png", "b.png"]
    open_film(page, "b.png")
    assert "<b>b.png</b>" in html(page)


def test_the_same_film_again_is_not_listed_twice(page):
    upload(page, *FILMS)
    upload(page, FILMS[0], FILMS[0])
    assert names(page) == ["bright.png", "dark.png"]


def test_the_open_film_stays_open_when_others_join(page):
    upload(page, *FILMS)
    open_film(page, "dark.png")
    upload(page, ("middle.png", xray_png(MIDDLE)))
    assert verdict(page) == "none"


def test_a_sample_is_added_and_opened(page):
    upload(page, *FILMS)
    page.button(key="sample_hand_broken").click().run()
    assert "synthetic sample" in html(page) and len(names(page)) == 3


def test_all_films_can_be_removed(page):
    upload(page, *FILMS)
    open_film(page, "dark.png")
    page.button(key="clear").click().run()
    assert verdict(page) == "" and "film" not in page.query_params
    upload(page, FILMS[0])
    assert verdict(page) == "fracture"


@pytest.mark.parametrize("asked", ["99", "x", ""])
def test_an_address_that_asks_for_no_film_of_ours_is_put_right(page, asked):
    upload(page, *FILMS)
    page.query_params["film"] = asked
    page.run()
    assert verdict(page) == "fracture" and "film" not in page.query_params


def run_steps(page, *steps):
    """What each call of `films` says, made one after the other within one session."""
    for name, given in steps:
        page.session_state["step"] = (name, given)
        page.run()
    assert not page.exception
    return page


@pytest.fixture
def session():
    """A script that calls one function of `films` in each run and tells of what is kept."""

    def script():
        import streamlit as st

        from app_pages.dashboard import films
        from app_pages.session import note_page

        name, given = st.session_state["step"]
        note_page("elsewhere" if name == "visit" else "dashboard")
        if name == "keep":
            films.keep_films(films.xray_files(*given))
        elif name in ("remove_film", "open_film"):
            getattr(films, name)(given)
        elif name == "accept_films":
            films.accept_films([file for file in films.kept_films() if file.number == given])
        if name == "visit":
            st.query_params.clear()
            return
        st.text([(file.number, file.name) for file in films.kept_films()])
        st.text(films.opened_film())
        st.text(len(films.accepted_digests()))

    return AppTest.from_function(script, default_timeout=60)


KEPT = [("keep", ("a.png", b"a")), ("keep", ("b.png", b"b"))]


def test_a_removed_films_number_is_not_given_again(session):
    steps = [*KEPT, ("remove_film", 2), ("keep", ("c.png", b"c"))]
    assert run_steps(session, *steps).text[0].value == "[(1, 'a.png'), (3, 'c.png')]"


def test_removing_the_open_film_closes_it(session):
    page = run_steps(session, *KEPT, ("open_film", 2))
    assert page.text[1].value == "2" and page.query_params["film"] == "2"
    run_steps(session, ("remove_film", 2))
    assert page.text[1].value == "None" and "film" not in page.query_params


def test_a_removed_film_is_no_longer_accepted(session):
    run_steps(session, *KEPT, ("accept_films", 2))
    assert session.text[2].value == "1"
    run_steps(session, ("remove_film", 2))
    assert session.text[2].value == "0"


def test_the_open_film_is_open_after_a_visit_elsewhere(session):
    run_steps(session, *KEPT, ("open_film", 2), ("visit", None), ("look", None))
    assert session.text[1].value == "2"


def test_going_back_to_an_address_without_a_film_opens_none(session):
    run_steps(session, *KEPT, ("open_film", 2))
    session.query_params.clear()
    run_steps(session, ("look", None))
    assert session.text[1].value == "None"


def test_coming_back_to_an_address_with_a_film_leaves_older_addresses_as_they_were(session):
    run_steps(session, *KEPT, ("open_film", 2), ("visit", None))
    session.query_params["film"] = "1"
    assert run_steps(session, ("look", None)).text[1].value == "1"
    session.query_params.clear()
    assert run_steps(session, ("look", None)).text[1].value == "None"
