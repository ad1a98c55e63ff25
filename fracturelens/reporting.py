"""What is told of an examination besides the answer: measured shares, hashes, version and date."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fracturelens.export.dicom_author import Author, author_of
from fracturelens.export.provenance import Provenance, provenance_of
from fracturelens.export.records import Report
from fracturelens.measured.layout import Evaluation
from fracturelens.measured.shares import gate_evaluation, tier_words
from fracturelens.results import Examination
from prediction import Engine, shares_for


@dataclass(frozen=True)
class Reporter:
    """Makes the reports of one run.

    Attributes:
        engine: that judges.
        evaluation: of its gate; None where nothing was measured.
        made: what makes the results.
    """

    engine: Engine
    evaluation: Evaluation | None
    made: Provenance

    def report(
        self,
        name: str,
        digest: str,
        found: Examination,
        read: Callable[[], np.ndarray] | None = None,
    ) -> Report:
        """What became of one file, ready to be written.

        Args:
            name: of the file.
            digest: SHA-256 of the file.
            found: its examination.
            read: gives the X-ray as it was examined, uint8 (H, W).
        """
        shares = shares_for(found, self.engine)
        prediction, counted, custom = found.prediction, "", False
        if prediction is not None:
            custom = prediction.thresholds != self.engine.thresholds
            if not (found.refusal or prediction.thresholds.site):  # else nothing measured holds
                counted = tier_words(prediction.verdict, prediction.thresholds, self.evaluation)
        return Report(name, found, shares, digest, counted, custom, self.made, read)


def reporter_of(engine: Engine, folder: Path, made: Provenance | None = None) -> Reporter:
    """The reporter of an engine whose networks lie in `folder`; the run is `made`, else now's."""
    made = made or provenance_of(engine.networks, engine.precision, engine.screening)
    return Reporter(engine, gate_evaluation(engine.precision, folder), made)


def author_for(engine: Engine) -> Author:
    """The author of the DICOM results that an engine gives at its own thresholds."""
    cards = {name: network.card for name, network in engine.networks.items()}
    return author_of(cards, engine.precision, engine.thresholds)
