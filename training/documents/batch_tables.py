"""The batch's section of benchmarks/README.md: what a further X-ray of a folder costs."""

import json
from pathlib import Path

from training.documents.markdown import table

NOT_RUN = "Not measured yet; `fracturelens benchmark-batch` does it."
TITLES = {"small": "454 x 373 PNG", "large": "2304 x 2880 JPEG"}
HEADS = [
    "X-ray",
    "Examined alone, one core",
    "Drawn and encoded alone, one core",
    "A further one in a folder",
    "X-rays a second and core",
    "Share of its parts",
    "Peak MB, short / long run",
]


def batch_markdown(result: Path) -> str:
    """What `result` holds, as Markdown."""
    if not result.is_file():
        return f"{NOT_RUN}\n"
    report = json.loads(result.read_text(encoding="utf-8"))
    cores = report["cores"]
    rows = [
        (
            TITLES[kind],
            f"{1000 * cost['examine']:.0f} ms",
            f"{1000 * cost['write']:.0f} ms",
            f"{1000 * cost['seconds']:.0f} ms",
            f"{1 / (cost['seconds'] * cores):.1f}",
            f"{cost['share']:.0%}",
            " / ".join(
                f"{peak:.0f} ({files})"
                for peak, files in zip(cost["peak_mb"], cost["files"], strict=True)
            ),
        )
        for kind, cost in report["kinds"].items()
    ]
    lines = [
        f"`predict` in INT8, all networks run, on {cores} cores of "
        f"{report['machine']['processor']}, {report['date']}. 100 % would be each core busy with "
        "nothing but the parts.",
        "",
        *table(HEADS, rows),
    ]
    return "\n".join(lines) + "\n"
