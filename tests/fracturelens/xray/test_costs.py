"""What files cost that are built to cost much, and what the largest honest ones do.

Measured in a process of its own: processor time with that of the workers, and peak memory above
what the app takes before it reads a file.
"""

import json
import subprocess
import sys
import zlib

import numpy as np
import pytest

from important_variables import ROOT
from tests.helpers import bad_inputs
from tests.helpers.bad_inputs import encode
from tests.helpers.films import dicom_file

pytest.importorskip("resource", reason="measures on POSIX alone")
MEASURE = """
import json, resource, sys, time
from pathlib import Path
import pydicom, pydicom.encaps
from fracturelens.xray.read import UnreadableXrayError, decode_xray

def used():
    own, others = (resource.getrusage(who) for who in
                   (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return seconds, own.ru_maxrss / 1024, others.ru_maxrss / 1024

path = Path(sys.argv[1])
data = path.read_bytes()
seconds, memory, _ = used()
try:
    answer = str(decode_xray(data).pixels.shape)
except UnreadableXrayError as error:
    answer = str(error)
after = used()
print(json.dumps([answer, after[0] - seconds, after[1] - memory, after[2]]))
"""
WORKER = 60
"""Megabytes that a worker takes before it decodes."""


def measure(data: bytes, tmp_path) -> tuple[str, float, float, float]:
    """Answer, seconds, megabytes of the app and of the workers."""
    (tmp_path / "file").write_bytes(data)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "file")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def jpeg_of_many_scans() -> bytes:
    """A few kilobytes that would take a decoder a minute."""
    whole = encode(np.zeros((6000, 6000), np.uint8), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * (100_000 // len(last)) + whole[-2:]


def deflated_bomb() -> bytes:
    """200 MB for a picture of 4 MB, the transfer syntax behind a long element."""
    body = dicom_file(np.zeros((2000, 2000), np.uint8), 8)
    body = body[body.index(b"\x08\x00\x16\x00") :]
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.compress(bytes(200_000_000)) + packer.flush()
    long = b"\x02\x00\x02\x01OB\x00\x00\x88\x13\x00\x00" + bytes(5000)
    syntax = b"\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99"
    return bytes(128) + b"DICM" + long + syntax + packed


def precinct_bomb() -> bytes:
    """A JPEG 2000 of 300 bytes whose smallest parts are 1 x 1: a decoder lists 49 million."""
    data = encode(
        np.zeros((4000, 4000), np.uint8), "JPEG2000", no_jp2=True, num_resolutions=6
    )  # fmt: skip
    place = data.index(b"\xff\x52")
    length = int.from_bytes(data[place + 2 : place + 4])
    style = bytearray(data[place + 4 : place + 2 + length][:10])
    style[0] |= 1
    style += bytes([0x00] + [0x11] * style[5])
    marker = b"\xff\x52" + (len(style) + 2).to_bytes(2)
    return data[:place] + marker + bytes(style) + data[place + 2 + length :]


@pytest.mark.parametrize(
    ("make", "most_memory"),
    [
        (jpeg_of_many_scans, 10),
        (deflated_bomb, 60),
        (precinct_bomb, 60),
        (bad_inputs.tiff_of_many_pages, 20),
        (bad_inputs.tiff_of_overlapping_tags, 20),
        (bad_inputs.dicom_of_many_elements, 100),
        (bad_inputs.gzip_bomb, 120),
    ],
)
def test_hostile_files_cost_little(make, most_memory, tmp_path):
    _, seconds, memory, worker = measure(make(), tmp_path)
    assert seconds < 3
    assert memory < most_memory
    assert worker < 600 + WORKER


def large(kind: str) -> bytes:
    """49 megapixels."""
    pixels = np.tile(np.arange(256, dtype=np.uint8), (7000, 28))[:, :7000]
    if kind == "DICOM":
        return dicom_file(pixels, 8)
    if kind == "color JPEG":
        return encode(np.repeat(pixels[..., None], 3, axis=2), "JPEG", subsampling=0)
    if kind == "deep TIFF":
        return encode(pixels.astype(np.uint16) * 257, "TIFF", compression="tiff_lzw")
    return encode(pixels, kind, **({"compress_level": 1} if kind == "PNG" else {}))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "DICOM", "color JPEG", "deep TIFF"])
def test_fifty_megapixels_take_less_than_half_a_gigabyte(kind, tmp_path):
    answer, seconds, memory, _ = measure(large(kind), tmp_path)
    assert answer == "(7000, 7000)"
    assert seconds < 5
    assert memory < 512
