"""The film viewer in the browser: alone on a page, or in the app; its pixels, its words."""

import json
import re
from dataclasses import replace

import numpy as np

from app_pages.dashboard.film_viewer.levels import TILE, levels_of, windows_of
from app_pages.dashboard.film_viewer.panes import Reading
from app_pages.dashboard.film_viewer.show import FOLDER, SCRIPTS, film_data
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.results import FracturePrediction, Segmentation, Thresholds, Verdict
from fracturelens.xray.radiograph import DicomSource, Radiograph
from tests.helpers.films import film
from tests.helpers.serving import PATIENCE, keyed

HOME = "http://viewer.test"
"""No such machine is asked: the browser's requests are answered by the test."""
LONE = 0.6, 0.75
"""Where the middle of the second mark lies, in shares of width and height."""
PAGE = """<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><body style="margin:0">
<div class="st-key-film_viewer" style="
    --st-text-color:#17232b;--st-background-color:#fff;--st-secondary-background-color:#eff2f1;
    --st-border-color:#d5dcda;--st-primary-color:#0b6b67"></div>
<div style="height:1500px"></div>
<script type="module">
import show from "/viewer.js";
const root = document.querySelector("div").attachShadow({ mode: "open" });
root.innerHTML = await (await fetch("/viewer.html")).text();
root.append(Object.assign(document.createElement("style"),
    { textContent: await (await fetch("/viewer.css")).text() }));
window.sent = [];
const setStateValue = (name, value) => window.sent.push(value);
window.update = (data) => show({ data, parentElement: root, setStateValue });
update(await (await fetch("/data.json")).json());
</script>"""


