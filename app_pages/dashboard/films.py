"""The X-rays that the user brought, kept for the session whatever page is shown."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st

from app_pages.session import just_arrived
from fracturelens.xray.pictures import Picture, read_pictures
from fracturelens.xray.radiograph import Radiograph

FILES_KEY = "xray_files"
COUNT_KEY = "xray_files_counted"
OPENED_KEY = "opened_film"
ARRIVAL_KEY = "film_open_on_arrival"
ACCEPTED_KEY = "accepted_digests"
FILM = "film"
"""Of the address: number of the X-ray that is open. It tells nothing of name or content."""


@dataclass(frozen=True)
class XrayFile:
    """One X-ray of the user's, or a sample of ours.

    Attributes:
        name: as shown.
        picture: the X-ray in its file: a ZIP or a file of several frames gives several.
        digest: SHA-256 of the file's bytes, hexadecimal, with the frame where it is not the first.
        synthetic: drawn by our own code.
        number: from 1 in the order of arrival, never given twice in a session.
    """

    name: str
    picture: Picture
    digest: str
    synthetic: bool = False
    number: int = 0

    def decode(self) -> Radiograph:
        """What the file holds.

        Raises:
            UnreadableXrayError: it is no X-ray that can be read.
        """
        return self.picture.decode()


def xray_files(name: str, data: bytes, synthetic: bool = False) -> list[XrayFile]:
    """The X-rays that a file holds, at least one; what cannot be read says so when decoded."""
    return [
        XrayFile(picture.name, picture, _digest(picture), synthetic)
        for picture in read_pictures(data, name)
    ]


def kept_films() -> list[XrayFile]:
    """All X-rays of the session, in the order of arrival."""
    return list(st.session_state.get(FILES_KEY, ()))


def keep_films(files: Iterable[XrayFile]) -> list[XrayFile]:
    """Adds X-rays; one that is there already, by content and name, is not added again.

    Returns:
        The X-rays as they are kept, in the order given.
    """
    known = {(file.digest, file.name): file for file in kept_films()}
    given = []
    for file in files:
        key = file.digest, file.name
        if key not in known:
            known[key] = replace(file, number=_next_number())
        given.append(known[key])
    st.session_state[FILES_KEY] = list(known.values())
    return given


def remove_film(number: int) -> None:
    """Lets go of one X-ray; where it was open, the most suspicious one is shown next."""
    st.session_state[FILES_KEY] = [file for file in kept_films() if file.number != number]
    digests = {file.digest for file in kept_films()}
    st.session_state[ACCEPTED_KEY] = accepted_digests() & digests
    if st.session_state.get(OPENED_KEY) == number:
        close_film()


def remove_films() -> None:
    """Lets go of all X-rays."""
    st.session_state[FILES_KEY] = []
    st.session_state[ACCEPTED_KEY] = set()
    close_film()


def open_film(number: int) -> None:
    """Shows this X-ray; the address carries its number, so that back and forward work."""
    st.session_state[OPENED_KEY] = number
    st.query_params[FILM] = str(number)


def close_film() -> None:
    """Leaves the choice of what is shown to the page."""
    st.session_state[OPENED_KEY] = st.session_state[ARRIVAL_KEY] = None
    st.query_params.pop(FILM, None)


def opened_film() -> int | None:
    """Number of the X-ray that the user opened; None where the page is to choose.

    The address decides. One that names no film shows what was open when the user came to the page:
    who visits another page finds the same film again.
    """
    if just_arrived() and FILM not in st.query_params:
        st.session_state[ARRIVAL_KEY] = st.session_state.get(OPENED_KEY)
    asked = st.query_params.get(FILM, st.session_state.get(ARRIVAL_KEY))
    number = next((file.number for file in kept_films() if str(file.number) == str(asked)), None)
    if number is None and FILM in st.query_params:
        st.query_params.pop(FILM)
    st.session_state[OPENED_KEY] = number
    return number


def accepted_digests() -> set[str]:
    """Of X-rays that the user wants analyzed whatever they look like."""
    return set(st.session_state.get(ACCEPTED_KEY, ()))


def accept_films(files: Iterable[XrayFile]) -> None:
    """Has these analyzed, and opens the first: that is what the user wants to see now."""
    chosen = list(files)
    st.session_state[ACCEPTED_KEY] = accepted_digests() | {file.digest for file in chosen}
    open_film(chosen[0].number)


def _digest(picture: Picture) -> str:
    """Of what would be decoded: one that cannot be read is known by its name and why."""
    known = picture.data or f"{picture.name} {picture.error}".encode()
    return hashlib.sha256(known).hexdigest() + (f"-{picture.frame}" if picture.frame else "")


def _next_number() -> int:
    st.session_state[COUNT_KEY] = st.session_state.get(COUNT_KEY, 0) + 1
    return st.session_state[COUNT_KEY]
