"""What a film shows by its header, in words for people."""

from fracturelens.xray.radiograph import DicomSource

SIDES = {"L": "left", "R": "right", "B": "both sides"}


def header_words(source: DicomSource | None) -> str:
    """Body part, side and view, such as "Hand, left, PA view"; "" where nothing is told.

    Args:
        source: of the film; None where it is no DICOM file.
    """
    if source is None:
        return ""
    told = (
        source.body_part.replace("_", " ").capitalize(),
        SIDES.get(source.laterality, ""),
        f"{source.view_position} view" if source.view_position else "",
    )
    words = ", ".join(filter(None, told))
    return words[:1].upper() + words[1:]
