"""The homepage's examples: what the INT8 networks make of synthetic samples, one for each verdict.

Keys: `examples` (container), `example_<verdict>` (cards), `open_example_<verdict>` (buttons).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.dashboard.settings import OPACITY
from app_pages.dashboard.uploads import add_sample
from app_pages.dashboard.verdict import verdict_badge
from app_pages.session import load_engine, samples, versions_of
from fracturelens.findings.views import draw_agreement, draw_original, encode_jpeg, ink_of, whole
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Thresholds, Verdict
from important_variables import SAMPLES
from prediction import Engine, examine_xray


@dataclass(frozen=True)
class Example:
    """A sample with the networks' answer.

    Attributes:
        path: of the sample.
        description: what it shows.
        verdict: of the gate.
        probability: of the gate, in [0, 1].
        picture: JPEG of it with the marks of all networks.
    """

    path: Path
    description: str
    verdict: Verdict
    probability: float
    picture: bytes

    @property
    def title(self) -> str:
        """What it is, such as "lower leg, broken", for lower_leg_broken.png."""
        part, _, state = self.path.stem.rpartition("_")
        return f"{part.replace('_', ' ')}, {state}"


def show_examples(place: DeltaGenerator, dashboard: st.Page) -> None:
    """Draws one sample for each verdict into `place`; a click opens it on the dashboard."""
    entries = samples()
    if not entries:
        return
    with place:
        engine, problems = load_engine("int8")
        if engine is None or problems:
            st.image(SAMPLES / entries[0]["file"], alt=f"Synthetic: {entries[0]['description']}")
            st.caption(f"{entries[0]['description']}. Synthetic, drawn by code.")
            return
        found = _examples(str(entries), versions_of(engine), engine.thresholds, entries, engine)
        chosen = choose(found)
        columns = st.columns(len(chosen), gap="small")
        for column, example in zip(columns, chosen, strict=True):
            with column:
                _show(example, dashboard)
        st.caption(_words(chosen))


def choose(examples: Iterable[Example]) -> list[Example]:
    """The clearest example of each verdict that was given, the most suspicious verdict first."""
    ranked = sorted(examples, key=lambda one: -one.probability)
    of_each = [[one for one in ranked if one.verdict is verdict] for verdict in Verdict]
    return [group[0 if verdict is Verdict.FRACTURE else -1]
            for verdict, group in zip(Verdict, of_each, strict=True) if group]  # fmt: skip


def _show(example: Example, dashboard: st.Page) -> None:
    with st.container(key=f"example_{example.verdict}", gap="xsmall"):
        words = VERDICTS[example.verdict]
        st.image(example.picture, width="stretch", alt=f"Synthetic: {example.description}. {words}")
        st.html(
            f"<p>{verdict_badge(example.verdict)} "
            f'<span class="fl-example-number">{example.probability:.0%}</span></p>'
        )
        if st.button(
            f"Open {example.title}", key=f"open_example_{example.verdict}", width="stretch"
        ):
            add_sample(example.path)
            st.switch_page(dashboard)


def _words(chosen: list[Example]) -> str:
    """What the pictures are, and which verdict none of them got."""
    given = {example.verdict for example in chosen}
    absent = [f"“{VERDICTS[verdict]}”" for verdict in Verdict if verdict not in given]
    none = f" None of our samples gets {' or '.join(absent)}." if absent else ""
    return (
        "Synthetic X-rays, drawn by code. Verdicts, probabilities and marks are the networks' "
        f"own.{none}"
    )


@st.cache_data(show_spinner="Reading the examples…")
def _examples(
    entries: str,
    versions: tuple[tuple[str, str, str], ...],
    thresholds: Thresholds,
    _entries: list[dict],
    _engine: Engine,
) -> list[Example]:
    """All samples as these networks see them."""
    return [_example(entry, _engine) for entry in _entries]


def _example(entry: dict, engine: Engine) -> Example:
    path = SAMPLES / entry["file"]
    found = examine_xray(path.read_bytes(), engine, accept_any=True)
    prediction, pixels = found.prediction, found.radiograph.pixels
    view = whole(*pixels.shape)
    drawn = draw_original(pixels, view)
    if prediction.segmentations:
        drawn = draw_agreement(drawn, prediction, view, ink_of(prediction, OPACITY))
    verdict, probability = prediction.verdict, prediction.gate_probability
    return Example(path, entry["description"], verdict, probability, encode_jpeg(drawn))
