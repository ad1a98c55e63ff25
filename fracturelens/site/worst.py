"""The worst cases of a site as small pictures: lowest-scored fractures, highest-scored others."""

from collections.abc import Sequence
from dataclasses import dataclass

from fracturelens.batch.files import pictures_in
from fracturelens.findings.views import thumbnail
from fracturelens.site.cases import SiteCase
from fracturelens.site.evaluation import SiteEvaluation
from fracturelens.xray.errors import UnreadableXrayError

MOST = 12
"""Of each kind."""


@dataclass(frozen=True)
class WorstPicture:
    """One X-ray with its result.

    Attributes:
        name: of its file.
        fractured: its label.
        probability: at the card's calibration.
        verdict: at the card's thresholds, a key.
        jpeg: a small picture; b"" where the file cannot be read any more.
    """

    name: str
    fractured: bool
    probability: float
    verdict: str
    jpeg: bytes


def worst_pictures(evaluation: SiteEvaluation, cases: Sequence[SiteCase]) -> list[WorstPicture]:
    """Fractures from the lowest probability up, then the others from the highest down.

    The files are read once more, so that no more than one X-ray is in memory at a time.

    Args:
        evaluation: of the cases.
        cases: in its order.
    """
    probability = evaluation.pictures["probability"]
    order = sorted(range(len(cases)), key=probability.__getitem__)
    missed = [place for place in order if cases[place].fractured][:MOST]
    alarmed = [place for place in order[::-1] if not cases[place].fractured][:MOST]
    return [
        WorstPicture(
            cases[place].name,
            cases[place].fractured,
            probability[place],
            evaluation.pictures["verdict"][place],
            _small(cases[place]),
        )
        for place in (*missed, *alarmed)
    ]


def _small(case: SiteCase) -> bytes:
    for picture in pictures_in([case.path]):
        if picture.name == f"{case.path}{case.inside}":
            try:
                return thumbnail(picture.decode().pixels)
            except UnreadableXrayError:
                return b""
    return b""
