"""The one file in a gzip."""

import zlib

from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.limits import MEGABYTE
from important_variables import UploadLimits


def unpack_gzip(data: bytes, limits: UploadLimits) -> bytes:
    """The file within, unpacked as far as a file may be large.

    Raises:
        UnreadableXrayError: it is larger.
        zlib.error: the gzip is damaged.
        EOFError: it is cut off.
    """
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpacked = unpacker.decompress(data, limits.max_bytes + 1)
    if len(unpacked) > limits.max_bytes:
        raise UnreadableXrayError(
            f"the gzip holds more than {limits.max_bytes / MEGABYTE:.1f} MB; "
            "export the X-ray smaller."
        )
    if not unpacker.eof:
        raise EOFError("the gzip ends too early")
    return unpacked
