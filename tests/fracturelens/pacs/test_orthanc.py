"""The node and the client against a real archive: kills, outages, compressed films."""

import sys

import pytest

import command_line
from important_variables import ROOT
from tests.helpers.dicom_films import marking_engine
from tests.helpers.missing import need
from tests.helpers.nodes import (
    SECRETS,
    NodeProcess,
    films_of_studies,
    storescu,
    wait_until,
)
from tests.helpers.orthanc import Orthanc
from training.benchmark.node_load import measure

need("pynetdicom", "requirements-pacs.txt")
pytestmark = pytest.mark.slow

STUDIES, FILMS = 12, 40
STUDY_SERIES = "9906"


@pytest.fixture
def orthanc(tmp_path):
    with Orthanc(tmp_path / "orthanc") as archive:
        yield archive


def uids_of(films):
    """Study UIDs by the SOP instance UIDs of film files."""
    from io import BytesIO

    from pydicom import dcmread

    read = [dcmread(BytesIO(data)) for files in films.values() for data in files]
    return {str(one.SOPInstanceUID): str(one.StudyInstanceUID) for one in read}


def answered(orthanc, modality="SR"):
    """Study UID and film of each film's report (or presentation state) that has arrived."""
    found = []
    for one in orthanc.instances(modality):
        if one["SeriesNumber"] == STUDY_SERIES:
            continue
        evidence = one.get("CurrentRequestedProcedureEvidenceSequence")
        if evidence:
            series = evidence[0]["ReferencedSeriesSequence"][0]
            film = series["ReferencedSOPSequence"][0]["ReferencedSOPInstanceUID"]
        else:
            series = one["ReferencedSeriesSequence"][0]
            film = series["ReferencedImageSequence"][0]["ReferencedSOPInstanceUID"]
        found.append((film, one["StudyInstanceUID"]))
    return found


def studies_told(orthanc):
    """By study UID, the films of the report on the study that knows most."""
    told = {}
    for one in orthanc.instances("SR"):
        if one["SeriesNumber"] == STUDY_SERIES:
            [evidence] = one["CurrentRequestedProcedureEvidenceSequence"]
            films = {
                film["ReferencedSOPInstanceUID"]
                for series in evidence["ReferencedSeriesSequence"]
                for film in series["ReferencedSOPSequence"]
            }
            known = told.setdefault(one["StudyInstanceUID"], set())
            assert known <= films or films <= known
            known |= films
    return told


def films_in(films):
    """By study UID, its films."""
    studies = {}
    for film, study in uids_of(films).items():
        studies.setdefault(study, set()).add(film)
    return studies


def send_all(node, films, folder):
    for number, (syntax, files) in enumerate(films.items()):
        done = storescu(node.port, folder / str(number), files, syntax)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("Received Store Response (Success)") == len(files)


def test_a_killed_node_loses_and_doubles_nothing(tmp_path, orthanc):
    films = films_of_studies(STUDIES, FILMS)
    assert len(films) == 4  # three compressed syntaxes among them
    with NodeProcess(tmp_path / "node", orthanc.destination) as node:
        send_all(node, films, tmp_path / "films")
        wait_until(lambda: len(answered(orthanc)) >= 3, 500)
        node.kill()
        assert len(answered(orthanc)) < FILMS
        node.start()
        wait_until(lambda: len(answered(orthanc)) >= 10, 500)
        node.kill()
        node.start()
        wait_until(lambda: len(answered(orthanc)) >= FILMS, 500)
        wait_until(lambda: "fracturelens_films_unsent 0.0" in node.figures(), 120)
        log = node.log.read_text()
    for modality in ("SR", "PR"):
        found = answered(orthanc, modality)
        assert dict(found) == uids_of(films) and len(found) == FILMS
    assert all(len(orthanc.instances(one)) == FILMS for one in ("SEG", "OT", "DOC"))
    assert studies_told(orthanc) == films_in(films)
    assert not any(secret in log for secret in SECRETS)


def test_an_outage_of_the_archive_loses_nothing(tmp_path, orthanc):
    films = films_of_studies(2, 6)
    with NodeProcess(tmp_path / "node", orthanc.destination, orthanc.url) as node:
        orthanc.stop()
        send_all(node, films, tmp_path / "films")
        wait_until(lambda: "send_failures_total" in node.figures(), 120)
        wait_until(lambda: "films_unsent 6.0" in node.figures(), 300)
        orthanc.start()
        wait_until(lambda: len(answered(orthanc)) == 6, 300)
        wait_until(lambda: "fracturelens_films_unsent 0.0" in node.figures(), 300)
        assert f'films_sent_total{{destination="{orthanc.url}"}} 6.0' in node.figures()
    assert dict(answered(orthanc)) == uids_of(films)
    assert node.process.returncode == 0  # told to stop, it did


def test_the_client_puts_results_beside_the_films(orthanc, monkeypatch, capsys):
    films = films_of_studies(2, 6)
    for files in films.values():
        for data in files:
            orthanc.upload(data)
    monkeypatch.setattr("fracturelens.pacs.command.engine_of", lambda *_: marking_engine())
    first = sorted(set(uids_of(films).values()))[0]
    assert command_line.main(["pacs", "--url", orthanc.url, "--study", first]) == 0
    assert capsys.readouterr().out == "1 studies: 3 fracture.\n"
    assert command_line.main(["pacs", "--url", orthanc.url, "--since", "2000w"]) == 0
    assert capsys.readouterr().out == "2 studies: 3 answered before, 3 fracture.\n"
    assert command_line.main(["pacs", "--url", orthanc.url, "--accession", "A-1"]) == 0
    assert capsys.readouterr().out == "2 studies: 6 answered before.\n"
    assert dict(answered(orthanc)) == uids_of(films) and len(answered(orthanc)) == 6
    assert studies_told(orthanc) == films_in(films) and len(orthanc.instances("SR")) == 8


def test_an_archive_that_is_down_is_told(capsys, monkeypatch):
    monkeypatch.setattr("fracturelens.pacs.command.engine_of", lambda *_: marking_engine())
    assert command_line.main(["pacs", "--url", "http://127.0.0.1:1/x", "--since", "1d"]) == 1
    assert "http://127.0.0.1:1/x does not answer" in capsys.readouterr().err


def test_the_rate_of_a_node_is_measured(orthanc, monkeypatch):
    monkeypatch.setattr("training.benchmark.node_load.describe_machine", dict)
    monkeypatch.setattr("training.benchmark.node_load.WARM", 2)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [sys.executable, "-m", "tests.helpers.serve_fixed"]
    report = measure(command, orthanc.destination, 6, side=200)
    assert (report.films, report.studies, report.lost, report.failures) == (6, 3, 0, 0)
    assert report.without_verdict == 0 and report.films_per_minute > 0
    assert max(report.pixels) == 200 and report.cpu_seconds > 0
    assert 0 < min(report.memory_mb) <= max(report.memory_mb) <= report.peak_mb
    assert len(answered(orthanc)) == 6 and len(studies_told(orthanc)) == 3
