"""The app's section of benchmarks/README.md: from the drop of X-rays to verdict and marks."""

import json
from pathlib import Path
from statistics import median

from training.documents.markdown import table

NOT_RUN = "Not measured yet; `make app-times` does it."
LARGE = "1 of 3,000 x 4,000 pixels"


def app_markdown(result: Path) -> str:
    """What `result` holds, as Markdown."""
    if not result.is_file():
        return f"{NOT_RUN}\n"
    report = json.loads(result.read_text(encoding="utf-8"))
    rows = [
        (
            LARGE if name == "large" else name,
            *(_seconds(rounds, key) for key in ("verdict", "marks")),
        )
        for name, rounds in report["drops"].items()
    ]
    lines = [
        f"Seconds in Chromium, server and browser on one machine, median of "
        f"{len(next(iter(report['drops'].values())))}; {report['machine']['processor']}, "
        f"{report['date']}.",
        "",
        *table(["X-rays dropped at once", "Verdict read", "Every X-ray marked"], rows),
        "",
        f"Peak memory of the server: {report['memory_alone_mib']:,.0f} MiB after these, "
        f"{report['memory_with_people_mib']:,.0f} MiB with {report['people']} browsers of "
        f"{report['films_each']} X-rays each.",
    ]
    return "\n".join(lines) + "\n"


def _seconds(rounds: list[dict[str, float]], key: str) -> str:
    return f"{median(one[key] for one in rounds):.1f}"
