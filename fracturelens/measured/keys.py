"""Keys of the figures and curves that exist at several limits."""

from important_variables import OVERLAP_LIMIT

OVERLAP_LIMITS = (OVERLAP_LIMIT, 0.3, 0.5)
"""IoU from which a region finds a lesion."""
FALSE_RATES = (0.25, 0.5, 1.0)
"""False regions per picture at which the recall is read."""


def recall_key(limit: float) -> str:
    """Key of the lesion recall at one of `OVERLAP_LIMITS`, such as "lesion_recall_10"."""
    return f"lesion_recall_{round(100 * limit)}"


def froc_curve_key(limit: float) -> str:
    """Key of the FROC curve at one of `OVERLAP_LIMITS`, such as "froc_10"."""
    return f"froc_{round(100 * limit)}"


def froc_key(limit: float, rate: float) -> str:
    """Key of the recall at one of `FALSE_RATES` on that curve, such as "froc_10_at_025"."""
    return f"{froc_curve_key(limit)}_at_{round(100 * rate):03d}"
