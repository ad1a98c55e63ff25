"""BMP files."""

from PIL.BmpImagePlugin import BmpImageFile

from fracturelens.xray.formats.decoded import Decoded
from fracturelens.xray.formats.pillow import gray_of_image
from fracturelens.xray.limits import CountedReader, check_size
from important_variables import UploadLimits


def read_bmp(data: bytes, limits: UploadLimits) -> Decoded:
    """The gray values of a BMP file."""
    image = BmpImageFile(CountedReader(data))
    check_size(*image.size, limits)
    return gray_of_image(image)
