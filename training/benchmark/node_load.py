"""`benchmark-node`: sends many films to a node and follows them into an archive."""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fracturelens.export.dicom_author import uid_of
from fracturelens.export.dicom_source import file_of
from fracturelens.pacs.destinations import PATIENCE
from fracturelens.pacs.peers import SettingsError
from fracturelens.results import Verdict
from fracturelens.xray.read import decode_xray
from important_variables import HOME, ROOT, SAMPLES
from training.benchmark.machine import describe_machine
from training.benchmark.memory import MOST, NOW, memory_mb

REPORT = HOME / "benchmarks" / "node.json"
TITLE, NODE_TITLE = "BENCHMARK", "FRACTURELENS"
TOLD_ERRORS = (SettingsError,)
SIDE = 2400
"""Pixels of a film's longer side, as hospitals have them."""
VIEWS = 2
"""Of each study."""
WARM = 10
"""Films after which memory counts: networks and libraries are loaded then."""
POLL = 1.0
LONGEST = 3600
"""Seconds until films that have no results are given up."""
DX = "1.2.840.10008.5.1.4.1.1.1.1"


@dataclass(frozen=True)
class NodeReport:
    """How a node kept up.

    Attributes:
        films: that were sent, as fast as the node took them.
        studies: that they belong to.
        pixels: width and height of a film.
        without_verdict: those that were refused; they take less time, and do not count in the rate.
        lost: films that the node did not answer, or whose results did not arrive.
        failures: tries of sending results that failed.
        seconds: from the first film to the last result in the archive, wall time.
        films_per_minute: films with a verdict, likewise.
        cpu_seconds: of the node for each film, all its cores together; it tells how the node would
            keep up on a machine that does nothing else.
        memory_mb: resident memory of the node when ten films were judged, and at the end.
        peak_mb: the most that it ever had.
        load: of the machine at the end, mean over a minute; node, sender and archive are in it.
        machine: that ran it; archive and sender ran on it too.
    """

    films: int
    studies: int
    pixels: tuple[int, int]
    without_verdict: int
    lost: int
    failures: int
    seconds: float
    films_per_minute: float
    cpu_seconds: float
    memory_mb: tuple[int, int]
    peak_mb: int
    load: float
    machine: dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark-node`."""
    add = parser.add_argument
    add("--to", required=True, metavar="DESTINATION",
        help="archive, as of serve-dicom: TITLE@HOST:PORT, or an http(s) address")  # fmt: skip
    add("--films", type=int, default=120, help="(default: %(default)s)")
    add("--out", type=Path, default=REPORT, help="(default: %(default)s)")
    parser.epilog = (
        "Starts a node with an empty spool and sends synthetic films to it. The archive keeps the "
        "results: take one that is made for this."
    )


def run(arguments: argparse.Namespace) -> int:
    """Measures and writes the report; fails where a film has no results."""
    command = [sys.executable, str(ROOT / "command_line.py")]
    report = measure(command, arguments.to, arguments.films)
    arguments.out.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(
        f"{report.films} films in {report.seconds:.0f} s: {report.films_per_minute:.1f} a minute, "
        f"{report.lost} lost, {report.failures} failures; "
        f"{report.cpu_seconds} s of processor time a film; memory {report.memory_mb[0]} MB after "
        f"{WARM} films, {report.memory_mb[1]} MB at the end. Written to {arguments.out}\n"
    )
    return 1 if report.lost else 0


def measure(command: Sequence[str], destination: str, films: int, side: int = SIDE) -> NodeReport:
    """Sends films to a node of its own and waits until their results have arrived.

    Args:
        command: runs `fracturelens`.
        destination: of the results, as `serve-dicom --to` takes it.
        films: how many.
        side: of a film, the longer one, in pixels.

    Raises:
        SettingsError: the node does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        port, metrics_port = _free_port(), _free_port()
        words = ["serve-dicom", "--host", "127.0.0.1", "--port", str(port), "--quiet", "2"]
        words += ["--metrics-port", str(metrics_port), "--spool", f"{folder}/spool"]
        words += ["--peer", f"{TITLE}@127.0.0.1", "--to", destination]
        with (Path(folder) / "log").open("w") as log:
            node = subprocess.Popen([*command, *words], stdout=log, stderr=log, cwd=folder)
        try:
            _wait(lambda: _page(metrics_port), node)
            return _load(node, port, metrics_port, films, side)
        finally:
            node.terminate()
            node.wait(PATIENCE)


def draw_films(number: int, side: int = SIDE) -> Iterator[Any]:
    """Synthetic films of 12 bits as pydicom data sets, `VIEWS` to a study, no two alike.

    All share one field of noise, moved on from film to film: drawing must not take the node's time.
    """
    noise = np.random.default_rng(0).normal(0, 12, (side, side)).astype(np.float32)
    samples = [decode_xray(path.read_bytes()).pixels for path in sorted(SAMPLES.glob("*.png"))]
    for place in range(number):
        small = samples[place % len(samples)]
        scale = side / max(small.shape)
        large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        height, width = large.shape
        moved = np.roll(noise, place, axis=0)[:height, :width]
        grays = np.clip(large * np.float32(16) + moved, 0, 4095).astype(np.uint16)
        yield _film(grays, place)


def _load(
    node: subprocess.Popen[bytes], port: int, metrics_port: int, films: int, side: int
) -> NodeReport:
    """Sends the films, follows the figures of the node, and reports."""
    started, used, memory = time.perf_counter(), _cpu_seconds(node), 0
    shape = (0, 0)
    for film in draw_films(films, side):
        shape = (int(film.Columns), int(film.Rows))
        _send(film, port)
        memory = memory or _memory_once_warm(node, metrics_port)
    while not _is_done(metrics_port, films) and node.poll() is None:
        memory = memory or _memory_once_warm(node, metrics_port)
        if time.perf_counter() - started > LONGEST:
            break
        time.sleep(POLL)
    seconds = time.perf_counter() - started
    judged, verdicts, sent = _counts(metrics_port)
    end = int(memory_mb(node.pid, NOW))
    return NodeReport(
        films=films,
        studies=-(-films // VIEWS),
        pixels=shape,
        without_verdict=judged - verdicts,
        lost=films - judged + max(0, verdicts - sent),
        failures=int(_figure(metrics_port, "send_failures_total")),
        seconds=round(seconds, 1),
        films_per_minute=round(60 * verdicts / seconds, 1),
        cpu_seconds=round((_cpu_seconds(node) - used) / films, 2),
        memory_mb=(memory or end, end),
        peak_mb=int(memory_mb(node.pid, MOST)),
        load=round(os.getloadavg()[0], 1),
        machine=describe_machine(),
    )


def _is_done(metrics_port: int, films: int) -> bool:
    """Whether all films are judged, and all results sent."""
    judged, verdicts, sent = _counts(metrics_port)
    return judged >= films and sent >= verdicts and not _figure(metrics_port, "films_unsent")


def _counts(metrics_port: int) -> tuple[int, int, int]:
    """How many films were judged, how many got a verdict, and of how many results were sent."""
    verdicts = sum(_figure(metrics_port, "films_judged_total", str(one)) for one in Verdict)
    judged, sent = (_figure(metrics_port, f"films_{name}_total") for name in ("judged", "sent"))
    return int(judged), int(verdicts), int(sent)


def _memory_once_warm(node: subprocess.Popen[bytes], metrics_port: int) -> int:
    """Memory once `WARM` films were judged, MB; 0 before."""
    is_warm = _figure(metrics_port, "film_seconds_count") >= WARM
    return int(memory_mb(node.pid, NOW)) if is_warm else 0


def _film(grays: np.ndarray, place: int) -> Any:
    """A digital X-ray of nobody."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    study = uid_of("benchmark study", str(place // VIEWS))
    film = Dataset()
    film.file_meta = FileMetaDataset()
    film.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    film.SOPClassUID, film.Modality = DX, "DX"
    film.StudyInstanceUID, film.SeriesInstanceUID = study, uid_of("benchmark series", study)
    film.SOPInstanceUID = uid_of("benchmark film", str(place))
    film.PatientID, film.PatientName = "BENCHMARK", "Benchmark^Synthetic"
    film.StudyID, film.InstanceNumber = f"B{place // VIEWS}", place % VIEWS + 1
    film.BodyPartExamined, film.PhotometricInterpretation = "EXTREMITY", "MONOCHROME2"
    film.Rows, film.Columns = grays.shape
    film.SamplesPerPixel, film.PixelRepresentation = 1, 0
    film.BitsAllocated, film.BitsStored, film.HighBit = 16, 12, 11
    film.PixelData = grays.tobytes()
    return film


def _send(film: Any, port: int) -> None:
    """Sends one film as a machine does, in an association of its own."""
    from pydicom import dcmread
    from pynetdicom import AE

    entity = AE(ae_title=TITLE)
    entity.add_requested_context(DX, film.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", port, ae_title=NODE_TITLE)
    if not association.is_established:
        raise SettingsError("The node accepts no association.")
    try:
        association.send_c_store(dcmread(BytesIO(file_of(film))))
    finally:
        association.release()


def _figure(metrics_port: int, name: str, label: str = "") -> float:
    """A figure of the node, summed over its labels, or of one; 0 where it is not told."""
    labels = rf'{{.*="{label}"}}' if label else r"(?:{.*})?"
    found = re.findall(rf"^fracturelens_{name}{labels} (\S+)$", _page(metrics_port), re.M)
    return sum(map(float, found))


def _page(metrics_port: int) -> str:
    """The page /metrics; "" while there is none."""
    try:
        url = f"http://127.0.0.1:{metrics_port}/metrics"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def _cpu_seconds(node: subprocess.Popen[bytes]) -> float:
    """That a process has used (Linux); 0 once it has ended."""
    path = Path(f"/proc/{node.pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")  # utime, stime


def _wait(is_so: Callable[[], object], node: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 2 * PATIENCE
    while not is_so():
        if node.poll() is not None or time.monotonic() > deadline:
            raise SettingsError("The node does not start; `fracturelens serve-dicom` says why.")
        time.sleep(POLL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
