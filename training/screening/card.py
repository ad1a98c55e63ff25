"""The card of the screening network: how it is asked, what it learned from, what it measured."""

import math
import platform
from collections import Counter
from importlib.metadata import version

from fracturelens.networks.card import FILES, ModelCard
from fracturelens.networks.inference import Inference, InputContract
from fracturelens.networks.stretching import STRETCH
from fracturelens.screening.network import SCREENING
from training.data.dataset import Xray
from training.fit.new_card import commit, fingerprint
from training.screening.pictures import KINDS
from training.screening.sources import ACCEPTED_OTHERS, REFUSED_KNOWN, CrossValidation
from training.screening.views import View

PACKAGES = (
    "keras", "numpy", "opencv-python-headless", "scikit-image", "scikit-learn", "matplotlib",
    "pydicom", "pydicom-data",
)  # fmt: skip
CHOSEN_ON = (
    f"cross-validation over sources: {REFUSED_KNOWN:.0%} of the views of films refused, "
    f"{ACCEPTED_OTHERS:.0%} of those of other pictures accepted"
)
LIMITS = [
    "It learned what limbs look like from one data set; a film of another hospital may come with a "
    "caution that it does not need.",
    "Chests, spines and bellies were cut out of films of children and shoulders; heads and teeth "
    "were simulated; one chest film, and CT, MRI and ultrasound pictures, came with packages. "
    "Other pictures may pass.",
    "Scans of limbs by CT or MRI, and films of a shoulder that show much of the chest, are hard to "
    "tell.",
    "Our own samples are drawn: the hip is taken for a drawing. The app does not screen its "
    "samples.",
]


def screening_card(
    size: int, parameters: int, digest: str, cross: CrossValidation, data: dict, seed: int
) -> ModelCard:
    """The card before anything is measured.

    Args:
        size: side of the input, pixels.
        parameters: of the network.
        digest: SHA-256 of its file.
        cross: the cross-validation that chose penalty and limits.
        data: of `described`.
        seed: of all chance.
    """
    limits = {
        "refuse_below": round(_probability(cross.refuse_below), 4),
        "accept_from": round(_probability(cross.accept_from), 4),
        "chosen_on": CHOSEN_ON,
    }
    return ModelCard(
        name=SCREENING,
        title="Screening",
        parameters=parameters,
        inference=Inference(
            InputContract(size, stretch=STRETCH),
            classes=KINDS,
            output="logits",
            thresholds={"int8": limits},
        ),
        settings={"penalty": cross.penalty, "seed": seed},
        training={"machine": platform.machine()},
        data=data,
        versions={"python": platform.python_version(), "commit": commit()}
        | {name: version(name) for name in PACKAGES},
        metrics={"sources_left_out": _left_out(cross)},
        limits=LIMITS,
        files={FILES["int8"]: digest},
    )


def described(train: list[Xray], views: list[View]) -> dict:
    """What was learned from: pictures and views by source and kind."""
    pictures = Counter((v.picture.source, v.picture.kind) for v in views if v.number == 0)
    counts = Counter((view.picture.source, view.picture.kind) for view in views)
    return {
        "name": "FracAtlas, parts of its films, sample pictures of packages, drawn pictures",
        "train": {"pictures": len(train)},
        "train_sha256": fingerprint(train),
        "pictures": [
            {"source": source, "kind": kind, "pictures": number, "views": counts[source, kind]}
            for (source, kind), number in sorted(pictures.items())
        ],
    }


def _left_out(cross: CrossValidation) -> dict:
    """Shares of the views of a source that nothing was learned from."""
    return {
        source: {"refused": round(share, 4), "accepted": round(cross.accepted[source], 4)}
        for source, share in cross.refused.items()
    }


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
