"""What the fit of the screening network counts, and what it says of a folder without labels."""

import pytest

from fracturelens.screening.outcome import Outcome, Screening
from training.screening.measure import LabelsError, rates, read_labels, share_of


def test_rates_count_what_was_refused_and_cautioned():
    screenings = [Screening(Outcome.ACCEPT)] * 6 + [Screening(Outcome.CAUTION, "unlike")]
    screenings += [Screening(Outcome.REFUSE, "chest")] * 2 + [Screening(Outcome.REFUSE, "photo")]
    found = rates(screenings)
    assert found["pictures"] == 10
    assert (found["refused"]["share"], found["cautioned"]["share"]) == (0.3, 0.1)
    assert found["flagged"]["pictures"] == 4
    assert found["refused_as"] == {"chest": 2, "photo": 1}


def test_intervals_are_wilsons():
    # Wilson 1927, as statsmodels' proportion_confint(3, 10, method="wilson") gives it.
    found = share_of(3, 10)
    assert (found["low"], found["high"]) == (
        pytest.approx(0.1078, abs=1e-4),
        pytest.approx(0.6032, abs=1e-4),
    )
    assert share_of(0, 20)["low"] == 0


def test_a_folder_without_labels_is_told(tmp_path):
    with pytest.raises(LabelsError, match="missing"):
        read_labels(tmp_path)
    (tmp_path / "labels.csv").write_text("file,kind\na.png,limb\n")
    with pytest.raises(LabelsError, match="lacks"):
        read_labels(tmp_path)
