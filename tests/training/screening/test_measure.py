"""What screening makes of a folder: rates by group, kind and source, with Wilson intervals."""

import csv

import cv2
import numpy as np
import pytest

from fracturelens.screening.outcome import Outcome, Screening
from tests.helpers.fixed_screening import screening_that_says
from training.screening.measure import (
    LabelsError,
    measure_folder,
    measure_xrays,
    rates,
    read_labels,
    share_of,
)


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (4, 201, 0.0078, 0.05)],
)
def test_intervals_are_wilsons(some, of, low, high):
    """Expected values: statsmodels' proportion_confint(method="wilson")."""
    found = share_of(some, of)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=2e-4)
    assert found["share"] == round(some / of, 4) and found["pictures"] == some


def test_rates_count_outcomes_and_what_was_seen():
    refused = Screening(Outcome.REFUSE, "chest")
    found = rates(
        [refused, refused, Screening(Outcome.CAUTION, "unlike"), Screening(Outcome.ACCEPT)]
    )
    assert found["pictures"] == 4 and found["refused_as"] == {"chest": 2}
    assert [found[key]["share"] for key in ("refused", "cautioned", "flagged")] == [0.5, 0.25, 0.75]


def bright(batch):
    """Takes a picture for a limb where its lower half is bright, else for a chest."""
    return {"limb": 1} if batch[0, 20:].mean() > batch[0, :12].mean() else {"chest": 1}


@pytest.fixture
def folder(tmp_path):
    """Two limbs, one of which fails, a chest, and a file that cannot be read."""
    up = np.tile(np.linspace(0, 255, 60)[:, None], (1, 60)).astype(np.uint8)
    rows = []
    for name, group, kind, picture in (
        ("a.png", "limb", "hand", up),
        ("b.png", "limb", "foot", up[::-1]),
        ("c.png", "other", "chest", up[::-1]),
    ):
        cv2.imwrite(str(tmp_path / name), picture)
        rows.append({"file": name, "source": "clinic", "kind": kind, "group": group})
    (tmp_path / "d.png").write_bytes(b"nothing")
    rows.append({"file": "d.png", "source": "clinic", "kind": "hand", "group": "limb"})
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def test_a_folder_is_measured_by_group_kind_and_source(folder):
    found = measure_folder(folder, screening_that_says(bright))
    assert found["group"]["limb"]["pictures"] == 2, "the unreadable file counts nowhere"
    assert found["group"]["limb"]["refused"]["share"] == 0.5
    assert found["kind"]["limb, hand"]["refused"]["share"] == 0
    assert found["source"]["other, clinic"]["refused_as"] == {"chest": 1}
    assert set(found["kind"]) == {"limb, hand", "limb, foot", "other, chest"}


def test_films_are_measured(folder):
    from training.data.dataset import Xray

    films = [Xray(name, folder / name, "val", False) for name in ("a.png", "b.png")]
    assert measure_xrays(films, screening_that_says(bright), "val")["refused"]["pictures"] == 1


def test_a_folder_without_its_table_says_what_belongs_there(tmp_path):
    with pytest.raises(LabelsError, match="file, source, kind and group"):
        read_labels(tmp_path)
    (tmp_path / "labels.csv").write_text("file,kind\na.png,hand\n")
    with pytest.raises(LabelsError, match="lacks a row or a column"):
        read_labels(tmp_path)
