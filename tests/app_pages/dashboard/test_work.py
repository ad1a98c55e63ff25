"""Nothing is done twice: files are read, networks run and films cut into tiles once each."""

import io
from collections import Counter
from pathlib import Path

import pytest

import app_pages.dashboard.analysis
import app_pages.dashboard.film_viewer.show
import app_pages.dashboard.page
import app_pages.session
import fracturelens.xray.pictures
from important_variables import GATE, NETWORKS, ROOT, segmenters
from tests.helpers.app_helpers import counting_load_model, write_cards, xray_png
from tests.helpers.dashboard import BRIGHT, DARK, marked, open_dashboard, open_film, upload, viewer

DRAWING = ("levels_of", "windows_of")


@pytest.fixture
def opened(folder, monkeypatch):
    """Files of ours (networks, cards, samples; not code) that are opened, in order."""
    paths = []

    def spy(file, *given, **named):
        if isinstance(file, str | Path) and is_ours(Path(file), folder):
            paths.append(str(file))
        return open_file(file, *given, **named)

    open_file = io.open
    monkeypatch.setattr("io.open", spy)  # pathlib's way
    monkeypatch.setattr("builtins.open", spy)
    return paths


def is_ours(path, folder):
    inside = any(path.is_relative_to(home) for home in (ROOT, folder)) and ".venv" not in path.parts
    return inside and path.suffix not in (".py", ".pyc")


@pytest.fixture
def calls(folder, monkeypatch):
    """How often each (network, precision) was asked, the dashboard's networks being stand-ins."""
    counted = Counter()
    write_cards(folder)
    monkeypatch.setattr(app_pages.session, "load_model", counting_load_model(counted))
    return counted


@pytest.fixture
def drawn(monkeypatch):
    """How often the film was cut into tiles, and its grays were counted."""
    counted = Counter()
    for name in DRAWING:
        function = getattr(app_pages.dashboard.film_viewer.show, name)

        def spy(*given, function=function):
            counted[function.__name__] += 1
            return function(*given)

        monkeypatch.setattr(app_pages.dashboard.film_viewer.show, name, spy)
    return counted


@pytest.fixture
def judged(monkeypatch):
    """How often scores were judged, and files decoded, on the dashboard."""
    counted = Counter()
    analysis, pictures = app_pages.dashboard.analysis, fracturelens.xray.pictures
    for module, name in (
        (analysis, "judge_scores"),
        (analysis, "examine_xray"),
        (pictures, "decode_frame"),
    ):
        function = getattr(module, name)

        def spy(*given, function=function, **named):
            counted[function.__name__] += 1
            return function(*given, **named)

        monkeypatch.setattr(module, name, spy)
    return counted


@pytest.fixture
def page(calls, drawn, judged, opened):
    """The dashboard with one bright X-ray; whatever was counted so far is forgotten."""
    page = upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert not page.exception
    assert calls == Counter({(name, "float32"): 1 for name in NETWORKS})
    assert drawn == dict.fromkeys(DRAWING, 1)
    assert judged["decode_frame"] == 1
    forget(calls, drawn, judged, opened)
    return page


def forget(*counts):
    for count in counts:
        count.clear()


def test_the_spy_sees_what_is_read(folder, opened):
    (folder / "a.json").write_text("{}")
    (folder / "a.json").read_bytes()
    with open(folder / "b.json", "w"):  # noqa: PTH123
        pass
    assert opened == [str(folder / name) for name in ("a.json", "a.json", "b.json")]


def test_the_first_run_reads_each_card_once(calls, folder, opened):
    page = open_dashboard()
    opened.clear()
    upload(page, ("wrist.png", xray_png(BRIGHT)))
    cards = [path for path in opened if path.endswith("card.json")]
    assert sorted(cards) == sorted(str(folder / name / "card.json") for name in NETWORKS)


def test_an_identical_run_does_nothing(page, calls, drawn, judged, opened):
    page.run()
    assert not page.exception
    assert calls == drawn == judged == Counter()
    assert opened == []


