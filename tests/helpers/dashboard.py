"""The dashboard under test: how X-rays come in, and what the page says of them."""

import re

from streamlit.testing.v1 import AppTest

from tests.helpers.app_helpers import component_data, html

BRIGHT, MIDDLE, DARK = 230, 130, 20
"""Gray of X-rays to which the stand-in gate answers 0.902, 0.510 and 0.078."""


def open_dashboard() -> AppTest:
    """The page before any X-ray."""

    def script():
        from app_pages.dashboard import page as dashboard

        dashboard.show()

    return AppTest.from_function(script, default_timeout=60).run()


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """The page after these files, each a name and its bytes, are brought."""
    page.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return page.run()


def marked(page: AppTest) -> list[str]:
    """Number and markers of each row of the table of findings."""
    pattern = r'data-head="Finding">(\d+)</td><td data-head="Marked by">([^<]+)<'
    return [" ".join(found) for found in re.findall(pattern, html(page))]


def captions(page: AppTest) -> list[str]:
    """What stands under the pictures."""
    return re.findall(r'<p class="fl-caption">([^<]+)<', html(page))


def labels(page: AppTest) -> list[str]:
    """Of the download buttons."""
    return [button.proto.label for button in page.get("download_button")]


def open_downloads(page: AppTest) -> AppTest:
    """The page after the panel of downloads was opened."""
    page.session_state["downloads"] = True
    return page.run()


def verdict(page: AppTest) -> str:
    """Sign of the verdict that is shown: "fracture", "doubtful", "none"; "" without one."""
    return next((data["sign"] for data in component_data(page) if "sign" in data), "")


def listed(page: AppTest) -> list[dict]:
    """The worklist's entries, from above; [] where there is none."""
    return next((data["films"] for data in component_data(page) if "films" in data), [])


def open_film(page: AppTest, name: str) -> AppTest:
    """The page after the X-ray of this name was opened by its address."""
    [number] = [entry["number"] for entry in listed(page) if entry["name"] == name]
    page.query_params["film"] = str(number)
    return page.run()
