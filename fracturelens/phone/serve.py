"""Serves the phone's web app, with the headers that let it use threads."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fracturelens.phone.export import HEADERS


class PhoneHandler(SimpleHTTPRequestHandler):
    """Files of one folder; quiet."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".packed": "application/octet-stream",
    }

    def end_headers(self) -> None:
        """Adds the headers; a browser asks again for files that may have changed."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: which films somebody looks at is nobody's business."""


def make_server(folder: Path, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server of the folder, not started yet; a port of 0 takes a free one."""
    return ThreadingHTTPServer((host, port), partial(PhoneHandler, directory=str(folder)))
