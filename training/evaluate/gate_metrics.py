"""Curves of a yes-or-no classifier; its figures are those of fracturelens/measured."""

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from fracturelens.measured.classifier import RELIABILITY_BINS, bin_of


def ranking_curves(fractured: np.ndarray, probability: np.ndarray) -> dict[str, dict[str, list]]:
    """ROC and precision-recall curve as columns; the first point calls nothing."""
    fpr, tpr, at = roc_curve(fractured, probability)
    precision, recall, levels = precision_recall_curve(fractured, probability)
    return {
        "roc": {
            "fpr": fpr.tolist(),
            "tpr": tpr.tolist(),
            "threshold": [None, *at[1:].tolist()],  # scikit-learn puts infinity first
        },
        "precision_recall": {
            "recall": recall[::-1].tolist(),
            "precision": precision[::-1].tolist(),
            "threshold": [None, *levels[::-1].tolist()],
        },
    }


def reliability(fractured: np.ndarray, probability: np.ndarray) -> dict[str, list]:
    """Observed share of fractures against mean probability, for each bin that holds a picture."""
    place = bin_of(probability)
    rows = [
        (
            int(index) / RELIABILITY_BINS,
            (int(index) + 1) / RELIABILITY_BINS,
            float(probability[place == index].mean()),
            float(fractured[place == index].mean()),
            float((place == index).sum()),
        )
        for index in np.unique(place)
    ]
    keys = ("low", "high", "predicted", "observed", "n")
    return {key: list(column) for key, column in zip(keys, zip(*rows, strict=True), strict=True)}
