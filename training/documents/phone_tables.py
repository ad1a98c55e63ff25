"""The phone's section of benchmarks/README.md: Chromium against LiteRT at the desk."""

import json
from pathlib import Path

from fracturelens.measured.words import title_or_name
from fracturelens.networks.card import FILES, read_card
from fracturelens.screening.network import SCREENING
from training.documents.markdown import table

NOT_RUN = "Not measured yet; `python -m training.benchmark.phone` does it."
SLOWER = 4
"""How much slower Lighthouse takes a mid-range phone to be than a desk."""
WAYS = {
    "chromium_1": "Chromium, 1 thread",
    "chromium_2": "Chromium, 2 threads",
    "native_1": "LiteRT, 1 thread",
    "native_2": "LiteRT, 2 threads",
}
VERDICT = ("decode", "screening", "gate")
"""Steps up to the verdict."""


def phone_markdown(result: Path, models: Path) -> str:
    """What `result` holds; `models` are the shipped networks."""
    if not result.is_file():
        return f"{NOT_RUN}\n"
    report = json.loads(result.read_text(encoding="utf-8"))
    machine = report["machine"]
    stale = [
        _title(name)
        for name, digest in report["files"].items()
        if read_card(name, models).files[FILES["int8"]] != digest
    ]
    lines = [
        f"Milliseconds, the quickest of 30 runs; {machine['processor']}, {report['date']}.",
        *(
            [f"The shipped files of {' and '.join(stale)} are others than those timed."]
            * bool(stale)
        ),
        "",
        *_networks(report["networks"]),
        "",
        *_steps(report["steps"]),
    ]
    return "\n".join(lines) + "\n"


def _networks(times: dict) -> list[str]:
    names = list(times["native_1"])
    rows = [(_title(name), *(f"{times[way][name]:,.1f}" for way in WAYS)) for name in names]
    rows.append(("All, once", *(f"{sum(times[way].values()):,.1f}" for way in WAYS)))
    return table(["Network, one input", *WAYS.values()], rows)


def _title(name: str) -> str:
    """Screening is no network with a spec of its own."""
    return "Screening" if name == SCREENING else title_or_name(name)


def _steps(steps: dict) -> list[str]:
    rows = []
    for way in ("chromium_1", "chromium_2"):
        verdict = sum(steps[way][name] for name in VERDICT)
        marks = sum(steps[way].values())
        slow = (f"{SLOWER * value / 1000:,.1f} s" for value in (verdict, marks))
        rows.append((WAYS[way], f"{verdict:,.0f} ms", f"{marks:,.0f} ms", *slow))
    head = [
        "One synthetic sample",
        "Verdict",
        "Verdict and marks",
        f"Verdict on a mid-range phone, an estimate ({SLOWER} times)",
        f"Marks there, an estimate ({SLOWER} times)",
    ]
    return table(head, rows)
