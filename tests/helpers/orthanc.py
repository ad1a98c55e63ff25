"""A real Orthanc with its DICOMweb plugin, on loopback ports, for tests."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.helpers.missing import skip_unless_ci
from tests.helpers.serving import free_port

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
TITLE = "ORTHANC"
PATIENCE = 120
"""Seconds; the machine may be busy."""


def orthanc_program():
    """Path of Orthanc; without it, or without its plugin, the test is skipped, in CI it fails."""
    program = shutil.which("Orthanc")
    if not program or not PLUGIN.is_file():
        skip_unless_ci("Orthanc is missing: apt-get install orthanc orthanc-dicomweb")
    return program


class Orthanc:
    """An archive that can be stopped and started again; what it stored stays."""

    def __init__(self, folder):
        self.program, self.folder = orthanc_program(), folder
        self.http, self.dicom = free_port(), free_port()
        self.process = None
        storage = str(folder / "storage")
        settings = {
            "StorageDirectory": storage, "IndexDirectory": storage, "HttpPort": self.http,
            "DicomPort": self.dicom, "DicomAet": TITLE, "DicomAlwaysAllowStore": True,
            "DicomCheckCalledAet": False, "RemoteAccessAllowed": True, "DicomScpTimeout": 30,
            "AuthenticationEnabled": False, "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True},
            "HttpServerEnabled": True, "ConcurrentJobs": 2, "OverwriteInstances": False,
        }  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "orthanc.json").write_text(json.dumps(settings))

    @property
    def url(self):
        """Of the DICOMweb services."""
        return f"http://127.0.0.1:{self.http}/dicom-web"

    @property
    def destination(self):
        """For C-STORE, as the node's command line takes it."""
        return f"{TITLE}@127.0.0.1:{self.dicom}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        with (self.folder / "orthanc.log").open("a") as log:
            command = [self.program, str(self.folder / "orthanc.json")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return self.ask("/system")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise RuntimeError((self.folder / "orthanc.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def ask(self, path, data=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", data=data)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def upload(self, data):
        """Stores a DICOM file."""
        return self.ask("/instances", data)

    def instances(self, modality):
        """Attributes of all instances of a modality, by name."""
        query = {"Level": "Instance", "Query": {"Modality": modality}, "Expand": True}
        found = self.ask("/tools/find", json.dumps(query).encode())
        return [self.ask(f"/instances/{one['ID']}/simplified-tags") for one in found]
