"""Films in, documents out: the report as PDF, results as DICOM in several parts."""

import email.policy
import json
from email.parser import BytesParser
from io import BytesIO

import pytest
from pypdf import PdfReader

from api.films import VERDICT
from fracturelens.results import Verdict
from important_variables import DISCLAIMER
from tests.api.test_examining import films, post, problem
from tests.helpers.bad_inputs import zip_file
from tests.helpers.films import film
from tests.helpers.missing import need

__all__ = ["films"]  # a fixture


def parts(answer):
    """What the first part tells, and the objects by name."""
    assert answer.status_code == 200, answer.text
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    found = BytesParser(policy=email.policy.HTTP).parsebytes(head + answer.content)
    assert found.get_content_type() == "multipart/mixed"
    first, *objects = found.iter_parts()
    assert first.get_content_type() == "application/json"
    assert {one.get_content_type() for one in objects} <= {"application/dicom"}
    told = json.loads(first.get_payload(decode=True))
    return told, {one.get_filename(): one.get_payload(decode=True) for one in objects}


def test_the_report_is_a_page(client, films):
    answer = post(client, [("bright.png", films["bright.png"])], "reports")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers[VERDICT] == Verdict.FRACTURE
    [page] = PdfReader(BytesIO(answer.content)).pages
    words = " ".join(page.extract_text().split())
    assert DISCLAIMER in words and "bright.png 64 x 80 px" in words and len(page.images) == 2


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["text.png"], "cannot be read"),
        (["color.png"], "color picture"),
        (["dark.png", "bright.png"], "one film at a time"),
    ],
)
def test_a_report_that_cannot_be_written_is_told(client, films, names, words):
    sent = [(name, films[name]) for name in names]
    assert words in problem(post(client, sent, "reports"), 422)


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("reports", "lacks reportlab, matplotlib: pip install -r requirements.txt"),
        ("dicom-results", "pydicom, highdicom: pip install -r requirements-pacs.txt"),
    ],
)
def test_without_their_packages_documents_are_not_offered(client, films, monkeypatch, route, words):
    monkeypatch.setattr("api.documents.find_spec", lambda _: None)
    assert words in problem(post(client, films.items(), route), 501)


@pytest.fixture
def study(films):
    """Two views of one study, and what gives no results."""
    need("highdicom", "requirements-pacs.txt")
    from tests.helpers.dicom_films import study_film

    side = study_film(pixels=film(), SOPInstanceUID="1.2.3.4.5.7")
    made = {"a.dcm": study_film(pixels=film()), "views.zip": zip_file(b_dcm=side)}
    return made | {name: films[name] for name in ("text.png", "bright.png")}


@pytest.fixture
def dicom(serve):
    from tests.helpers.dicom_films import marking_engine

    return serve(marking_engine())


def test_each_film_and_each_study_has_its_objects(study, dicom):
    from pydicom import dcmread

    told, objects = parts(post(dicom, study.items(), "dicom-results"))
    assert told["notice"] == DISCLAIMER
    outcomes = {one["file"]: one["outcome"] for one in told["results"]}
    assert outcomes == {
        "a.dcm": "fracture", "views.zip: b.dcm": "fracture",
        "text.png": "unreadable", "bright.png": "no_study",
    }  # fmt: skip
    kinds = ("gsps", "sr", "seg", "sc", "pdf")
    named = [one["objects"] for one in told["results"]]
    assert named[:2] == [[f"{n}_{kind}.dcm" for kind in kinds] for n in (1, 2)]
    assert named[2:] == [[], []] and told["studies"] == ["study_1.dcm"]
    assert "no DICOM study to attach to" in told["results"][3]["reason"]
    assert list(objects) == [*named[0], *named[1], "study_1.dcm"]
    read = [dcmread(BytesIO(data)) for data in objects.values()]
    assert {one.StudyInstanceUID for one in read} == {"1.2.3.4"}
    assert len({one.SOPInstanceUID for one in read}) == 11


def test_objects_are_those_of_the_node(study, dicom):
    from fracturelens.pacs.judge import Judge
    from tests.helpers.dicom_films import marking_engine

    _, objects = parts(post(dicom, [("a.dcm", study["a.dcm"])], "dicom-results"))
    made = Judge(marking_engine()).judge(study["a.dcm"]).results
    assert [one.uid.encode() in data for one, data in zip(made, objects.values(), strict=True)]
    assert "study_1.dcm" not in objects


def test_a_large_answer_lies_on_disk_and_a_full_disk_is_told(study, dicom, monkeypatch):
    monkeypatch.setattr("api.documents.IN_MEMORY", 10)
    _, objects = parts(post(dicom, study.items(), "dicom-results"))
    assert len(objects) == 11

    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

        def close(self):
            self.closed = True

    full = Full()
    monkeypatch.setattr("api.documents.SpooledTemporaryFile", lambda _: full)
    assert "disk" in problem(post(dicom, study.items(), "dicom-results"), 507)
    assert full.closed


def test_accept_any_judges_what_is_refused(dicom, films):
    from tests.helpers.dicom_films import study_film

    chest = [("a.dcm", study_film(pixels=film(), BodyPartExamined="CHEST"))]
    told, objects = parts(post(dicom, chest, "dicom-results"))
    assert told["results"][0]["outcome"] == "refused" and objects == {}
    told, objects = parts(post(dicom, chest, "dicom-results", accept_any=True))
    assert told["results"][0]["outcome"] == "fracture" and len(objects) == 5
