"""What all pages share: networks loaded once per process, precisions, and what is missing."""

import streamlit as st

from create_segmentation_model import MissingModelError, load_model
from fracturelens.networks.card import FILES
from fracturelens.networks.predictor import Predictor
from important_variables import NETWORKS, SAVED_MODELS, TITLES

PRECISIONS = {"float32": "float32 · Keras", "int8": "INT8 · LiteRT"}
WAITING = {
    "float32": "TensorFlow is starting for the float32 networks, which takes some seconds once",
    "int8": "Loading the INT8 networks, once",
}


@st.cache_resource(show_spinner=False)
def network(name: str, precision: str, stamp: float) -> Predictor:
    """A loaded network, shared by all sessions.

    Args:
        name: of the network.
        precision: "float32" or "int8".
        stamp: time of change of its file: a network trained anew is loaded anew.

    Raises:
        MissingModelError: see `load_model`; it is not cached, so that the next run tries again.
    """
    return load_model(name, precision, SAVED_MODELS)


def load_networks(precision: str) -> tuple[dict[str, Predictor], dict[str, str]]:
    """Networks that can be loaded, and for each other one the message that says what to do."""
    networks, problems = {}, {}
    for place, name in enumerate(NETWORKS, 1):
        path = SAVED_MODELS / name / FILES[precision]
        stamp = path.stat().st_mtime if path.exists() else 0
        with st.spinner(f"{WAITING[precision]}: {TITLES[name]}, {place} of {len(NETWORKS)}…"):
            try:
                networks[name] = network(name, precision, stamp)
            except MissingModelError as error:
                problems[name] = str(error)
    return networks, problems


def precisions() -> list[str]:
    """Precisions to choose from, the default first: INT8 where it can do all the work.

    It answers at once, where float32 waits for TensorFlow to start; what was measured in INT8
    stands beside its verdicts.
    """
    int8 = [(SAVED_MODELS / name / FILES["int8"]).is_file() for name in NETWORKS]
    if all(int8):
        return ["int8", "float32"]
    return ["float32", "int8"] if any(int8) else ["float32"]


def show_problems(problems: dict[str, str]) -> None:
    """One message for each network that could not be loaded."""
    for name, text in problems.items():
        st.warning(f"**{TITLES[name]} is not available.** {text}", icon=":material/build:")
