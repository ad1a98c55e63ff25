"""The dashboard's downloads: reports and pictures of the X-ray shown, results of all files.

All files are bytes that lie ready while the panel is open. Streamlit would also take a function
and call it on a click, but it forgets what that made as soon as other users' pages are drawn, and
the browser then gets a 404.

Keys: `downloads` (panel), `download_report`, `download_side_by_side`,
`download_overlay_<network>`, `download_mask_<network>`, `download_json`, `download_csv`,
`download_summary`, `prepare_zip` (button), `download_zip`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from app_pages.dashboard.analysis import Examined, Outcome, judged, radiograph_of
from app_pages.dashboard.settings import Settings
from app_pages.dashboard.studies import studies_of
from fracturelens.export.bundle import bundle_zip
from fracturelens.export.csv import results_csv
from fracturelens.export.names import download_name
from fracturelens.export.pdf import OPACITY, report_pdf
from fracturelens.export.pdf_summary import summary_pdf, summary_row
from fracturelens.export.png import notice_png
from fracturelens.export.records import Report, results_json, studies_in
from fracturelens.export.sheet import side_by_side_png
from fracturelens.findings.views import full_overlay
from fracturelens.reporting import reporter_of
from fracturelens.results import FracturePrediction
from important_variables import models_folder, title_of
from prediction import Engine

BUNDLE = "prepared_zip"
"""Session key: what the last ZIP depends on, and its bytes."""
MADE = "results_made"
"""Session key: what the last results depend on, and what made them when."""
MIMES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "zip": "application/zip",
}


@st.fragment
def show_downloads(
    chosen: Examined,
    prediction: FracturePrediction,
    opacity: float,
    collect: Callable[[], list[Report]],
    name: str,
) -> None:
    """Draws the panel; its files are made once it is open.

    Args:
        chosen: the X-ray shown.
        prediction: of it.
        opacity: of the masks, 0 to 1.
        collect: makes the reports of all files.
        name: what the results are named after.
    """
    panel = _panel()
    if not panel.open:
        return
    with panel, st.spinner("Preparing the files…"):
        reports = _dated(collect())
        [report] = [one for one in reports if _is_of(one, chosen)][:1]
        st.markdown("**This X-ray**")
        with st.container(horizontal=True, gap="small"):
            _offer_film(report, prediction, opacity)
        _offer_all_results(reports, opacity, name)


@st.fragment
def show_results_download(collect: Callable[[], list[Report]], name: str) -> None:
    """Draws the panel where no X-ray got a verdict; arguments as of `show_downloads`."""
    panel = _panel()
    if panel.open:
        with panel:
            _offer_all_results(_dated(collect()), OPACITY, name)


def reports_of(
    examined: list[Examined], outcome: Outcome, settings: Settings, engine: Engine
) -> list[Report]:
    """What became of all files: the judged first, then the refused and the unreadable.

    Args:
        examined: X-rays with the maps that the settings ask for.
        outcome: of all files.
        settings: to judge by.
        engine: that ran.
    """
    reporter = reporter_of(engine, models_folder())
    found = [(one, judged(one, settings), partial(_pixels, one)) for one in examined]
    found += [(one, one.examination, None) for one in (*outcome.refused, *outcome.unreadable)]
    studies = studies_of(examined, outcome, settings.thresholds)
    reports = [
        (one.file.number, reporter.report(one.file.name, _digest(one), what, read))
        for one, what, read in found
    ]
    return [replace(report, study=studies.get(number)) for number, report in reports]


def _dated(reports: list[Report]) -> list[Report]:
    """The same reports, dated when they first said what they say.

    Otherwise each run of the page would change every file, and take it from who is about to click.
    """
    key = _key(reports)
    known, made = st.session_state.get(MADE, ("", None))
    if known != key:
        made = reports[0].made
        st.session_state[MADE] = key, made
    return [replace(report, made=made) for report in reports]


def _panel():
    """A button that opens a panel; opening it draws this fragment anew."""
    return st.popover(
        "Save results", icon=":material/download:", key="downloads", on_change="rerun"
    )


def _pixels(examined: Examined) -> np.ndarray:
    return radiograph_of(examined).pixels


def _digest(examined: Examined) -> str:
    """SHA-256 of the file alone, without the number of its frame."""
    return examined.file.digest.partition("-")[0]


def _is_of(report: Report, examined: Examined) -> bool:
    return (report.name, report.digest) == (examined.file.name, _digest(examined))


def _offer_film(report: Report, prediction: FracturePrediction, opacity: float) -> None:
    """Report, pictures side by side, and an overlay and a mask for each network that ran."""
    _offer_file("Report", "report", "pdf", report, opacity)
    _offer_file("Side by side", "side_by_side", "png", report, opacity)
    for network in prediction.segmentations:
        title = title_of(network)
        _offer_file(f"Overlay {title}", f"overlay_{network}", "png", report, opacity)
        if prediction.painted:
            _offer_file(f"Mask {title}", f"mask_{network}", "png", report, opacity)


def _offer_file(label: str, kind: str, ending: str, report: Report, opacity: float) -> None:
    data = _film_file(_key([report]), kind, opacity, report)
    _button(label, kind, download_name(report.name, f"_{kind}.{ending}"), data)


@st.cache_resource(scope="session", max_entries=24, show_spinner=False)
def _film_file(key: str, kind: str, opacity: float, _report: Report) -> bytes:
    """One file of one X-ray; `kind` is as in the key of its button."""
    if kind == "report":
        return report_pdf(_report, opacity)
    if kind == "side_by_side":
        return side_by_side_png(_report, opacity)
    form, _, network = kind.partition("_")
    found = _report.examination.prediction
    if form == "mask":
        return notice_png(found.segmentations[network].mask)
    return notice_png(full_overlay(_report.read(), found, network, opacity))


def _offer_all_results(reports: list[Report], opacity: float, name: str) -> None:
    """Tables of all files, and everything in one ZIP."""
    st.markdown(f"**All {len(reports)} files**" if len(reports) > 1 else "**The results**")
    with st.container(horizontal=True, gap="small"):
        for kind in ("json", "csv", *(["summary"] if len(reports) > 1 else [])):
            label, ending = ("Summary", "pdf") if kind == "summary" else ("Results", kind)
            data = _table(_key(reports), kind, reports)
            _button(label, kind, download_name(name, f"_{label.lower()}.{ending}"), data)
        _offer_zip(reports, opacity, name)


@st.cache_resource(scope="session", max_entries=6, show_spinner=False)
def _table(key: str, kind: str, _reports: list[Report]) -> bytes:
    if kind == "summary":
        return summary_pdf(map(summary_row, _reports), _reports[0].made, studies_in(_reports))
    return {"json": results_json, "csv": results_csv}[kind](_reports)


def _offer_zip(reports: list[Report], opacity: float, name: str) -> None:
    """Everything in one file: made on demand, since it takes a while for many X-rays."""
    key, place = f"{_key(reports)} {opacity}", st.empty()
    known, data = st.session_state.get(BUNDLE, ("", b""))
    if known != key:
        if not place.button(
            "Prepare everything (ZIP)", key="prepare_zip", icon=":material/folder_zip:"
        ):
            return
        data = bundle_zip(reports, opacity, partial(_tell, place, len(reports)))
        st.session_state[BUNDLE] = key, data
    with place:
        _button(
            f"Everything, {len(data) / 1e6:.1f} MB", "zip", download_name(name, "_all.zip"), data
        )


def _tell(place, count: int, done: int) -> None:
    place.progress(done / count, f"{done + 1} of {count}")


def _button(label: str, kind: str, file_name: str, data: bytes) -> None:
    ending = file_name.rpartition(".")[-1]
    st.download_button(
        f"{label} ({ending.upper()})",
        data,
        file_name,
        MIMES[ending],
        key=f"download_{kind}",
        on_click="ignore",
        icon=":material/download:",
    )


def _key(reports: Iterable[Report]) -> str:
    """What the files of these reports depend on, but for the date."""
    parts = []
    for report in reports:
        found = report.examination.prediction
        judged_by = (found.thresholds, found.painted, list(found.segmentations)) if found else ()
        networks = (report.made.precision, report.made.networks) if report.made else ()
        parts.append(f"{report.name} {report.digest} {networks} {judged_by} {report.study}")
    return "\n".join(parts)
