"""What the worker process does: decode one file within limits on its time and memory.

Some decoders end the whole process on hostile files (GDCM), or take minutes and gigabytes for a
kilobyte (JPEG 2000). Here they end nothing but this process.
"""

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows: the caller's patience is the only limit there
    resource = None  # type: ignore[assignment]

MOST_SECONDS = 3
"""Of processor time."""
OUT_OF_TIME = (-24, 152)
"""Exit codes of a process that the system ended with SIGXCPU."""
MEGABYTE = 1024 * 1024
FIXED_MEMORY = 64 * MEGABYTE
MOST_MEMORY = 600 * MEGABYTE
"""Above what the process takes before it decodes."""
BYTES_FOR_A_PIXEL = 24
"""What the greediest decoder takes (JPEG 2000 in color), and some."""
HEIF_PACKAGES = ("pi_heif", "pillow_heif")
"""The first that is installed reads HEIC; the second holds GPL code in its wheels."""


def main(arguments: list[str]) -> int:
    """Runs a task: its name, the file, the file to write, and options in JSON."""
    task, source, target, options = arguments
    if resource:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    answer = TASKS[task](Path(source), Path(target), json.loads(options))
    sys.stdout.write(json.dumps(answer))
    return 0


def decode_picture(source: Path, target: Path, options: Mapping) -> Mapping:
    """A picture that Pillow or its plugins read, to gray values.

    Args:
        source: the picture.
        target: takes the values, row by row.
        options: "kind", "most_pixels", "reduce" (halvings of either side, JPEG 2000 alone) and
            "upright" (whether to turn it as its header says).

    Returns:
        "width", "height" as stored; and, where these are within the limit, "shape", "dtype" and
        "colorfulness".
    """
    from PIL import ImageOps

    from fracturelens.xray.formats.pillow import gray_of_image

    limit_memory(FIXED_MEMORY)
    open_image = find_opener(options["kind"])
    if open_image is None:
        return {"missing": HEIF_PACKAGES[0].replace("_", "-")}
    image = open_image(BytesIO(source.read_bytes()))
    width, height = image.size
    answer = {"width": width, "height": height}
    if width * height > options["most_pixels"]:
        return answer
    pixels = (width * height) >> (2 * options["reduce"])
    limit_memory(FIXED_MEMORY + BYTES_FOR_A_PIXEL * pixels)
    if options["reduce"]:
        image.reduce = options["reduce"]
    if options["upright"]:
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    decoded = gray_of_image(image)
    if decoded.pixels.size > width * height:
        raise ValueError("the picture is larger than its header says")
    decoded.pixels.tofile(target)
    found = {"shape": decoded.pixels.shape, "dtype": decoded.pixels.dtype.str}
    return {**answer, **found, "colorfulness": decoded.colorfulness}


def find_opener(kind: str) -> Callable | None:
    """What opens a picture of a kind; None where no package for it is installed."""
    if kind == "jpeg2000":
        return importlib.import_module("PIL.Jpeg2KImagePlugin").Jpeg2KImageFile
    if kind == "avif":
        plugin: Any = importlib.import_module("PIL.AvifImagePlugin")
        plugin.DEFAULT_MAX_THREADS = 1  # each thread takes memory of its own
        return plugin.AvifImageFile
    for package in HEIF_PACKAGES:
        try:
            return importlib.import_module(f"{package}.as_plugin").HeifImageFile
        except ImportError:
            continue
    return None


def decode_dicom(source: Path, target: Path, options: Mapping) -> Mapping:
    """A compressed DICOM file of one frame, rewritten without compression.

    Args:
        source: the file.
        target: takes the other.
        options: "pixels", those of the frame times their samples.
    """
    try:
        import gdcm
    except ImportError:
        return {"missing": "python-gdcm"}
    limit_memory(FIXED_MEMORY + BYTES_FOR_A_PIXEL * options["pixels"])
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    if not reader.Read():
        raise ValueError("GDCM cannot read the file")
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.ExplicitVRLittleEndian))
    change.SetInput(reader.GetImage())
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    if not change.Change():
        raise ValueError("GDCM cannot decode the picture")
    writer.SetImage(change.GetOutput())
    if not writer.Write():
        raise ValueError("GDCM cannot write the picture")
    return {}


def limit_memory(above: int) -> None:
    """Bounds the data that this process may hold, in bytes above what it holds now (Linux)."""
    status = Path("/proc/self/status")
    if resource is None or not status.exists():
        return
    lines = dict(
        line.split(":", 1)
        for line in status.read_text(encoding="ascii", errors="replace").splitlines()
    )
    now = int(lines["VmData"].split()[0]) * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (now + min(above, MOST_MEMORY), hard))


TASKS = {"picture": decode_picture, "dicom": decode_dicom}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