def test_a_mask_slider_changes_its_own_layers_and_the_agreement(page, calls, drawn, judged, opened):
    before = panes(page)
    page.slider(key="mask_encoder_decoder").set_value(0.45).run()
    assert calls == drawn == Counter() and opened == []
    assert judged == {"judge_scores": 1}
    page.slider(key="mask_encoder_decoder").set_value(0.9).run()
    assert marked(page) == ["1 U-Net only", "2 U-Net only"]
    after = panes(page)
    assert before["unet"]["layers"] == after["unet"]["layers"]
    assert before["encoder_decoder"]["layers"] != after["encoder_decoder"]["layers"]
    assert before["agreement"]["layers"] != after["agreement"]["layers"]


def test_a_gate_slider_that_keeps_the_verdict_draws_nothing(page, calls, drawn, opened):
    page.slider(key="gate_fracture_float32").set_value(0.5).run()
    assert calls == drawn == Counter()
    assert opened == []


def test_opacity_draws_and_judges_nothing(page, calls, drawn, judged):
    page.slider(key="opacity").set_value(0.9).run()
    assert viewer(page)["opacity"] == 0.9
    assert calls == judged == drawn == Counter()


def panes(page):
    return {pane["key"]: pane for pane in viewer(page)["panes"]}


def test_painting_whatever_the_verdict_runs_each_segmenter_once_and_the_gate_not_again(
    calls, drawn, judged
):
    page = upload(open_dashboard(), ("wrist.png", xray_png(DARK)))
    assert calls == {(GATE, "float32"): 1}
    forget(calls, drawn, judged)
    page.toggle(key="always_segment").set_value(True).run()
    assert calls == {(name, "float32"): 1 for name in segmenters()}
    assert drawn == Counter()
    forget(calls, drawn, judged)
    for wanted in (False, True):
        page.toggle(key="always_segment").set_value(wanted).run()
    assert calls == drawn == Counter()
    assert judged["decode_frame"] == judged["examine_xray"] == 0


def test_a_lower_gate_threshold_runs_each_segmenter_once(calls):
    page = upload(open_dashboard(), ("wrist.png", xray_png(DARK)))
    calls.clear()
    page.slider(key="gate_doubtful_float32").set_value(0.05).run()
    assert calls == {(name, "float32"): 1 for name in segmenters()}
    page.slider(key="gate_doubtful_float32").set_value(0.04).run()
    assert set(calls.values()) == {1}


def test_comparing_precisions_runs_only_the_other_one(page, folder, calls, judged):
    (folder / "unet" / "model_int8.tflite").write_bytes(b"x")
    page.run()
    assert calls == Counter()
    page.toggle(key="compare").set_value(True).run()
    assert not page.exception
    assert calls == {(name, "int8"): 1 for name in NETWORKS}
    assert judged["decode_frame"] == 0
    forget(calls, judged)
    page.run()
    page.toggle(key="compare").set_value(False).run()
    page.toggle(key="compare").set_value(True).run()
    assert calls == Counter() and judged["decode_frame"] == 0


def test_a_further_xray_does_not_run_the_first_again(page, calls):
    first, second = ("wrist.png", xray_png(BRIGHT)), ("hand.png", xray_png(BRIGHT - 9))
    upload(page, first, second)
    assert calls == {(name, "float32"): 1 for name in NETWORKS}
    open_film(page, "hand.png")
    assert set(calls.values()) == {1}


def test_several_xrays_are_each_read_and_run_once(calls, judged):
    """Two at once, in threads that remember what they made for the session."""
    films = [(f"{n}.png", xray_png(BRIGHT - 5 * n)) for n in range(5)]
    page = upload(open_dashboard(), *films, ("dark.png", xray_png(DARK)))
    assert not page.exception
    assert calls == {(GATE, "float32"): 6} | {(name, "float32"): 5 for name in segmenters()}
    assert judged["examine_xray"] == 6 and judged["decode_frame"] <= 11
    forget(calls, judged)
    page.run()
    assert calls == Counter() and judged["examine_xray"] == 0


def test_the_verdict_waits_for_no_marks(calls, monkeypatch):
    marked_before = []
    draw = app_pages.dashboard.page.show_summary

    def spy(*given):
        marked_before.append([calls[name, "float32"] for name in segmenters()])
        draw(*given)

    monkeypatch.setattr(app_pages.dashboard.page, "show_summary", spy)
    upload(open_dashboard(), ("wrist.png", xray_png(BRIGHT)))
    assert marked_before == [[0] * len(segmenters())]
    assert [calls[name, "float32"] for name in segmenters()] == [1] * len(segmenters())
