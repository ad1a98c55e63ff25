"""From the pixel data of a DICOM file to the words or gray values of one frame."""

import struct
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from fracturelens.xray.cautions import Caution
from fracturelens.xray.dicom.file import DicomFile, open_dicom
from fracturelens.xray.dicom.layout import Layout, contradiction, layout_of
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.jpeg import gray_of_jpeg
from fracturelens.xray.formats.jpeg2000 import read_codestream
from fracturelens.xray.formats.jpeg_header import read_jpeg_header
from fracturelens.xray.isolated.run import run_isolated
from fracturelens.xray.limits import CountedReader
from important_variables import UploadLimits

RLE = "1.2.840.10008.1.2.5"
JPEG = "1.2.840.10008.1.2.4."
EIGHT_BIT_JPEG = (JPEG + "50", JPEG + "51")
ADOBE = b"\xff\xee\x00\x0eAdobe"
"""Marker that says whether the channels were transformed (ITU-T T.872 6.5.3)."""
HEAD = 4096
"""Bytes in which it stands."""
OTHER_JPEG = (JPEG + "51", JPEG + "57", JPEG + "70", JPEG + "80", JPEG + "81")
"""12 bits, lossless and JPEG-LS: GDCM decodes them."""
JPEG_2000 = (JPEG + "90", JPEG + "91")


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame of a file.

    Attributes:
        words: as stored, unsigned, (H, W) or (H, W, 3); the gray values of a color picture
            that its decoder has made gray.
        layout: of the words.
        cautions: what is unusual about the pixel data.
    """

    words: np.ndarray | Decoded
    layout: Layout
    cautions: tuple[Caution, ...] = ()


def read_frame(file: DicomFile, layout: Layout, frame: int, limits: UploadLimits) -> Frame:
    """One frame, from 0.

    Raises:
        UnreadableXrayError: the file is cut off, contradicts itself or is compressed in a way
            that we cannot read.
    """
    if not 0 <= frame < layout.frames:
        raise UnreadableXrayError(f"the file holds no frame {frame + 1}; choose another.")
    if not file.encapsulated:
        return _native(file, layout, frame)
    return _encapsulated(file, layout, frame, limits)


def _native(file: DicomFile, layout: Layout, frame: int) -> Frame:
    size = layout.frame_bytes
    needed = size * layout.frames
    if size * (frame + 1) > len(file.pixels) or (file.missing and len(file.pixels) < needed):
        raise cut_off(len(file.pixels), needed)
    surplus = len(file.pixels) - needed
    cautions = (Caution("excess_data"),) if surplus > 1 else ()  # 1 byte makes the length even
    words = words_of(file.pixels[size * frame : size * (frame + 1)], layout, file.header.order)
    return Frame(words, layout, cautions)


def cut_off(found: int, needed: int) -> UnreadableXrayError:
    """The refusal of a file that ends before its picture does; both in bytes."""
    return UnreadableXrayError(
        f"this copy of the DICOM file is cut off (it holds {found:,} of {needed:,} bytes of the "
        "picture); copy it again from where it came from."
    )


def words_of(value: memoryview, layout: Layout, order: str) -> np.ndarray:
    """The words of an uncompressed frame, unsigned: (H, W), or (H, W, 3) for color."""
    rows, columns = layout.rows, layout.columns
    if layout.allocated == 1:
        bits = np.unpackbits(np.frombuffer(value, np.uint8), bitorder="little")
        return bits[: rows * columns].reshape(rows, columns)
    words = np.frombuffer(value, f"{order}u{layout.allocated // 8}")
    if order == ">":
        words = words.astype(words.dtype.newbyteorder("="))
    if layout.photometric == "YBR_FULL_422":
        return _full_chroma(words, rows, columns)
    if layout.samples == 1:
        return words.reshape(rows, columns)
    if layout.planar:
        return np.moveaxis(words.reshape(3, rows, columns), 0, 2)
    return words.reshape(rows, columns, 3)


def _full_chroma(words: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Y1 Y2 CB CR of each two pixels as one triple for each (PS3.3 C.7.6.3.1.2)."""
    pairs = words.reshape(rows, columns // 2, 4)
    full = np.empty((rows, columns, 3), words.dtype)
    full[:, 0::2, 0], full[:, 1::2, 0] = pairs[..., 0], pairs[..., 1]
    for channel in (1, 2):
        full[..., channel] = np.repeat(pairs[..., channel + 1], 2, axis=1)
    return full


def _encapsulated(file: DicomFile, layout: Layout, frame: int, limits: UploadLimits) -> Frame:
    from pydicom.encaps import get_frame  # optional, and takes 0.3 s

    items = CountedReader(bytes(file.pixels))
    stream = get_frame(items, frame, number_of_frames=layout.frames)
    syntax = file.meta.syntax
    if syntax == RLE:
        return Frame(_run_length(stream, layout), layout)
    if syntax in JPEG_2000:
        return _jpeg_2000(stream, layout, limits)
    if syntax not in (*EIGHT_BIT_JPEG, *OTHER_JPEG):
        raise UnreadableXrayError(
            "the DICOM file is compressed in a way that we cannot read; "
            "export it without compression."
        )
    header = read_jpeg_header(stream)
    _check_size(layout, header.width, header.height)
    if syntax in EIGHT_BIT_JPEG and header.bits == 8:
        decoded = gray_of_jpeg(stream, header, limits)
        if layout.photometric == "RGB" and ADOBE not in stream[:HEAD]:
            return Frame(_untransformed(stream), replace(layout, planar=False), decoded.cautions)
        return _eight_bit_jpeg(decoded, layout)
    return _by_gdcm(stream, layout, syntax, limits)


def _check_size(layout: Layout, width: int, height: int) -> None:
    """A header that lies about the size would make a decoder take memory without end."""
    if (width, height) != (layout.columns, layout.rows):
        raise contradiction(
            f"it says {layout.columns:,} x {layout.rows:,} pixels and holds {width:,} x {height:,}"
        )


def _eight_bit_jpeg(decoded: Decoded, layout: Layout) -> Frame:
    if layout.samples == 3:
        return Frame(decoded, layout, decoded.cautions)
    layout = replace(layout, allocated=8, stored=8, signed=False)
    return Frame(decoded.pixels, layout, decoded.cautions)


def _untransformed(stream: bytes) -> np.ndarray:
    """The channels as they are stored, (H, W, 3): RGB, where no marker says so to the decoder."""
    image = JpegImageFile(CountedReader(stream))
    image.draft("YCbCr", image.size)  # what is stored is taken for YCbCr and not converted
    return np.asarray(image)


def _jpeg_2000(stream: bytes, layout: Layout, limits: UploadLimits) -> Frame:
    header = read_codestream(stream)
    _check_size(layout, header.width, header.height)
    options = {"kind": "jpeg2000", "reduce": header.reduce, "upright": False}
    title = "JPEG 2000 picture in the DICOM file"
    answer, values = run_isolated(
        "picture", stream, title, most_pixels=limits.max_pixels, **options
    )
    pixels = np.frombuffer(values, answer["dtype"]).reshape(answer["shape"])
    cautions = (Caution("reduced"),) if header.reduce else ()
    if layout.samples == 3:
        return Frame(Decoded(pixels, answer["colorfulness"]), layout, cautions)
    bits = 8 * pixels.itemsize
    words = pixels >> (bits - header.bits)  # Pillow shifts them up to fill the word
    if header.signed:  # and adds half of the range to what is signed
        words = words - pixels.dtype.type(2 ** (header.bits - 1))
    stored = min(layout.stored, header.bits)
    return Frame(words, replace(layout, allocated=bits, stored=stored), cautions)


def _by_gdcm(stream: bytes, layout: Layout, syntax: str, limits: UploadLimits) -> Frame:
    """12-bit and lossless JPEG and JPEG-LS, decoded in a process of its own."""
    pixels = layout.rows * layout.columns * layout.samples
    title = "JPEG picture in the DICOM file"
    _, rewritten = run_isolated("dicom", _alone(stream, layout, syntax), title, pixels=pixels)
    file = open_dicom(rewritten, limits)
    found = layout_of(file.header, limits)
    _check_size(layout, found.columns, found.rows)
    return replace(_native(file, replace(found, frames=1), 0), cautions=())


def _alone(stream: bytes, layout: Layout, syntax: str) -> bytes:
    """A DICOM file of the one frame."""
    from pydicom import Dataset, dcmwrite
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID, SecondaryCaptureImageStorage

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, UID("1.2.3")
    dataset.Rows, dataset.Columns = layout.rows, layout.columns
    dataset.SamplesPerPixel = layout.samples
    dataset.PhotometricInterpretation = layout.photometric
    dataset.BitsAllocated, dataset.BitsStored = layout.allocated, layout.stored
    dataset.HighBit = layout.stored - 1
    dataset.PixelRepresentation = int(layout.signed)
    if layout.samples == 3:
        dataset.PlanarConfiguration = int(layout.planar)
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def _run_length(stream: bytes, layout: Layout) -> np.ndarray:
    """RLE (PS3.5 annex G): a segment for each byte of each sample, the highest byte first."""
    number, *offsets = struct.unpack_from("<16I", stream)
    size = layout.allocated // 8
    if number != size * layout.samples:
        raise contradiction(f"{number} run-length segments for {size * layout.samples} bytes")
    offsets = [*offsets[:number], len(stream)]
    shape = (layout.rows, layout.columns)
    planes = np.empty((*shape, layout.samples, size), np.uint8)
    for place in range(number):
        packed = stream[offsets[place] : offsets[place + 1]]
        # One long row: some encoders let runs cross the ends of rows.
        row = Image.frombytes("L", (shape[0] * shape[1], 1), packed, "packbits", "L")
        sample, byte = divmod(place, size)
        planes[..., sample, size - 1 - byte] = np.asarray(row).reshape(shape)
    words = planes.reshape(*shape, -1).view(f"<u{size}")
    return words[..., 0] if layout.samples == 1 else words
