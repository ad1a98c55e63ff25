"""Points and pictures of the curves of an evaluation."""

from fracturelens.measured.plots import MOST_POINTS, plots_of, plots_png
from tests.helpers.app_helpers import pixels
from tests.helpers.evaluations import GATE_EVALUATION

POINTS = GATE_EVALUATION.operating_points
CURVES = GATE_EVALUATION.part.curves


def test_plots_of_what_is_there():
    assert plots_of({}, {}) == []
    curves = {
        "roc": {"fpr": [0, 1], "tpr": [0, 1], "threshold": [None, 0.5]},
        "reliability": {"predicted": [0.1, None], "observed": [0.2, None], "n": [5, 0]},
        **{
            key: {"false_per_image": [0, 2], "recall": [0.1, 0.8], "score": [1, 0]}
            for key in ("froc_10", "froc_50")
        },
    }
    roc, reliability, froc = plots_of(curves, {})
    assert [plot.key for plot in (roc, reliability, froc)] == ["roc", "reliability", "froc"]
    assert len(roc.rows) == 2, "the first point of a ROC has no threshold"
    assert len(reliability.rows) == 1, "an empty bin is no point"
    assert froc.series == ["IoU ≥ 0.1", "IoU ≥ 0.5"]


def test_froc_ends_at_one_false_region_whatever_the_network():
    curve = {"false_per_image": [0.2, 1.0, 1.4], "recall": [0.1, 0.6, 0.8], "score": [0.9, 0.5, 0]}
    [froc] = plots_of({"froc_10": curve}, {})
    assert [row["false_per_image"] for row in froc.rows] == [0.2, 1.0]


def test_both_operating_points_are_marked_on_both_curves_of_the_gate():
    roc, precision_recall = plots_of(CURVES, POINTS)
    [mark] = roc.marks
    assert mark["name"] == "doubtful 0.120" and roc.marks == precision_recall.marks
    assert (mark["fpr"], mark["tpr"]) == (120 / 413, 99 / 104)
    assert (mark["recall"], mark["precision"]) == (99 / 104, 99 / 219)
    both = plots_of(CURVES, POINTS | {"half": POINTS["doubtful"]})[0]
    assert len(both.marks) == 1, "one half is for comparison alone"


def test_long_curves_are_thinned_and_keep_their_ends():
    count = 5 * MOST_POINTS + 3
    values = [index / count for index in range(count)]
    [plot] = plots_of({"roc": {"fpr": values, "tpr": values}}, {})
    assert len(plot.rows) <= MOST_POINTS + 1
    assert (plot.rows[0]["fpr"], plot.rows[-1]["fpr"]) == (values[0], values[-1])


def test_png_of_the_plots():
    picture = pixels(plots_png(plots_of(CURVES, POINTS), "Gate"))
    assert picture.shape[1] == 1650
    assert picture.std() > 5, "something is drawn"
