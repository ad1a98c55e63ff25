"""The film viewer in the browser: zoom, grays, marks, comparison, measuring, drawing."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from fracturelens.xray.radiograph import PixelSpacing
from tests.helpers.films import film
from tests.helpers.viewer import data_of, doubtful, mount

FILM = film(454, 373)


def large_film():
    """4,000 x 3,000, no two tiles alike."""
    grain = np.arange(4000 * 3000, dtype=np.uint32).reshape(4000, 3000) * 2654435761 >> 29
    return np.kron(film(500, 375), np.ones((8, 8), np.uint8)) + grain.astype(np.uint8)


@pytest.fixture(scope="module")
def shared(browser):
    """A page without the app, for one test after the other: to open one takes longest of all."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def screen(shared):
    """The page, 1440 pixels wide and empty; the test fails where the viewer's script does."""
    errors = []
    shared.on("pageerror", lambda error: errors.append(error))
    shared.set_viewport_size({"width": 1440, "height": 900})
    yield shared
    shared.unroute_all()
    shared.goto("about:blank")
    assert errors == []


@pytest.fixture
def viewer(screen):
    return mount(screen, FILM)


@pytest.fixture
def phone(browser):
    """A page 390 pixels wide, under a finger."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def test_the_wheel_zooms_and_keeps_what_is_pointed_at(viewer):
    fitted, before = viewer.zoom(), viewer.point_at(40, 30)
    viewer.page.mouse.wheel(0, -800)
    viewer.page.wait_for_timeout(100)
    assert viewer.zoom() > 2 * fitted
    viewer.point_at(41, 30)
    assert viewer.point_at(40, 30)[:2] == pytest.approx(before[:2], abs=1)


def test_where_the_film_is_smallest_the_wheel_scrolls_the_page(viewer):
    page, height = viewer.page, viewer.stage().bounding_box()["y"]
    page.mouse.move(*viewer.center())
    for _ in range(8):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(60)
    page.wait_for_timeout(300)
    assert viewer.zoom() <= 100
    assert viewer.stage().bounding_box()["y"] < height


def test_keys_zoom_fit_and_pan(viewer):
    fitted = viewer.zoom()
    viewer.press("+", "+")
    assert viewer.zoom() == pytest.approx(1.5625 * fitted, abs=2)
    before = viewer.picture()
    viewer.press("ArrowDown")
    assert viewer.picture() != before
    viewer.press("1")
    assert viewer.zoom() == 100
    viewer.press("0")
    assert viewer.zoom() == fitted


def test_dragging_moves_the_film_with_the_hand(viewer):
    viewer.press(*"++++++")
    before = viewer.point_at(0, 0)
    viewer.drag((0, 0), (60, 40))
    assert viewer.pointer()[:2] == pytest.approx(before[:2], abs=1), "it sticks to the mouse"
    after = viewer.point_at(0, 0)
    assert after[0] < before[0] and after[1] < before[1]


def test_gray_values_below_the_mouse_are_those_that_were_decoded(viewer):
    viewer.press("i")  # what is shown is not what is told
    for place in ((0, 0), (33, -71), (-60, 90), (12, 140)):
        column, row, gray = viewer.point_at(*place)
        assert gray == FILM[row, column]


def test_the_window_changes_by_drag_by_preset_and_by_inversion(viewer):
    before = viewer.pixel()
    viewer.drag((0, 0), (-100, -60), button="right")
    assert viewer.window() == pytest.approx((-6, 189), abs=3)  # 60 grays narrower, 36 darker
    assert viewer.pixel()[0] > before[0]
    viewer.find("select[data-pick=window]").select_option(label="Full range")
    assert viewer.pixel() == before
    viewer.button("invert").click()
    assert viewer.pixel() == [255 - gray for gray in before]
    viewer.press("p")
    assert viewer.window() != (0, 255)


def test_a_window_shows_its_ends_black_and_white(viewer):
    _, _, gray = viewer.point_at(0, 0)
    for low, high, shown in ((gray, 255, 0), (0, gray, 255), (0, 2 * gray, 128)):
        viewer.page.evaluate(
            "([low, high]) => { const select = document.querySelector('div').shadowRoot"
            ".querySelector('select[data-pick=window]');"
            "select.add(new Option('x', `${low} ${high}`)); select.value = `${low} ${high}`;"
            "select.dispatchEvent(new Event('input', { bubbles: true })); }",
            [low, high],
        )
        assert viewer.window() == (low, high)
        assert viewer.pixel()[0] == pytest.approx(shown, abs=12)  # its neighbors are not quite it


def test_the_keyboard_changes_the_window(viewer):
    viewer.press("w", "Shift+ArrowLeft", "Shift+ArrowUp")
    low, high = viewer.window()
    assert high - low < 240
    assert (low + high) / 2 < 115


def test_both_networks_lie_side_by_side_at_first(viewer):
    words = [viewer.canvas(side).get_attribute("aria-label") for side in "ab"]
    assert words[0].startswith("Encoder-decoder: ") and words[1].startswith("U-Net: ")
    assert min(viewer.colored(side) for side in "ab") > 200


def test_marks_go_and_come_and_fade_but_rings_stay(viewer):
    viewer.pick("original", "agreement")
    marked = viewer.colored("b")
    assert marked > 200 and viewer.colored("a") == 0
    viewer.press("m")
    assert viewer.colored("b") == 0
    viewer.press("m")
    assert viewer.colored("b") == marked
    viewer.press(*["["] * 10)
    assert 0 < viewer.colored("b") < marked
    viewer.find("input[data-pick=opacity]").fill("0.45")
    assert viewer.colored("b") == marked


def test_masks_have_their_colors_to_the_pixel(viewer):
    """At full opacity a pixel of the film is yellow, vermilion or blue, or it is gray."""
    viewer.pick("original", "agreement")
    viewer.find("input[data-pick=opacity]").fill("1")
    places = {
        "unet": (224 + 8, 340 + 8),
        "several": (124 + 8, 151 + 12),
        "encoder": (124 + 40, 151 + 8),
    }
    column, row, _ = viewer.point_at(0, 0, "b")
    scale = viewer.zoom() / 100
    shown = {
        name: viewer.pixel((px - column) * scale, (py - row) * scale, "b")
        for name, (px, py) in places.items()
    }
    assert shown == {"unet": [86, 180, 233], "several": [240, 228, 66], "encoder": [213, 94, 0]}


def test_hints_are_ringed_with_dots_and_not_painted(screen):
    solid = mount(screen, FILM).colored("b")
    viewer = mount(screen, FILM, doubtful(FILM))
    viewer.pick("original", "agreement")
    assert 0 < viewer.colored("b") < solid / 2
    expect(viewer.canvas("b")).to_have_attribute(
        "aria-label",
        re.compile(
            r"^Agreement of the networks: 2 hints, 1: .*Both networks\); 2: .*U-Net only\)$"
        ),
    )


def test_two_panes_show_the_same_part(viewer):
    viewer.pick("original", "original")
    assert viewer.picture("a") == viewer.picture("b")
    viewer.page.mouse.move(*viewer.center("b"))
    viewer.page.mouse.wheel(0, -700)
    viewer.drag((0, 0), (60, -50), side="b")
    assert viewer.picture("a") == viewer.picture("b")
    viewer.press("s", "s")
    assert viewer.canvas("b").get_attribute("aria-label").startswith("U-Net: 2 findings")


@pytest.mark.parametrize(("width", "stacked"), [(1440, False), (648, False), (647, True)])
def test_panes_stand_side_by_side_or_stack_but_stay_wide(screen, width, stacked):
    viewer = mount(screen, FILM)
    screen.evaluate("width => (document.querySelector('div').style.width = `${width}px`)", width)
    viewer.drawn()
    first, second = (viewer.stage(side).bounding_box() for side in "ab")
    assert first["width"] == pytest.approx(second["width"], abs=2)
    assert first["width"] >= 320
    assert first["height"] == pytest.approx(second["height"], abs=2)
    assert (second["y"] > first["y"]) == stacked


def test_the_swipe_slider_uncovers_the_marks(viewer):
    viewer.pick("original", "agreement")
    viewer.button("layout", "swipe").click()
    expect(viewer.find("[data-side=b]")).to_be_hidden()
    grip = viewer.find(".grip")
    grip.focus()
    counts = []
    for key in ("Shift+ArrowRight", "Shift+ArrowLeft"):
        for _ in range(6):
            grip.press(key)
        counts.append(viewer.colored())
    assert counts[0] == 0 and counts[1] > 200
    expect(grip).to_have_attribute("aria-valuenow", "0")
    box, mouse = viewer.stage().bounding_box(), viewer.page.mouse
    mouse.move(box["x"] + 5, box["y"] + 50)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 50, steps=4)
    mouse.up()
    expect(grip).to_have_attribute("aria-valuenow", "75")


def test_the_layout_goes_round_by_a_key_and_one_pane_is_wider(viewer):
    width = viewer.stage().bounding_box()["width"]
    viewer.press("c", "c")
    expect(viewer.button("layout", "one")).to_have_attribute("aria-pressed", "true")
    assert viewer.stage().bounding_box()["width"] > 1.9 * width


def test_a_large_film_is_seen_from_one_tile_and_fetches_what_is_looked_at(screen):
    pixels = large_film()
    asked = []
    screen.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    viewer = mount(screen, pixels)
    assert [name for name in asked if name.endswith(".png")] == ["film-2-0.png"]
    viewer.press("1")
    viewer.page.wait_for_timeout(20)
    viewer.wait()
    full = [name for name in asked if name.startswith("film-0-")]
    assert 0 < len(full) < len(viewer.tiles) - 5, "those in view alone"
    for place in ((0, 0), (150, -200), (-170, 120)):
        column, row, gray = viewer.point_at(*place)
        assert gray == pixels[row, column]


def test_a_gray_value_of_a_large_film_is_exact_where_the_film_is_small(screen):
    pixels = large_film()
    viewer = mount(screen, pixels)
    column, row, gray = viewer.point_at(11, -90)
    assert gray == pixels[row, column]


def test_a_tile_that_is_not_there_yet_is_asked_for_again(screen):
    viewer = mount(screen, film(1500, 1200))
    missing = dict(viewer.tiles)
    viewer.tiles.clear()
    viewer.press("1")
    viewer.page.wait_for_timeout(300)
    viewer.tiles.update(missing)
    viewer.wait()


def test_lengths_are_in_millimeters_where_the_header_says_how_large_pixels_are(screen):
    viewer = mount(screen, FILM, spacing=PixelSpacing(0.2, 0.1, "detector"))
    viewer.button("tool", "measure").click()
    expect(viewer.find(".pointer")).to_contain_text("at the detector")
    viewer.press("Enter", *["Shift+ArrowRight"] * 6, *["Shift+ArrowDown"] * 4, "Enter")
    expect(viewer.find(".said")).to_have_text("10.0 mm")  # 60 columns, 40 rows: 6 and 8 mm


def test_lengths_are_in_pixels_otherwise_and_the_viewer_says_so(viewer):
    viewer.press("r")
    expect(viewer.find(".pointer")).to_contain_text("lengths are in pixels")
    before = viewer.picture()
    start = viewer.point_at(-90, -80)
    end = viewer.point_at(10, -80)
    viewer.drag((-90, -80), (10, -80))
    length = float(viewer.find(".said").inner_text().removesuffix(" px"))
    assert length == pytest.approx(end[0] - start[0], abs=1)
    drawn = viewer.picture()
    viewer.press("Backspace")
    assert viewer.picture() != drawn
    viewer.press("Escape")
    viewer.point_at(-90, -81)
    assert viewer.picture() == before, "nothing is left of it"


def test_another_film_resets_zoom_grays_and_drawings(viewer):
    fitted, before = viewer.zoom(), viewer.picture()
    viewer.press(*"+++i", "r", "Enter", "Shift+ArrowRight", "Enter")
    assert viewer.zoom() > fitted and viewer.picture() != before
    viewer.tiles |= {name.replace("film", "next"): tile for name, tile in viewer.tiles.items()}
    viewer.page.evaluate("data => update(data)", data_of(FILM, name="next"))
    viewer.wait()
    assert viewer.zoom() == fitted and viewer.picture() == before


def test_the_same_film_keeps_its_zoom_when_the_page_is_drawn_anew(viewer):
    viewer.press(*"+++")
    zoom = viewer.zoom()
    viewer.page.evaluate("data => update(data)", data_of(FILM) | {"opacity": 0.9})
    assert viewer.zoom() == zoom
    assert viewer.find("input[data-pick=opacity]").input_value() == "0.9"


def test_marks_are_judged_and_drawings_told_to_the_pixel(viewer):
    viewer.button("panel", "correct").click()
    viewer.button("judge", "1 right").click()
    viewer.button("judge", "2 right").click()
    viewer.button("judge", "2 wrong").click()
    viewer.button("tool", "box").click()
    start, end = viewer.point_at(-80, 50), viewer.point_at(-20, 110)
    viewer.drag((-80, 50), (-20, 110))
    right, wrong, missed = viewer.sent()["items"]
    assert (right["status"], wrong["status"], missed["status"]) == ("right", "wrong", "missed")
    size = [last - first + 1 for first, last in zip(start, end, strict=True)][:2]
    assert missed["box"] == [*start[:2], *size]
    viewer.button("judge", "1 right").click()
    viewer.press("Backspace")
    assert [one["status"] for one in viewer.sent()["items"]] == ["wrong"]
    assert viewer.sent()["film"] == "film"


def test_a_box_is_drawn_around_the_pixels_that_it_holds(viewer):
    """From the border of its first pixel to that of its last, seen eight times as large."""
    viewer.page.evaluate(
        "data => update(data)",
        data_of(np.zeros((40, 40), np.uint8), None, name="dark")
        | {
            "panes": data_of(FILM)["panes"][:1],
            "corrections": [{"status": "missed", "box": [10, 10, 20, 20], "outline": None}],
        },
    )
    viewer.page.wait_for_timeout(200)
    scale = viewer.zoom() / 100
    for column in (10, 30):
        across = viewer.pixel((column - 20) * scale, 0.5)
        assert max(viewer.pixel((column - 20) * scale + at, 3)[0] for at in (-1, 0, 1)) > 100, (
            across
        )
    assert viewer.pixel((20 - 20) * scale, 3) == [0, 0, 0]


def test_an_outline_is_drawn_by_hand_and_by_keyboard(viewer):
    viewer.press("o", "Enter", *["Shift+ArrowRight"] * 3, *["Shift+ArrowDown"] * 3, "Enter")
    [outline] = viewer.sent()["items"]
    assert len(outline["outline"]) == 7
    assert outline["box"][2:] == [31, 31]
    x, y = viewer.center()
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    for dx, dy in ((40, 0), (40, 40), (0, 40)):
        viewer.page.mouse.move(x + dx, y + dy, steps=3)
    viewer.page.mouse.up()
    assert len(viewer.sent()["items"]) == 2


def test_a_mark_is_shown_from_near_and_the_next_one_by_a_key(viewer):
    fitted = viewer.zoom()
    viewer.button("show", "2").click()
    assert viewer.zoom() == pytest.approx(3 * fitted, rel=0.02)
    assert viewer.point_at()[:2] == pytest.approx((224 + 11, 340 + 11), abs=3)
    expect(viewer.find(".said")).to_contain_text("Mark 2, lower center")
    viewer.press("n")
    expect(viewer.find(".said")).to_contain_text("Mark 1, ")


def test_every_control_has_a_name_and_the_keys_are_told(viewer):
    for control in viewer.find("button:visible, select:visible, input:visible").all():
        name = control.evaluate(
            "node => node.getAttribute('aria-label') || node.textContent.trim()"
            " || node.closest('label')?.textContent.trim()"
        )
        assert name
    viewer.press("?")
    expect(viewer.find(".help")).to_be_visible()
    expect(viewer.find(".help")).to_contain_text("start and end a measurement")


def test_a_focused_film_is_ringed(viewer):
    viewer.button("panel", "help").focus()
    viewer.page.keyboard.press("Tab")
    style = viewer.stage().evaluate("node => getComputedStyle(node).outlineStyle")
    assert style == "solid"


def test_a_film_without_marks_is_shown_alone(screen):
    viewer = mount(screen, FILM)
    alone = data_of(FILM, name="next")
    alone |= {"panes": alone["panes"][:1], "places": []}
    viewer.tiles |= {name.replace("film", "next"): tile for name, tile in viewer.tiles.items()}
    viewer.page.evaluate("data => update(data)", alone)
    viewer.wait()
    for hidden in (viewer.find("[data-side=b]"), viewer.find(".layouts"), viewer.button("marks")):
        expect(hidden).to_be_hidden()
    viewer.page.evaluate("data => update(data)", data_of(FILM))
    expect(viewer.find("[data-side=b]")).to_be_visible()


def test_a_phone_shows_one_picture_with_tabs_and_a_swipe_slider(phone):
    viewer = mount(phone, FILM)
    expect(viewer.find("[data-side=b]")).to_be_hidden()
    tabs = viewer.find(".tabs button")
    assert tabs.all_inner_texts() == ["Original", "Encoder-decoder", "U-Net", "Agreement"]
    expect(tabs.nth(3)).to_have_attribute("aria-pressed", "true")
    tabs.nth(0).click()
    assert viewer.colored() == 0
    tabs.nth(2).click()
    assert viewer.colored() > 50
    viewer.button("more").click()
    boxes = [button.bounding_box() for button in viewer.find("button:visible").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    viewer.button("layout", "swipe").click()
    expect(viewer.find(".grip")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert viewer.stage().bounding_box()["height"] >= 240


def fingers(session, kind, *points):
    """Touches the screen, as Chromium's own protocol says it."""
    touches = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_a_finger_turns_to_the_next_picture_and_two_fingers_zoom(phone):
    viewer = mount(phone, FILM)
    viewer.find(".tabs button").nth(1).click()
    x, y = viewer.center()
    hand = phone.context.new_cdp_session(phone)
    fingers(hand, "touchStart", (x + 80, y))
    for dx in (40, 0, -40, -80):
        fingers(hand, "touchMove", (x + dx, y))
    fingers(hand, "touchEnd")
    viewer.drawn()
    assert viewer.canvas().get_attribute("aria-label").startswith("U-Net")
    before = viewer.zoom()
    fingers(hand, "touchStart", (x - 20, y), (x + 20, y))
    for reach in (30, 50, 80):
        fingers(hand, "touchMove", (x - reach, y), (x + reach, y))
    fingers(hand, "touchEnd")
    assert viewer.zoom() > 2 * before
