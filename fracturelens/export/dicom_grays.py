"""The gray scale of a film for its presentation state: what it looks like without marks too."""

from typing import Any

from fracturelens.xray.dicom.header import Header

LUT_SEQUENCES = ("ModalityLUTSequence", "VOILUTSequence")


def grays_of(header: Header) -> dict[str, Any]:
    """Modality LUT, window and polarity of a film, as arguments of highdicom's presentation state.

    A presentation state replaces all of these (PS3.4 N.2): one that left them out would change how
    the film looks. Of a look-up table and windows the table counts, as in our reader.

    Args:
        header: of the film.

    Returns:
        Arguments; those for which the film says nothing usable are left out.
    """
    from highdicom.content import PresentationLUTTransformation

    inverse = header.text("PhotometricInterpretation") == "MONOCHROME1"
    found: dict[str, Any] = {
        "presentation_lut_transformation": PresentationLUTTransformation(
            presentation_lut_shape="INVERSE" if inverse else "IDENTITY"
        )
    }
    if (modality := _modality(header)) is not None:
        found["modality_lut_transformation"] = modality
    if (window := _window(header)) is not None:
        found["voi_lut_transformations"] = [window]
    return found


def _modality(header: Header) -> Any:
    """Rescaling or look-up table (PS3.3 C.11.1); None where the film has neither."""
    from highdicom.content import ModalityLUTTransformation

    if items := header.items("ModalityLUTSequence"):
        return _with_table(ModalityLUTTransformation, "ModalityLUTSequence", items[0])
    slope, intercept = header.decimals("RescaleSlope")[:1], header.decimals("RescaleIntercept")[:1]
    if not slope or not intercept or not slope[0]:
        return None
    kind = header.text("RescaleType")[:16] or "US"
    return ModalityLUTTransformation(
        rescale_intercept=_short(intercept[0]), rescale_slope=_short(slope[0]), rescale_type=kind
    )


def _window(header: Header) -> Any:
    """The film's table, else its windows that show anything (PS3.3 C.11.2); None without any."""
    from highdicom.pr import SoftcopyVOILUTTransformation

    if items := header.items("VOILUTSequence"):
        return _with_table(SoftcopyVOILUTTransformation, "VOILUTSequence", items[0])
    function = header.text("VOILUTFunction")
    least = 1.0 if function in ("", "LINEAR") else 1e-6
    pairs = zip(header.decimals("WindowCenter"), header.decimals("WindowWidth"), strict=False)
    usable = [(_short(center), _short(width)) for center, width in pairs if width >= least]
    if not usable:
        return None
    centers, widths = zip(*usable, strict=True)
    known = function if function in ("LINEAR_EXACT", "SIGMOID") else None
    return SoftcopyVOILUTTransformation(
        window_center=centers, window_width=widths, voi_lut_function=known
    )


def _with_table(kind: Any, name: str, item: Header) -> Any:
    """A transformation around a table that is copied as it is."""
    from pydicom.dataset import Dataset

    made = kind.__new__(kind)
    Dataset.__init__(made)
    setattr(made, name, [item.dataset])
    return made


def _short(value: float) -> float:
    """A decimal that fits the 16 letters of a decimal string (PS3.5 6.2)."""
    return float(f"{value:.9g}")
