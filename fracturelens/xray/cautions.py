"""What is unusual about a file: keys that travel as data, and the one place that words them."""

from dataclasses import dataclass

WORDS = {
    "inverted": "This looks like a negative: dark bones on a bright background. It was inverted "
    "before it was judged, and is shown inverted.",
    "unlike": "This X-ray is unlike those that the networks were measured on. Expect more errors.",
    "no_window": "The file does not say which brightness and contrast to show, so they were "
    "chosen from its gray values. Details may look different in a viewer.",
    "window_off_data": "The brightness and contrast that the file asks for would show next to "
    "nothing of this picture, so they were chosen from its gray values.",
    "low_contrast": "The picture uses few of the gray levels. Its contrast was stretched for the "
    "networks; you see it as the file shows it.",
    "raw_detector_data": "The file holds raw detector data (For Processing), not the picture that "
    "the X-ray machine shows. It was converted in a simple way, and the verdict may differ from "
    "that on the processed picture. Use the For Presentation file if you can.",
    "several_frames": "The file holds {detail} pictures. This is one of them.",
    "excess_data": "The file holds more pixel data than its header accounts for. The surplus was "
    "left out.",
    "photometric_missing": "The file does not say whether its bright values are shown bright or "
    "dark. They were taken as bright.",
    "decoder_warning": "Part of the picture data is corrupt, so parts of the picture may be wrong. "
    "Download or export the file again.",
    "reduced": "The picture is very large and was read at half its width and height.",
    "photo": "This is a photo format of a phone. A photo of a film or a screen is no X-ray file: "
    "export the original if you can.",
    "child": "The file's header says that the patient is {detail} years old. The networks were not "
    "measured on children.",
    "body_part": "The file's header says that it shows {detail}. The networks were made for arms, "
    "legs, hips and shoulders.",
}  # fmt: skip
"""A sentence or two for each key, `{detail}` for what the caution tells besides."""


@dataclass(frozen=True)
class Caution:
    """Something unusual that is told beside the verdict.

    Attributes:
        key: one of `WORDS`.
        detail: a number or plain words that belong into its sentence; "" where none do.
    """

    key: str
    detail: str = ""


def caution_words(caution: Caution) -> str:
    """A caution in plain English, one or two sentences."""
    return WORDS[caution.key].format(detail=caution.detail)
