"""PDF reports are read back: what stands in them, that they fit, and what hostile names do."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import numpy as np
import pytest
from pypdf import PdfReader

from fracturelens.export.pdf import MOST_FINDINGS, report_pdf
from fracturelens.export.pdf_summary import SummaryRow, summary_pdf, summary_row
from fracturelens.export.records import REFUSED, UNREADABLE, Report
from fracturelens.measured.shares import RegionShare
from fracturelens.measured.words import VERDICTS
from fracturelens.results import Examination, Verdict
from fracturelens.screening.words import Refusal
from fracturelens.xray.cautions import WORDS, Caution
from important_variables import DISCLAIMER, VERSION
from tests.helpers.reports import MOMENT, made, report

BOTH = frozenset({"encoder_decoder", "unet"})
HOSTILE = "a<b>&amp;</para><img src='http://x/'/>\u202egnp.\x00exe \U0001f9b4.png"


def pages(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_a_report_says_what_was_found_and_what_made_it():
    shares = {BOTH: RegionShare(0.7, 0.58, 0.82, 123, 176, "val")}
    given = report(shares=shares, counted="Of 95 X-rays with this verdict, 75 were fractured.")
    gate = given.examination.prediction.gate_probability
    [words] = pages(report_pdf(given))
    for part in (
        DISCLAIMER,
        "26 November 2026, 04:20 UTC",
        "wrist.png 90 x 120 px",
        VERDICTS[Verdict.FRACTURE],
        f"Gate's probability of a fracture: {gate:.1%}. Doubtful from 20.0%, fracture from 60.0%.",
        "Of 95 X-rays with this verdict, 75 were fractured.",
        "70% (58 to 82) of 176 on validation",
        "Both networks",
        "Encoder-decoder 50.0%, U-Net 50.0%",
        "SHA-256 " + "ab" * 32,
        f"FractureLens {VERSION}",
        "INT8",
    ):
        assert part in words, part
    assert "Custom thresholds" not in words and "Cautions" not in words


def test_a_report_holds_the_film_and_its_marked_copy():
    [page] = PdfReader(BytesIO(report_pdf(report()))).pages
    assert len(page.images) == 2
    film, marked = (image.image.convert("RGB") for image in page.images)
    assert film.size == marked.size == (675, 900)
    assert np.ptp(np.asarray(film), axis=2).max() < 30 < np.ptp(np.asarray(marked), axis=2).max()
    [page] = PdfReader(BytesIO(report_pdf(report(gray=20)))).pages
    assert len(page.images) == 1, "no segmenter ran"
    assert "did not run" in page.extract_text()


def test_the_same_report_gives_the_same_bytes_whenever_it_is_written():
    assert report_pdf(report()) == report_pdf(report())
    later = report_pdf(report(made=made(MOMENT + timedelta(days=1))))
    assert later != report_pdf(report())
    assert PdfReader(BytesIO(later)).metadata.creation_date == MOMENT + timedelta(days=1)


def test_custom_thresholds_and_refusals_are_told():
    refusal = Refusal("photo", "This looks like a photograph.")
    [words] = pages(report_pdf(report(custom=True, refusal=refusal)))
    assert "Custom thresholds" in words
    assert "Analyzed although it was refused. This looks like a photograph." in words


def test_a_site_that_chose_the_thresholds_is_named():
    given = report()
    found = given.examination.prediction
    moved = replace(found, thresholds=replace(found.thresholds, site="St <b>Mary"))
    given = replace(given, examination=replace(given.examination, prediction=moved))
    [words] = pages(report_pdf(given))
    assert "Calibrated for St <b>Mary on its own X-rays." in words


def test_hints_are_told_from_marks():
    [words] = pages(report_pdf(report(gray=130)))
    assert VERDICTS[Verdict.DOUBTFUL] in words and "Hints, dotted and not painted" in words


def test_a_full_report_stays_on_one_page():
    cautions = tuple(Caution(key, "LONG WORDS " * 6) for key in WORDS)
    given = report(name="x" * 500 + ".png", cautions=cautions, counted="A sentence. " * 40)
    found = given.examination.prediction
    one = found.segmentations["unet"]
    many = tuple(replace(one.findings[0], number=n) for n in range(1, 60))
    marked = replace(found, segmentations={"unet": replace(one, findings=many)})
    given = replace(given, examination=replace(given.examination, prediction=marked))
    [words] = pages(report_pdf(given))
    assert f"{59 - MOST_FINDINGS} more stand in the results" in words
    assert DISCLAIMER in words and "How this was made" in words


@pytest.mark.parametrize("name", [HOSTILE, "", "\x00" * 9, "/" * 300, "手" * 300, "\ud800.png"])
def test_hostile_names_stay_text(name):
    pdf = report_pdf(report(name=name, cautions=(Caution("body_part", name),)))
    assert b"/URI" not in pdf and b"/JavaScript" not in pdf
    [words] = pages(pdf)
    assert DISCLAIMER in words
    assert not {"\u202e", "\x00"} & set(words)
    if name is HOSTILE:
        assert "a<b>&amp;</para><img src='http://x/'/> gnp. exe ?.png" in words


def test_only_what_was_judged_has_a_report():
    with pytest.raises(ValueError, match="summary_pdf"):
        report_pdf(Report("no.png", Examination(error="it is text.")))


def test_a_summary_ranks_all_files_and_counts_them():
    refused = Examination(refusal=Refusal("photo", "This looks like a photograph."))
    reports = [
        Report("no.png", Examination(error="it is text.")),
        Report("photo.png", refused),
        report("middle.png", gray=130),
        report("dark.png", gray=20),
        report("bright.png", cautions=(Caution("photo"),)),
    ]
    [words] = pages(summary_pdf(map(summary_row, reports), made()))
    places = [words.index(one.name) for one in sorted(reports, key=lambda one: one.name)]
    assert "5 files. " in words and "Not analyzed: 1. Not readable: 1." in words
    bright, dark, middle, no, photo = places
    assert bright < middle < dark < min(no, photo)
    for part in (
        DISCLAIMER,
        f"{reports[4].examination.prediction.gate_probability:.1%}",
        "it is text.",
        "This looks like a photograph.",
        "INT8",
    ):
        assert part in words


def test_a_long_summary_goes_on_and_on():
    rows = [SummaryRow(f"film {n}.png", UNREADABLE, remark="word " * 60) for n in range(450)]
    rows.append(SummaryRow("last.png", REFUSED))
    pdf = summary_pdf(rows, None)
    told = pages(pdf)
    assert len(told) > 10
    assert all(DISCLAIMER in page and "What to know" in page for page in told[:-1])
    assert sum(page.count("film ") for page in told) == 450
    assert pdf == summary_pdf(rows, None)
