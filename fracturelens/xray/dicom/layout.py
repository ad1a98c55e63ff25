"""How the pixels of a DICOM file are stored (PS3.3 C.7.6.3), checked before any is read."""

from dataclasses import dataclass

from fracturelens.xray.dicom.header import Header
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.limits import check_size
from important_variables import UploadLimits

GRAY = ("MONOCHROME1", "MONOCHROME2")
COLOR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT",
         "YBR_RCT")  # fmt: skip
PALETTE = "PALETTE COLOR"
ALLOCATED = (1, 8, 16, 32)


@dataclass(frozen=True)
class Layout:
    """How the pixels are stored.

    Attributes:
        rows: of a frame.
        columns: likewise.
        samples: 1 for gray and palette, 3 for color.
        allocated: bits that a sample takes.
        stored: bits of them that count, from the lowest up.
        signed: two's complement.
        planar: color by plane instead of by pixel.
        photometric: "MONOCHROME2" where the file does not say or says what does not exist.
        stated: whether it does say.
        frames: pictures in the file.
    """

    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int
    signed: bool
    planar: bool
    photometric: str
    stated: bool
    frames: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of an uncompressed frame."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return (self.rows * self.columns * samples * self.allocated + 7) // 8


def layout_of(header: Header, limits: UploadLimits) -> Layout:
    """The layout that a header states.

    Raises:
        UnreadableXrayError: it contradicts itself, or the picture is too large or too small.
    """
    rows, columns = header.integer("Rows", 0), header.integer("Columns", 0)
    check_size(columns, rows, limits)
    samples = header.integer("SamplesPerPixel", 1)
    stated = header.text("PhotometricInterpretation")
    photometric = stated if stated in (*GRAY, *COLOR, PALETTE) else ""
    if not photometric and samples == 1:
        photometric = "MONOCHROME2"
    allocated = header.integer("BitsAllocated", 16)
    layout = Layout(
        rows,
        columns,
        samples,
        allocated,
        _bits_that_count(header, allocated),
        header.integer("PixelRepresentation", 0) == 1,
        header.integer("PlanarConfiguration", 0) == 1,
        photometric,
        photometric == stated,
        header.count("NumberOfFrames"),
    )
    _check(layout)
    return layout


def contradiction(what: str) -> UnreadableXrayError:
    """The refusal of a file whose parts do not fit together; `what` is a clause."""
    return UnreadableXrayError(f"the DICOM header contradicts itself ({what}); export it again.")


def _check(layout: Layout) -> None:
    samples, photometric = layout.samples, layout.photometric
    if samples != (3 if photometric in COLOR else 1) or not photometric:
        raise contradiction(f"{samples} samples a pixel of a {photometric or 'strange'} picture")
    if layout.allocated not in ALLOCATED or not 1 <= layout.stored <= layout.allocated:
        raise contradiction(f"{layout.stored} bits in {layout.allocated}")


def _bits_that_count(header: Header, allocated: int) -> int:
    """Bits Stored, or all below High Bit where that lies higher: what is shifted up stays linear.

    Files whose High Bit is wrong are read alike.
    """
    stored = header.integer("BitsStored", allocated)
    high = header.integer("HighBit", stored - 1)
    return high + 1 if stored <= high < allocated else stored
