"""Starts the node as a user does, and sends films to it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import cv2

from important_variables import ROOT
from tests.helpers.dicom_films import study_dataset
from tests.helpers.films import encapsulated, file_of, film
from tests.helpers.serving import free_port

SENDER = "XRAY1"
SECRETS = ("Secret^Name", "SECRET-ID", "19331231")
"""Of the patient of every film that `films_of_studies` makes: no log may hold them."""


class NodeProcess:
    """`fracturelens serve-dicom` in a process of its own, with networks that are quick."""

    def __init__(self, folder, *destinations, quiet=1.0, peers=(f"{SENDER}@127.0.0.1",)):
        self.folder, self.port, self.metrics_port = folder, free_port(), free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "node.log"
        self.command = [sys.executable, "-m", "tests.helpers.serve_fixed", "serve-dicom"]
        self.command += ["--port", str(self.port), "--metrics-port", str(self.metrics_port)]
        self.command += ["--host", "127.0.0.1", "--quiet", str(quiet)]
        self.command += ["--spool", str(folder / "spool")]
        for peer in peers:
            self.command += ["--peer", peer]
        for destination in destinations:
            self.command += ["--to", destination]
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(120)

    def start(self):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, stderr=log, stdout=log, env=environment, cwd=ROOT
            )
        wait_until(lambda: self.process.poll() is not None or self.figures(), 120)
        assert self.process.poll() is None, self.log.read_text()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def figures(self):
        """The page /metrics; "" while there is none."""
        try:
            url = f"http://127.0.0.1:{self.metrics_port}/metrics"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return ""


def wait_until(is_so, seconds=240.0):
    """Waits for a condition; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := is_so():
            return found
        time.sleep(0.2)
    raise AssertionError("waited in vain")


def films_of_studies(studies, films):
    """Film files by transfer syntax UID: so many, spread over so many studies.

    Each of three compressed syntaxes has some.
    """
    made = {}
    for number in range(films):
        study = f"1.2.826.77.{number % studies + 1}"
        elements = {
            "StudyInstanceUID": study, "SeriesInstanceUID": f"{study}.1",
            "SOPInstanceUID": f"{study}.1.{number + 1}", "InstanceNumber": str(number + 1),
            "PatientName": SECRETS[0], "PatientID": SECRETS[1], "PatientBirthDate": SECRETS[2],
        }  # fmt: skip
        syntax, data = _stored(study_dataset(film(), **elements), number)
        made.setdefault(syntax, []).append(data)
    return made


def _stored(dataset, number):
    """The film's syntax and file: RLE, JPEG-LS, JPEG 2000 for some, none for the others."""
    from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

    kind = {1: RLELossless, 3: JPEGLSLossless, 5: JPEG2000Lossless}.get(number % 10)
    if kind is None:
        return str(dataset.file_meta.TransferSyntaxUID), file_of(dataset)
    if kind == JPEG2000Lossless:
        done, packed = cv2.imencode(".jp2", dataset.pixel_array)
        assert done
        return str(kind), encapsulated(dataset, kind, _codestream(packed.tobytes()))
    dataset.compress(kind, generate_instance_uid=False)
    return str(kind), file_of(dataset)


def _codestream(packed):
    """The code stream of a JP2 file, as PS3.5 A.4.4 wants it."""
    return packed[packed.index(b"\xff\x4f\xff\x51") :]


OPTIONS = {
    "1.2.840.10008.1.2.1": [], "1.2.840.10008.1.2.5": ["-xr"],
    "1.2.840.10008.1.2.4.80": ["-xt"], "1.2.840.10008.1.2.4.90": ["-xv"],
}  # fmt: skip
"""Of dcmtk's storescu, by transfer syntax."""


def storescu(port, folder, files, syntax, title=SENDER, called="FRACTURELENS"):
    """Sends files with dcmtk's storescu; returns what it says and how it ended."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(files):
        (folder / f"{number:03}.dcm").write_bytes(data)
    command = ["storescu", "-v", "-aet", title, "-aec", called, *OPTIONS[syntax], "+sd"]
    command += ["127.0.0.1", str(port), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
