"""Downloads a small FracAtlas from a server on 127.0.0.1 that breaks, lies and recovers."""

import argparse
import hashlib
import io
import json
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from training.data import download, unpack
from training.data.download import DownloadError, Patience, download_fracatlas
from training.data.unpack import ArchiveError

QUICK = Patience(timeout=5, fruitless_tries=3, first_pause=0.001)
FILES = {
    "FracAtlas/dataset.csv": b"image_id\n",
    "FracAtlas/images/Fractured/IMG0000019.jpg": bytes(range(256)) * 4000,
    "FracAtlas/Annotations/COCO JSON/COCO_fracture_masks.json": b"{}",
}


@dataclass
class Figshare:
    """What the server on 127.0.0.1 serves, how it misbehaves, and what it was asked."""

    archive: bytes
    md5: str = ""
    break_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    honors_range: bool = True
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Answers for figshare's article and its one file."""

    def do_GET(self):
        figshare = self.server.figshare
        if "/articles/" in self.path:
            return self.reply(200, self.article(figshare))
        figshare.ranges.append(self.headers.get("Range"))
        if figshare.statuses:
            return self.reply(figshare.statuses.pop(0), b"")
        asked = self.headers.get("Range") if figshare.honors_range else None
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        body = figshare.archive[start:]
        size = len(figshare.archive)
        extra = {"Content-Range": f"bytes {start}-{size - 1}/{size}"} if asked else {}
        cut = figshare.break_after.pop(0) if figshare.break_after else len(body)
        return self.reply(206 if asked else 200, body, extra, cut)

    def article(self, figshare):
        file = {
            "name": "FracAtlas.zip",
            "size": len(figshare.archive),
            "computed_md5": figshare.md5,
            "download_url": f"{figshare.url}/files/1",
        }
        return json.dumps({"files": [file, {"name": "README.txt"}]}).encode()

    def reply(self, status, body, extra=None, cut=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:cut])

    def log_message(self, *arguments):
        pass


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def figshare():
    archive = zip_of(FILES)
    figshare = Figshare(archive, hashlib.md5(archive).hexdigest())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.figshare = figshare
    figshare.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield figshare
    server.shutdown()
    thread.join()
    server.server_close()


def test_command_brings_the_official_layout(figshare, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    download.add_arguments(parser)
    arguments = ["--folder", str(tmp_path), "--base-url", figshare.url]
    assert download.run(parser.parse_args(arguments)) == 0
    for name, data in FILES.items():
        assert (tmp_path / name).read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["FracAtlas"]
    assert f"audit {tmp_path / 'FracAtlas'}" in capsys.readouterr().out


def test_broken_connections_are_resumed_where_they_broke(figshare, tmp_path):
    figshare.break_after = [300_000, 200_000, 0]
    target = download_fracatlas(tmp_path, figshare.url, QUICK)
    assert figshare.ranges == [None, "bytes=300000-", "bytes=500000-", "bytes=500000-"]
    assert (target / "images/Fractured/IMG0000019.jpg").stat().st_size == 1_024_000


def test_next_call_goes_on_after_the_last_gave_up(figshare, tmp_path):
    figshare.break_after = [123_456, 0, 0, 0]
    with pytest.raises(DownloadError, match=r"broke off at 123,456 of .* goes on from there"):
        download_fracatlas(tmp_path, figshare.url, QUICK)
    assert (tmp_path / "FracAtlas.zip.part").stat().st_size == 123_456
    download_fracatlas(tmp_path, figshare.url, QUICK)
    assert figshare.ranges[-1] == "bytes=123456-"


def test_server_without_range_is_read_from_the_start(figshare, tmp_path):
    figshare.break_after, figshare.honors_range = [400_000], False
    target = download_fracatlas(tmp_path, figshare.url, QUICK)
    assert (target / "dataset.csv").read_bytes() == b"image_id\n"


def test_overload_is_waited_out(figshare, tmp_path):
    figshare.statuses = [503, 429]
    assert download_fracatlas(tmp_path, figshare.url, QUICK).is_dir()
    assert len(figshare.ranges) == 3


def test_refusal_is_final(figshare, tmp_path):
    figshare.statuses = [404]
    with pytest.raises(DownloadError, match="HTTP status 404"):
        download_fracatlas(tmp_path, figshare.url, QUICK)
    assert len(figshare.ranges) == 1


def test_wrong_checksum_deletes_the_file(figshare, tmp_path):
    figshare.md5 = "0" * 32
    with pytest.raises(DownloadError, match="another checksum"):
        download_fracatlas(tmp_path, figshare.url, QUICK)
    assert list(tmp_path.iterdir()) == []


def test_overlong_leftover_is_refused(figshare, tmp_path):
    (tmp_path / "FracAtlas.zip.part").write_bytes(bytes(len(figshare.archive) + 1))
    with pytest.raises(DownloadError, match="larger than"):
        download_fracatlas(tmp_path, figshare.url, QUICK)


def test_what_is_there_is_not_brought_again(figshare, tmp_path):
    download_fracatlas(tmp_path, figshare.url, QUICK)
    download_fracatlas(tmp_path, figshare.url, QUICK)
    assert len(figshare.ranges) == 1


def test_full_disk_is_told_before_the_download(figshare, tmp_path, monkeypatch):
    usage = unpack.shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(unpack.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(ArchiveError, match=r"1,000 bytes free"):
        download_fracatlas(tmp_path, figshare.url, QUICK)
    assert figshare.ranges == []


def test_silent_server_names_the_manual_way(tmp_path):
    with pytest.raises(DownloadError, match=r"by hand from https://doi\.org/10\.6084"):
        download_fracatlas(tmp_path, "http://127.0.0.1:9", QUICK)


def test_other_schemes_are_refused(tmp_path):
    with pytest.raises(DownloadError, match="no http or https address"):
        download_fracatlas(tmp_path, "file:///etc", QUICK)
