"""`make fuzz`: looks, guided by coverage, for bytes that our reader does not refuse in words.

Whatever the bytes are, `decode_xray` gives a picture or raises UnreadableXrayError, and the reader
of DICOM headers gives plain text and finite numbers; both soon and in little memory. What breaks
this stops the run and is kept in work/fuzz; mend it, and add it to the tests.
"""

import argparse
import math
import sys
from dataclasses import astuple
from functools import partial

from important_variables import WORK, UploadLimits

FOLDER = WORK / "fuzz"
LIMITS = UploadLimits(max_bytes=1024 * 1024, max_pixels=1_000_000)
"""Small, so that many files are tried in a second."""
LONGEST = 40_000
"""Bytes of an input."""
OURS = ["fracturelens"]
"""Packages whose branches guide the search."""


def main() -> None:
    """Fuzzes one target until time is up or something breaks."""
    import atheris  # the targets are tested without it

    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("target", choices=("decode", "header"))
    parser.add_argument("--seconds", type=int, default=600)
    arguments = parser.parse_args()
    with atheris.instrument_imports(include=OURS):
        import fracturelens.xray.dicom.file
        import fracturelens.xray.pictures
        import fracturelens.xray.read  # noqa: F401 - instrumented before the targets use them
    corpus = FOLDER / arguments.target
    corpus.mkdir(parents=True, exist_ok=True)
    _write_seeds(corpus)
    words = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={arguments.seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        f"-artifact_prefix={FOLDER}/{arguments.target}-",
        "-print_final_stats=1",
    ]
    atheris.Setup(words, {"decode": try_decoding, "header": try_header}[arguments.target])
    atheris.Fuzz()


def try_decoding(data: bytes) -> None:
    """All pictures of a file: each is read, or refused in words."""
    from fracturelens.xray.cautions import caution_words
    from fracturelens.xray.errors import UnreadableXrayError
    from fracturelens.xray.pictures import read_pictures
    from fracturelens.xray.read import decode_xray

    pictures = read_pictures(data, "x", LIMITS)
    _check(bool(pictures), "no record")
    for decode in [partial(decode_xray, data), *(each.decode for each in pictures[:3])]:
        try:
            found = decode(LIMITS)
        except UnreadableXrayError as error:
            _check(str(error).isprintable(), f"a reason that is no line: {error!r}")
            continue
        _check(found.pixels.dtype == "uint8" and found.pixels.ndim == 2, "pixels are not gray")
        _check(found.pixels.size <= LIMITS.max_pixels, "more pixels than allowed")
        _check(found.network_pixels.shape == found.pixels.shape, "another shape for the networks")
        _check(all(map(caution_words, found.cautions)), "a caution without words")


def try_header(data: bytes) -> None:
    """A DICOM file's header: plain text, finite numbers, or a refusal in words."""
    from fracturelens.xray.dicom.file import open_dicom
    from fracturelens.xray.dicom.header import source_of
    from fracturelens.xray.dicom.layout import layout_of
    from fracturelens.xray.dicom.meta import read_meta
    from fracturelens.xray.errors import UnreadableXrayError
    from fracturelens.xray.read import DAMAGE

    meta = read_meta(data)
    try:
        file = open_dicom(data, LIMITS)
        source = source_of(file.header, meta.class_uid)
        layout = layout_of(file.header, LIMITS)
    except (UnreadableXrayError, *DAMAGE):
        return
    _check(layout.rows * layout.columns <= LIMITS.max_pixels, "more pixels than allowed")
    for value in _flat(astuple(source)):
        _check(not isinstance(value, str) or value.isprintable(), f"steers a page: {value!r}")
        _check(not isinstance(value, float) or math.isfinite(value), "a number that is none")


def _check(holds: bool, words: str) -> None:
    if not holds:
        raise RuntimeError(words)


def _flat(values):
    for value in values:
        yield from _flat(value) if isinstance(value, tuple | list) else (value,)


def _write_seeds(corpus) -> None:
    """Small files of every kind to begin with."""
    from tests.fuzz.seeds import seeds

    for name, data in seeds().items():
        if len(data) <= LONGEST:
            (corpus / name).write_bytes(data)


if __name__ == "__main__":
    main()
