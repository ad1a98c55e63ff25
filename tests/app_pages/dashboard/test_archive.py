"""The panel of a configured archive, with an archive that is drawn: what is asked and told."""

import pytest

from fracturelens.pacs.archive import FilmPlace
from fracturelens.pacs.destinations import UnreachableError
from fracturelens.pacs.studies import MOST_FILMS
from tests.helpers.app_helpers import xray_png
from tests.helpers.dashboard import listed, open_dashboard, upload
from tests.helpers.dicom_films import PATIENT, study_film
from tests.helpers.films import film
from tests.helpers.missing import need

need("dicomweb_client", "requirements-pacs.txt")


class DrawnArchive:
    """Two studies of one patient, the first with two films."""

    def __init__(self):
        self.stored, self.down, self.asked = [], False, []
        self.films = {
            FilmPlace(study, f"{study}.5", f"{study}.5.{number}"): study_film(
                pixels=film(), StudyInstanceUID=study, SeriesInstanceUID=f"{study}.5",
                SOPInstanceUID=f"{study}.5.{number}", AccessionNumber=f"A-{study[-1]}",
            )
            for study, number in (("1.2.1", 1), ("1.2.1", 2), ("1.2.2", 1))
        }  # fmt: skip

    def studies_of(self, **filters):
        if self.down:
            raise UnreachableError("http://archive does not answer (ConnectionError)")
        self.asked.append(filters)
        [(name, value)] = filters.items()
        if name == "PatientID":
            return ["1.2.1", "1.2.2"] if value == PATIENT["PatientID"] else []
        return [f"1.2.{value[-1]}"] if value in ("A-1", "A-2", "A-3") else []

    def places_in(self, study):
        if study == "1.2.3":
            return [FilmPlace(study, "1", f"1.{n}") for n in range(MOST_FILMS + 1)], set()
        return [place for place in self.films if place.study_uid == study], set()

    def film(self, place):
        return self.films[place]

    def store(self, files):
        if self.down:
            raise UnreachableError("http://archive does not answer (ConnectionError)")
        self.stored.append(files)


@pytest.fixture
def archive(monkeypatch):
    made = DrawnArchive()
    monkeypatch.setattr("app_pages.dashboard.archive.configured_archive", lambda: made)
    return made


@pytest.fixture
def panel(cards, archive):
    return open_dashboard()


def ask(page, number, by="AccessionNumber"):
    page.radio(key="archive_by").set_value(by)
    page.text_input(key="archive_number").set_value(number)
    button(page, "Open").click().run()
    assert not page.exception
    return page


def button(page, label):
    [found] = [one for one in page.button if one.label.startswith(label)]
    return found


def told(page):
    return [one.value for one in (*page.error, *page.warning, *page.success)]


def names(page):
    return sorted(entry["name"] for entry in listed(page))


def test_without_an_archive_nothing_is_drawn(page, monkeypatch):
    monkeypatch.delenv("FRACTURELENS_PACS_URL", raising=False)
    assert not page.radio and "Open" not in [one.label for one in page.button]


def test_a_study_is_opened_by_its_accession_number(panel):
    ask(panel, " A-1 ")
    assert names(panel) == ["study 1, film 1.dcm", "study 1, film 2.dcm"]
    ask(panel, "A-2")
    assert names(panel)[2:] == ["study 2, film 1.dcm"]
    ask(panel, "A-1")
    assert len(names(panel)) == 3, "opened again it adds nothing"


def test_all_studies_of_a_patient_are_opened(panel):
    ask(panel, PATIENT["PatientID"], "PatientID")
    assert len(names(panel)) == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "Type the accession number first."),
        ("*", "without \\* ? or"),
        ("A?", "one whole accession number"),
        ("A\\B", "one whole accession number"),
        ("nobody", "knows no study with this accession number"),
        ("A-3", f"There are {MOST_FILMS + 1} X\\-rays; at most {MOST_FILMS}"),
    ],
)
def test_what_cannot_be_opened_is_told(panel, archive, number, words):
    [said] = told(ask(panel, number))
    assert words in said and listed(panel) == []
    assert all("*" not in value for one in archive.asked for value in one.values())


def test_an_archive_that_is_down_is_told(panel, archive):
    archive.down = True
    [said] = told(ask(panel, "A-1"))
    assert "does not answer" in said


def test_results_go_back_on_a_click(panel, archive):
    from io import BytesIO

    from pydicom import dcmread

    ask(panel, "A-1")
    button(panel, "Send results of these 2 X-rays").click().run()
    assert not panel.exception
    assert told(panel) == ["The archive has the results of 2 of 2 X\\-rays."]
    sent = [dcmread(BytesIO(data)) for files in archive.stored for data in files]
    assert {one.StudyInstanceUID for one in sent} == {"1.2.1"}
    assert [one.SeriesNumber for one in sent].count(9902) == 2
    assert [one.SeriesNumber for one in sent].count(9906) == 1, "one report on the study"
    archive.down = True
    button(panel, "Send results").click().run()
    assert "does not answer" in told(panel)[0]


def test_other_films_are_not_sent(panel):
    upload(panel, ("wrist.png", xray_png(230)))
    assert not [one for one in panel.button if one.label.startswith("Send")]


def test_with_thresholds_of_their_own_nothing_is_sent(panel):
    ask(panel, "A-2")
    assert not button(panel, "Send").disabled
    panel.slider(key="gate_fracture_float32").set_value(0.9).run()
    assert button(panel, "Send").disabled


def test_a_wrong_address_is_told(cards, monkeypatch):
    monkeypatch.setenv("FRACTURELENS_PACS_URL", "ftp://archive")
    [said] = told(open_dashboard())
    assert "is no address of a DICOMweb server" in said
