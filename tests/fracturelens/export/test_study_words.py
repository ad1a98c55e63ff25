"""Words about studies, in sentences, in the report and in the summary."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from fracturelens.export.pdf import MOST_VIEWS, report_pdf
from fracturelens.export.pdf_summary import summary_pdf, summary_row
from fracturelens.export.study_words import added_words, study_sentence
from fracturelens.results import Verdict
from fracturelens.studies import Study, View
from tests.helpers.reports import made, report

FRACTURE, DOUBTFUL, NONE = Verdict.FRACTURE, Verdict.DOUBTFUL, Verdict.NO_FRACTURE


def study(*views, not_judged=()):
    said = (View(f"{place}.png", verdict, p) for place, (verdict, p) in enumerate(views))
    return Study(("uid", "1.2"), tuple(said), tuple(not_judged))


def words_of(pdf):
    return " ".join(" ".join(p.extract_text().split()) for p in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("found", "sentence", "added"),
    [
        (study((FRACTURE, 0.93), (NONE, 0.1)),
         "Study of 2 X-rays: Possible fracture (93.0%). 1 of 2 views says so.",
         ["This view alone gives the study its verdict.",
          "Another view gives the study a higher verdict."]),
        (study((FRACTURE, 0.93), (FRACTURE, 0.9), (DOUBTFUL, 0.4), not_judged=["x"]),
         "Study of 4 X-rays: Possible fracture (93.0%). 2 of 3 views say so. 1 has no verdict.",
         ["1 other view says the same."] * 2 + ["Another view gives the study a higher verdict."]),
        (study((NONE, 0.1), (NONE, 0.2)),
         "Study of 2 X-rays: No fracture found (20.0%). All views agree.",
         ["No view shows a fracture."] * 2),
        (study((DOUBTFUL, 0.4), not_judged=["x", "y"]),
         "Study of 3 X-rays: Unclear (40.0%). 2 have no verdict.", [""]),
        (study(not_judged=["x", "y"]), "Study of 2 X-rays: none has a verdict.", []),
    ],
)  # fmt: skip
def test_the_verdict_and_what_each_view_adds(found, sentence, added):
    assert study_sentence(found) == sentence
    assert [added_words(found, view) for view in found.views] == added


def test_the_report_tells_the_study_and_names_stay_text():
    views = (View("wrist.png", FRACTURE, 0.93), View("<b>side</b>.png", NONE, 0.1))
    words = words_of(report_pdf(report(study=Study(("folder", "a"), views))))
    assert "The study" in words and "<b>side</b>.png No fracture found 10.0%" in words
    assert "The study" not in words_of(report_pdf(report()))


def test_many_views_fit_the_page():
    found = study(*[(FRACTURE, 0.9)] * (MOST_VIEWS + 30))
    pdf = report_pdf(report(study=found))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert "30 more views stand in the results" in words_of(pdf)


def test_the_summary_tells_studies_of_several_views():
    several, alone = study((FRACTURE, 0.93), (NONE, 0.1)), study((NONE, 0.1))
    rows = [summary_row(report())]
    words = words_of(summary_pdf(rows, made(), [alone, several, study(not_judged=["x", "y"])]))
    assert "Studies of several views" in words and words.count("Study of") == 2
    assert "Studies of" not in words_of(summary_pdf(rows, made(), [alone]))
