"""A configured archive (PACS): opens studies of it, and sends results back on a click.

Nothing of it is drawn where no archive is configured. Keys: `archive_<times>` (panel), `archive_by`
and `archive_number` (which study), `archive_open`, `archive_send` (buttons).
"""

from importlib.util import find_spec

import streamlit as st

from app_pages.dashboard.analysis import Examined
from app_pages.dashboard.films import keep_films, kept_films, open_film, xray_files
from app_pages.dashboard.settings import Settings
from app_pages.widgets import plain
from fracturelens.pacs.archive import Archive, configured_archive
from fracturelens.pacs.destinations import NotTakenError, UnreachableError
from fracturelens.pacs.judge import Judge
from fracturelens.pacs.peers import SettingsError
from fracturelens.pacs.studies import NUMBERS, NotOpenedError, answer_films, films_at, places_of
from prediction import Engine

PLACES_KEY = "film_places"
"""Session key: the study UID of each film that came from the archive, by digest."""
TIMES_KEY = "times_opened"
TROUBLES = (SettingsError, NotOpenedError, UnreachableError, NotTakenError)
NEEDED = ("highdicom", "dicomweb_client")
MISSING = (
    "An archive is configured, but its packages are missing: "
    "`pip install -r requirements-pacs.txt` brings them."
)
RESET = " Reset the thresholds first: nothing was measured at yours."


def ask_archive() -> None:
    """Draws the panel that opens studies."""
    try:
        archive = configured_archive()
    except SettingsError as error:
        st.warning(plain(str(error)), icon=":material/dns:")
        return
    if archive is None:
        return
    times = st.session_state.get(TIMES_KEY, 0)  # a new key after each study: that closes it
    with st.popover("Open from archive", key=f"archive_{times}", icon=":material/dns:"):
        if not all(map(find_spec, NEEDED)):
            st.warning(MISSING)
            return
        with st.form("archive_form", border=False):
            st.radio(
                "Open the study with this",
                list(NUMBERS),
                format_func=NUMBERS.get,
                key="archive_by",
                horizontal=True,
            )
            st.text_input("Number", key="archive_number", max_chars=64)
            asked = st.form_submit_button("Open", key="archive_open", type="primary")
        if asked and _open(archive):
            st.rerun()


def offer_sending(chosen: Examined, engine: Engine, settings: Settings) -> None:
    """Draws the button that sends results, below an X-ray that came from the archive.

    Args:
        chosen: the X-ray that is open; all X-rays of its study that came with it are answered.
        engine: that judges.
        settings: of the person; results are those of the measured thresholds.
    """
    study = _places().get(chosen.file.digest)
    if study is None:
        return
    films = [file for file in kept_films() if _places().get(file.digest) == study]
    count = "this X-ray" if len(films) == 1 else f"these {len(films)} X-rays"
    asked = st.button(
        f"Send results of {count} to the archive",
        key="archive_send",
        icon=":material/send:",
        disabled=settings.custom,
        help="Marks, report, copy and PDF join the study as new series. The X-rays stay as they "
        "are, and what was sent before is not doubled." + (RESET if settings.custom else ""),
    )
    if asked:
        _send({file.name: file.picture.data for file in films}, engine, settings)


def _open(archive: Archive) -> bool:
    """Brings the films of the study that the person asks for; False where there is none."""
    said, bar = st.session_state, st.empty()
    try:
        places = places_of(archive, said.archive_by, said.archive_number)
        kept = []
        for done, film in enumerate(films_at(archive, places, list(_places().values()))):
            bar.progress(done / len(places), f"{done + 1} of {len(places)}")
            for file in keep_films(xray_files(film.name, film.data)):
                said[PLACES_KEY] = _places() | {file.digest: film.place.study_uid}
                kept.append(file)
    except TROUBLES as error:
        bar.error(plain(str(error)))
        return False
    open_film(kept[0].number)
    said[TIMES_KEY] = said.get(TIMES_KEY, 0) + 1
    return True


def _send(films: dict[str, bytes], engine: Engine, settings: Settings) -> None:
    """Sends the results of films and says what became of them.

    An X-ray that was refused gets none, even if it was analyzed anyway: an archive is no place for
    answers on pictures that the networks do not know.
    """
    bar, always = st.empty(), settings.always_segment

    def tell(done: int) -> None:
        bar.progress(done / len(films), f"Sending {done + 1} of {len(films)}")

    try:
        archive = configured_archive()
        if archive is None:
            raise SettingsError("No archive is configured any more.")
        sent, reasons = answer_films(archive, Judge(engine), films, tell, always_segment=always)
    except TROUBLES as error:
        bar.error(plain(str(error)))
        return
    words = [f"The archive has the results of {sent} of {len(films)} X-rays."]
    words += [f"{name}: {reason}" for name, reason in reasons.items()]
    (bar.warning if reasons else bar.success)(plain(" ".join(words)))


def _places() -> dict[str, str]:
    return dict(st.session_state.get(PLACES_KEY, {}))
