"""Talks to the phone's worker in Chromium, as the page does."""

import base64
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from fracturelens.phone.serve import make_server

START = """
async (threads) => {
  const worker = new Worker("worker.js");
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data }) => {
    if (data.type === "progress") return;
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    data.type === "done" ? resolve(data.value) : reject(new Error(data.words));
  };
  worker.onerror = (event) => { throw new Error(event.message); };
  window.ask = (request) => new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ ...request, id });
  });
  window.fileOf = (text) => new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]);
  window.textOf = (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return btoa(text);
  };
  return (await window.ask({ type: "load", threads })).runtime;
}
"""
EXAMINE = """
async ([text, options]) => {
  const found = await window.ask({ type: "examine", file: window.fileOf(text), options });
  for (const { mask } of found.prediction?.segmentations ?? []) {
    mask.pixels = window.textOf(mask.pixels);
  }
  return found;
}
"""
PICTURE = """
async ([text, inverted]) => {
  const file = window.fileOf(text);
  const bitmap = await window.ask({ type: "picture", file, inverted });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const gray = new Uint8Array(rgba.length / 4).map((_, i) => rgba[4 * i]);
  return [bitmap.width, bitmap.height, window.textOf(gray)];
}
"""


@dataclass(frozen=True)
class PhoneWorker:
    """The worker on a page of the app."""

    page: object
    runtime: dict

    def examine(self, data: bytes, always_segment=False, accept_any=False) -> dict:
        options = {"alwaysSegment": always_segment, "acceptAny": accept_any}
        return self.page.evaluate(EXAMINE, [base64.b64encode(data).decode(), options])

    def picture(self, data: bytes) -> np.ndarray:
        """The X-ray as the phone shows it, uint8 (H, W)."""
        width, height, text = self.page.evaluate(PICTURE, [base64.b64encode(data).decode(), False])
        return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width)


def start_worker(page, threads=0) -> PhoneWorker:
    """Loads the engine on a page that shows the app."""
    return PhoneWorker(page, page.evaluate(START, threads))


def mask_of(segmentation: dict, height: int, width: int) -> np.ndarray:
    """The mask of an examination's segmentation, bool (H, W)."""
    box, mask = segmentation["mask"]["box"], np.zeros((height, width), bool)
    part = np.frombuffer(base64.b64decode(segmentation["mask"]["pixels"]), np.uint8)
    rows = slice(box["y"], box["y"] + box["height"])
    mask[rows, box["x"] : box["x"] + box["width"]] = part.reshape(box["height"], box["width"])
    return mask


@contextmanager
def serve_phone(folder):
    """Serves an exported folder until the block ends; yields its address."""
    with make_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
