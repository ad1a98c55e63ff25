"""`benchmark-api`: many clients at once on a running REST interface; nothing lost or mixed up."""

import argparse
import http.client
import json
import os
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np

from fracturelens.export.png import encode_png
from fracturelens.xray.read import decode_xray
from important_variables import HOME, SAMPLES
from training.benchmark.machine import describe_machine

KEYS_VARIABLE = "FRACTURELENS_API_KEYS"
REPORT = HOME / "benchmarks" / "api.json"
DISTINCT = 40
"""Films that differ; every client sends them over and over, so that an answer that got to another
request is told from the right one 39 times in 40."""
PATIENCE = 600
"""Seconds for one answer."""
BUSY = 429


@dataclass(frozen=True)
class LoadReport:
    """What many clients at once met.

    Attributes:
        clients: at once.
        films: of each, one film a request.
        seconds: from the first request to the last answer.
        lost: requests without an answer.
        mixed_up: answers that are not those of their film.
        turned_away: answers with status 429, after which a film was sent again.
        median_ms: of a request, repeats counted into it.
        p95_ms: likewise.
        machine: that ran it, with all that ran beside.
    """

    clients: int
    films: int
    seconds: float
    lost: int
    mixed_up: int
    turned_away: int
    median_ms: float
    p95_ms: float
    machine: dict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark-api`."""
    parser.add_argument("--url", default="http://127.0.0.1:8502", help="(default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--films", type=int, default=50, help="of each (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=REPORT, help="(default: %(default)s)")
    parser.epilog = f"The first key of {KEYS_VARIABLE} is sent where there is one."


def run(arguments: argparse.Namespace) -> int:
    """Sends films alone, then many at once; fails where an answer is lost or another's."""
    films = draw_films(DISTINCT)
    report = measure(arguments.url, films, arguments.clients, arguments.films)
    arguments.out.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(
        f"{report.clients} clients, {report.films} films each: {report.lost} lost, "
        f"{report.mixed_up} mixed up, {report.turned_away} turned away and sent again, median "
        f"{report.median_ms:.0f} ms, p95 {report.p95_ms:.0f} ms. Written to {arguments.out}\n"
    )
    return 1 if report.lost or report.mixed_up else 0


def draw_films(number: int) -> list[bytes]:
    """Synthetic films, no two alike: the samples, each shifted and brightened otherwise."""
    samples = [decode_xray(path.read_bytes()).pixels for path in sorted(SAMPLES.glob("*.png"))]
    return [encode_png(_changed(samples[n % len(samples)], n)) for n in range(number)]


def measure(url: str, films: list[bytes], clients: int, each: int) -> LoadReport:
    """Sends films to a running server: each alone, then many at once.

    Args:
        url: of the server.
        films: PNG files that get different answers.
        clients: that send at once.
        each: requests of each client, one film a request.
    """
    alone = [ask(url, film)[0] for film in films]
    places = [place % len(films) for place in range(clients * each)]
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda place: ask(url, films[place]), places))
    seconds = time.perf_counter() - started
    times = [1000 * taken for _, taken, _ in answers]
    return LoadReport(
        clients=clients,
        films=each,
        seconds=round(seconds, 1),
        lost=sum(record is None for record, _, _ in answers),
        mixed_up=sum(
            found is not None and found != alone[place]
            for (found, _, _), place in zip(answers, places, strict=True)
        ),
        turned_away=sum(again for _, _, again in answers),
        median_ms=round(float(np.median(times)), 1),
        p95_ms=round(float(np.quantile(times, 0.95)), 1),
        machine=describe_machine(),
    )


def ask(url: str, film: bytes) -> tuple[dict | None, float, int]:
    """The record of one film, the seconds, and how often it was turned away.

    Its name and the moment when it was made are left out: they are others each time.
    """
    started, again = time.perf_counter(), 0
    while True:
        name = f"{uuid.uuid4().hex}.png"
        status, content = _post(url, name, film)
        if status != BUSY:
            break
        again += 1
        time.sleep(0.2)
    taken = time.perf_counter() - started
    if status != http.HTTPStatus.OK:
        return None, taken, again
    [record] = json.loads(content)["results"]
    record.get("made", {}).pop("at", None)
    return (record if record.pop("file") == name else {"file": "another's"}), taken, again


def _post(url: str, name: str, film: bytes) -> tuple[int, bytes]:
    """Status and body of the answer; status 0 where there was none."""
    parts, boundary = urlsplit(url), uuid.uuid4().hex
    body = BytesIO()
    body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '.encode())
    body.write(f'filename="{name}"\r\n\r\n'.encode() + film + f"\r\n--{boundary}--\r\n".encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if key := os.environ.get(KEYS_VARIABLE, "").split(",")[0].strip():
        headers["X-API-Key"] = key
    connection = http.client.HTTPConnection(
        parts.hostname or "127.0.0.1", parts.port, timeout=PATIENCE
    )
    try:
        connection.request("POST", "/v1/predictions", body.getvalue(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _changed(pixels: np.ndarray, number: int) -> np.ndarray:
    """The picture, uint8 (H, W), moved and brightened as no other number does."""
    height, width = pixels.shape
    move = np.array([[1, 0, number % 7 - 3], [0, 1, number // 7 % 11 - 5]], np.float32)
    moved = cv2.warpAffine(pixels, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(moved * (1 - number % 13 / 100) + number // 77, 0, 255).astype(np.uint8)
