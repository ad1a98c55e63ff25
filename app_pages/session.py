"""What all pages share: networks and engines loaded once per process, and what is missing."""

from pathlib import Path

import streamlit as st

from create_segmentation_model import MissingModelError, load_model
from fracturelens.networks.card import CARD_FILE, FILES
from fracturelens.networks.predictor import Predictor
from fracturelens.screening.network import SCREENING, ScreeningError, load_screening
from fracturelens.xray.samples import read_samples
from important_variables import (
    GATE,
    NETWORKS,
    SAMPLES,
    models_folder,
    title_of,
    wanted_runtime,
)
from prediction import Engine, make_engine

PRECISION_TITLES = {"float32": "float32 · Keras", "int8": "INT8 · LiteRT"}
PAGES_KEY = "pages_shown"
"""Session key: the page of the last run and of this one."""
WAITING = {
    "float32": "TensorFlow is starting for the float32 networks, which takes some seconds once",
    "int8": "Loading the INT8 networks, once",
}


@st.cache_resource(show_spinner=False)
def network(name: str, precision: str, folder: Path, stamps: tuple[float, float]) -> Predictor:
    """A loaded network, shared by all sessions.

    Args:
        name: of the network.
        precision: "float32" or "int8".
        folder: where the networks lie.
        stamps: times of change of its file and its card: a network that was trained or calibrated
            anew is loaded anew.

    Raises:
        MissingModelError: see `load_model`; it is not cached, so that the next run tries again.
    """
    return load_model(name, precision, folder, wanted_runtime())


def load_networks(precision: str) -> tuple[dict[str, Predictor], dict[str, str]]:
    """Networks that can be loaded, and for each other one the message that says what to do."""
    networks, problems, folder = {}, {}, models_folder()
    for place, name in enumerate(NETWORKS, 1):
        stamps = _stamp(folder / name / FILES[precision]), _stamp(folder / name / CARD_FILE)
        text = f"{WAITING[precision]}: {title_of(name)}, {place} of {len(NETWORKS)}…"
        with st.spinner(text):
            try:
                networks[name] = network(name, precision, folder, stamps)
            except MissingModelError as error:
                problems[name] = str(error)
    return networks, problems


def load_engine(precision: str) -> tuple[Engine | None, dict[str, str]]:
    """The engine of the networks that can be loaded, None without a gate; and the problems.

    Where screening cannot be loaded, the exact checks are left, and that is a problem to tell.
    """
    networks, problems = load_networks(precision)
    if GATE not in networks:
        return None, problems
    folder, screening = models_folder(), None
    try:
        screening = _screening(folder, _stamp(folder / SCREENING / FILES["int8"]),
                               _stamp(folder / SCREENING / CARD_FILE))  # fmt: skip
    except ScreeningError as error:
        problems[SCREENING] = str(error)
    known = (*networks, screening.digest if screening else "")
    engine = _engine(known, precision, folder, folder_stamp(folder), networks, screening)
    return engine, problems


def versions_of(engine: Engine) -> tuple[tuple[str, str, str], ...]:
    """Name, file and way of asking of each network: what scores depend on besides the X-ray."""
    networks = sorted(engine.networks.items())
    return tuple((name, one.digest, str(one.inference)) for name, one in networks)


@st.cache_data(show_spinner=False)
def samples() -> list[dict]:
    """The synthetic samples, as of `read_samples`; read once, since they come with the app."""
    return read_samples(SAMPLES)


def precisions() -> list[str]:
    """Precisions to choose from, the default first: INT8 where it can do all the work.

    It answers at once, where float32 waits for TensorFlow to start; what was measured in INT8
    stands beside its verdicts.
    """
    int8 = [(models_folder() / name / FILES["int8"]).is_file() for name in NETWORKS]
    if all(int8):
        return ["int8", "float32"]
    return ["float32", "int8"] if any(int8) else ["float32"]


def note_page(url_path: str) -> None:
    """Remembers which page this run shows; call it once in each run, before the page is drawn."""
    st.session_state[PAGES_KEY] = (st.session_state.get(PAGES_KEY, ("", ""))[1], url_path)


def just_arrived() -> bool:
    """Whether the run before this one showed another page."""
    before, now = st.session_state.get(PAGES_KEY, ("", ""))
    return before != now


def show_problems(problems: dict[str, str]) -> None:
    """One message for each network that could not be loaded."""
    for name, text in problems.items():
        title = "Screening" if name == SCREENING else title_of(name)
        st.warning(f"**{title} is not available.** {text}", icon=":material/build:")


def folder_stamp(folder: Path) -> float:
    """When a card, an evaluation or the reference of the screening last changed."""
    return max((_stamp(path) for path in folder.glob("*/*.json")), default=0.0)


@st.cache_resource(show_spinner=False)
def _screening(folder: Path, *stamps: float) -> Predictor:
    return load_screening(folder, wanted_runtime())


@st.cache_resource(show_spinner=False)
def _engine(
    known: tuple[str, ...],
    precision: str,
    folder: Path,
    stamp: float,
    _networks: dict[str, Predictor],
    _screening: Predictor | None,
) -> Engine:
    return make_engine(_networks, precision, folder, _screening)


def _stamp(path: Path) -> float:
    """Time of change in seconds; 0 where there is no such file."""
    return path.stat().st_mtime if path.is_file() else 0.0
