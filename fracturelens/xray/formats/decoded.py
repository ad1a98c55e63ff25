"""What a reader of one format hands back, and the gray picture that is made of it."""

from dataclasses import dataclass

import numpy as np

from fracturelens.xray.cautions import Caution
from fracturelens.xray.contrast import standard_of_gray
from fracturelens.xray.errors import UnreadableXrayError
from fracturelens.xray.levels import DepthError, gray_of, levels_of
from fracturelens.xray.radiograph import Radiograph


@dataclass(frozen=True, eq=False)
class Decoded:
    """The gray values of a file.

    Attributes:
        pixels: (H, W), uint8 as they are shown, or any deeper dtype.
        colorfulness: mean difference between the color channels, gray levels of 255.
        cautions: what is unusual about the file.
        white_is_zero: deeper values rise towards black.
    """

    pixels: np.ndarray
    colorfulness: float = 0.0
    cautions: tuple[Caution, ...] = ()
    white_is_zero: bool = False


def radiograph_of(decoded: Decoded) -> Radiograph:
    """The radiograph: 8 bits as they are, deeper values by their range.

    Raises:
        UnreadableXrayError: a value is NaN or infinite.
    """
    pixels, standard = decoded.pixels, None
    if pixels.dtype == np.uint8:
        standard = standard_of_gray(pixels)
    else:
        try:
            pixels = gray_of(levels_of(pixels), decoded.white_is_zero)
        except DepthError as error:
            raise UnreadableXrayError(str(error)) from error
    radiograph = Radiograph(pixels, None, decoded.colorfulness, decoded.cautions, standard)
    return radiograph.with_cautions(*([] if standard is None else [Caution("low_contrast")]))
