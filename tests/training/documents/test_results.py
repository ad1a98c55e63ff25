"""Tables whose rows name their columns, and regions that say how they are counted."""

from tests.helpers.app_helpers import estimate
from training.documents.results import result, rows_table


def test_a_cell_that_a_row_lacks_stays_empty():
    assert rows_table([{"a": "1"}, {"a": "2", "b": "3"}]) == [
        "| a | b |",
        "| --- | --- |",
        "| 1 |  |",
        "| 2 | 3 |",
    ]


def test_agreed_regions_say_that_they_count_twice():
    file = {
        "split": "val", "title": "Cascade", "precision": "int8", "labels": {}, "metrics": {},
        "data": {"images": 4, "fractured": 2, "lesions": 2, "groups": 3}, "notes": ["A note."],
        "agreement": {"agreed": {"regions": 4, "true": 2, "precision": estimate(0.5)}},
    }  # fmt: skip
    text = result(file)
    assert "### Validation: Cascade, int8" in text and "counts twice" in text
    assert "| Both networks mark it | 4 | 2 | 0.500 (0.470 to 0.530) |" in text