def marked_film(pixels: np.ndarray, verdict=Verdict.FRACTURE) -> FracturePrediction:
    """Place 1, which both networks mark, and place 2, the U-Net's alone."""
    height, width = pixels.shape
    side = max(4, width // 16)
    masks = {name: np.zeros(pixels.shape, bool) for name in ("encoder_decoder", "unet")}
    y, x = height // 3, width // 3
    masks["encoder_decoder"][y : y + side, x : x + 2 * side] = True
    masks["unet"][y + side // 4 : y + side, x : x + side] = True
    x, y = (round(share * length) for share, length in zip(LONE, (width, height), strict=True))
    masks["unet"][y : y + side, x : x + side] = True
    regions = {name: find_regions(mask, mask.astype(np.float32))[0] for name, mask in masks.items()}
    findings = number_findings(regions, pixels.size)
    found = {
        name: Segmentation(name, mask.astype(np.float32), mask, findings[name])
        for name, mask in masks.items()
    }
    painted = verdict is Verdict.FRACTURE
    return FracturePrediction(0.9, verdict, Thresholds(0.2, 0.6, {}), found, painted)


def mount(page, pixels=None, prediction=None, spacing=None, name="film") -> "ViewerPage":
    """The viewer alone, with a film and its marks; spacing as of `PixelSpacing`."""
    pixels = film(454, 373) if pixels is None else pixels
    tiles = {}
    data = json.dumps(data_of(pixels, prediction, spacing, name, tiles))
    script = "\n".join((FOLDER / one).read_text() for one in SCRIPTS)
    texts = {"": PAGE, "viewer.js": script, "data.json": data}
    texts |= {f"viewer.{kind}": (FOLDER / f"viewer.{kind}").read_text() for kind in ("html", "css")}

    def answer(route):
        path = route.request.url.removeprefix(f"{HOME}/")
        if path in tiles:
            route.fulfill(body=tiles[path], content_type="image/png")
        elif path in texts:
            kind = {"": "html", "viewer.js": "javascript"}.get(path, "plain")
            route.fulfill(body=texts[path], content_type=f"text/{kind}")
        else:
            route.fulfill(status=404)

    page.route(f"{HOME}/**", answer)
    page.set_default_timeout(PATIENCE)
    page.goto(HOME)
    viewer = ViewerPage(page)
    viewer.tiles = tiles
    viewer.wait()
    return viewer


def data_of(pixels, prediction=None, spacing=None, name="film", tiles=None) -> dict:
    """What Python gives the viewer; the files of the tiles go into `tiles`, by address."""
    radiograph = Radiograph(pixels, DicomSource(spacing=spacing) if spacing else None)
    readings = [Reading(prediction or marked_film(pixels))]
    levels = []
    for place, level in enumerate(levels_of(pixels)):
        urls = [f"{name}-{place}-{number}.png" for number in range(len(level.tiles))]
        levels.append({"width": level.width, "height": level.height, "urls": urls})
        if tiles is not None:
            tiles |= dict(zip(urls, level.tiles, strict=True))
    windows = [dict(zip(("title", "low", "high"), one, strict=True)) for one in windows_of(pixels)]
    shown = {"film": name, "tile": TILE, "levels": levels, "windows": windows}
    return film_data(name, radiograph, readings) | shown | {"opacity": 0.45, "corrections": []}


def doubtful(pixels: np.ndarray) -> FracturePrediction:
    """The same marks as hints."""
    return replace(marked_film(pixels), verdict=Verdict.DOUBTFUL, painted=False)


class ViewerPage:
    """What tests do with the viewer of a page."""

    def __init__(self, page):
        self.page = page

    def find(self, query):
        return keyed(self.page, "film_viewer", query)

    def stage(self, side="a"):
        return self.find(f"[data-side={side}] .stage")

    def canvas(self, side="a"):
        return self.find(f"[data-side={side}] canvas")

    def button(self, action, value=None):
        return self.find(f'[data-do="{action}"]' + (f'[data-with="{value}"]' if value else ""))

    def pick(self, *pictures):
        """Chooses the picture of each side, in the layout of two panes."""
        for side, picture in zip("ab", pictures, strict=True):
            self.find(f"[data-side={side}] select[data-pick={side}]").select_option(picture)

    def press(self, *keys):
        self.stage().focus()
        for key in keys:
            self.page.keyboard.press(key)

    def wait(self):
        """Until the film is drawn at the resolution that the zoom asks for."""
        self.find("[data-side=a] canvas[data-sharp=true]").wait_for()
        self.drawn()

    def drawn(self):
        """Until the next frames have been drawn."""
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )

    def zoom(self):
        """Percent, as the viewer says it."""
        self.drawn()
        return int(re.search(r"Zoom (\d+)%", self.find(".shown").inner_text())[1])

    def window(self):
        """The gray shown black and that shown white."""
        self.drawn()
        found = re.search(r"black (-?\d+), white (\d+)", self.find(".shown").inner_text())
        return tuple(map(int, found.groups()))

    def pointer(self):
        """Position and gray value below the mouse; waits for the tile."""
        here = self.find(".pointer")
        self.page.wait_for_function(
            "node => /gray \\d/.test(node.textContent)", arg=here.element_handle()
        )
        found = re.search(r"x (\d+), y (\d+) · gray (\d+)", here.inner_text())
        return tuple(map(int, found.groups()))

    def point_at(self, dx=0, dy=0, side="a"):
        """Moves the mouse to a place beside the middle of a pane; returns what is below it."""
        x, y = self.center(side)
        self.page.mouse.move(x + dx, y + dy)
        return self.pointer()

    def pixel(self, dx=0, dy=0, side="a"):
        """Red, green, blue beside the middle of a pane, in CSS pixels."""
        self.drawn()
        return self.canvas(side).evaluate(
            """(canvas, [dx, dy]) => [...canvas.getContext("2d").getImageData(
                canvas.width / 2 + dx * devicePixelRatio, canvas.height / 2 + dy * devicePixelRatio,
                1, 1).data].slice(0, 3)""",
            [dx, dy],
        )

    def picture(self, side="a"):
        """A number that tells pictures apart."""
        self.drawn()
        return self.canvas(side).evaluate(
            """canvas => {
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                return data.reduce((sum, value) => Math.imul(sum, 31) + value | 0, 7);
            }"""
        )

    def colored(self, side="a"):
        """How many pixels of a pane are not gray: masks and rings."""
        self.drawn()
        return self.canvas(side).evaluate(
            """canvas => {
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                let count = 0;
                for (let at = 0; at < data.length; at += 4) {
                    const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
                    count += Math.max(r, g, b) - Math.min(r, g, b) > 20;
                }
                return count;
            }"""
        )

    def center(self, side="a"):
        box = self.stage(side).bounding_box()
        return round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)

    def drag(self, start, end, button="left", side="a"):
        """From one place to another, in pixels from the middle of a pane."""
        (x, y), mouse = self.center(side), self.page.mouse
        mouse.move(x + start[0], y + start[1])
        mouse.down(button=button)
        for share in (0.3, 0.6, 1):
            at = [a + (b - a) * share for a, b in zip(start, end, strict=True)]
            mouse.move(x + at[0], y + at[1])
        mouse.up(button=button)
        self.drawn()

    def sent(self):
        """What the viewer told Python last."""
        return self.page.evaluate("() => window.sent.at(-1)")
