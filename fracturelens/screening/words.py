"""Words for what screening said: why a picture is refused, and what would pass."""

from dataclasses import dataclass

from fracturelens.screening.outcome import Outcome, Screening

SEEN = {
    "color": "This is a color picture; radiographs are gray.",
    "blank": "This picture is blank: one gray all over.",
    "noise": "This picture is noise: neighboring pixels differ at random.",
    "shades": "This picture holds {detail} shades of gray, as drawings, logos and text do.",
    "lines": "This looks like a page or a screenshot: it is full of perfectly straight lines, as "
    "boxes, tables and diagrams have.",
    "chest": "This looks like a chest X-ray.",
    "spine": "This looks like an X-ray of the spine or the neck.",
    "abdomen": "This looks like an X-ray of the trunk.",
    "head": "This looks like an X-ray of the head.",
    "teeth": "This looks like an X-ray of the teeth or jaws.",
    "ct": "This looks like a CT or MRI scan.",
    "mr": "This looks like a CT or MRI scan.",
    "us": "This looks like an ultrasound picture.",
    "nm": "This looks like a nuclear medicine scan.",
    "photo": "This looks like a photograph.",
    "page": "This looks like a page, a chart or a screenshot.",
    "drawing": "This looks like a drawing or a figure.",
}
"""By kind; all other kinds: `UNLIKE`."""
UNLIKE = "This does not look like an X-ray of a limb, hip or shoulder."
REMEDY = (
    "Upload an X-ray of an arm, leg, hip or shoulder, cropped to the film. If this is one, "
    "analyze it anyway."
)
REMEDIES = {
    "header": "Only X-rays of limbs, hips and shoulders can be judged. If the header is wrong, "
    "analyze the picture anyway.",
    "lines": "Save the X-ray as a file of its own.",
    "page": "Save the X-ray as a file of its own.",
}
"""By kind; all other kinds: `REMEDY`."""


@dataclass(frozen=True)
class Refusal:
    """Why a picture is not taken for an X-ray that the networks know.

    Attributes:
        kind: of the screening.
        seen: what was seen, a sentence.
        remedy: what would pass, a sentence or two.
    """

    kind: str
    seen: str
    remedy: str = REMEDY


def refusal_of(screening: Screening) -> Refusal | None:
    """A refusal in plain English; None where the picture was not refused."""
    if screening.outcome is not Outcome.REFUSE:
        return None
    kind = screening.kind
    if kind == "header":
        seen = screening.detail
    else:
        seen = SEEN.get(kind, UNLIKE).format(detail=screening.detail)
    return Refusal(kind, seen, REMEDIES.get(kind, REMEDY))
