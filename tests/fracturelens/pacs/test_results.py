"""`dicom-results` writes files, and says of what it cannot attach to a study."""

import cv2
import pytest

import command_line
from tests.helpers.dicom_films import marking_engine, study_film
from tests.helpers.films import film

OTHER = {"SOPInstanceUID": "1.2.3.4.5.7"}


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs `dicom-results` with networks that are quick; results go to tmp_path / "out"."""
    monkeypatch.setattr("fracturelens.pacs.results.engine_of", lambda *_: marking_engine())
    monkeypatch.setattr("fracturelens.pacs.results.hush_libraries", lambda: None)

    def run(*words):
        out = str(tmp_path / "out")
        return command_line.main(["dicom-results", *map(str, words), "--out", out])

    return run


def written(tmp_path):
    return sorted(path.name for path in (tmp_path / "out").iterdir())


def test_a_dicom_film_gives_five_files(tmp_path, command, capsys):
    (tmp_path / "a.dcm").write_bytes(study_film(pixels=film()))
    assert command(tmp_path / "a.dcm") == 0
    assert written(tmp_path) == [f"a_{kind}.dcm" for kind in ("gsps", "pdf", "sc", "seg", "sr")]
    assert "1 X-rays with results, 0 without." in capsys.readouterr().out


def test_a_picture_needs_a_study(tmp_path, command, capsys):
    cv2.imwrite(str(tmp_path / "a.png"), film())
    assert command(tmp_path / "a.png") == 1
    assert "a.png: no DICOM study to attach to" in capsys.readouterr().err
    assert written(tmp_path) == []
    assert command(tmp_path / "a.png", "--study", "patient_id=P7", "sex=F") == 0
    assert written(tmp_path)[0] == "a_film.dcm" and len(written(tmp_path)) == 6


def test_one_bad_file_takes_no_others_with_it(tmp_path, command, capsys):
    (tmp_path / "bad.dcm").write_bytes(study_film()[:500])
    (tmp_path / "chest.dcm").write_bytes(study_film(BodyPartExamined="CHEST", **OTHER))
    (tmp_path / "good.dcm").write_bytes(study_film(pixels=film()))
    assert command(tmp_path / "bad.dcm", tmp_path / "chest.dcm", tmp_path / "good.dcm",
                   tmp_path / "none.dcm") == 1  # fmt: skip
    told = capsys.readouterr()
    assert "1 X-rays with results, 3 without." in told.out
    assert "chest.dcm: refused, it is taken for no film of a limb" in told.err
    assert "none.dcm: the file cannot be opened" in told.err
    assert len(written(tmp_path)) == 6 and "study_1.dcm" in written(tmp_path)


@pytest.mark.parametrize("words", ["patient_id", "name=x", "=x"])
def test_study_fields_that_are_none_are_told(tmp_path, command, capsys, words):
    assert command(tmp_path / "a.png", "--study", words) == 1
    assert "is no KEY=VALUE with a key of patient_id, " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tls-key", "key.pem"], "TLS needs --tls-key, --tls-certificate and --tls-ca"),
        (["--tls-key", "a", "--tls-certificate", "b", "--tls-ca", "c"], "missing or damaged"),
        (["--title", "x" * 17], "is no AE title"),
        (["--peer", "nobody"], "is no peer"),
        (["--to", "nowhere"], "is no destination"),
    ],
)
def test_settings_of_the_node_that_are_wrong_are_told(tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fracturelens.pacs.serve.hush_libraries", lambda: None)
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setattr("logging.basicConfig", lambda **_: None)
    start = ["serve-dicom", "--peer", "A@127.0.0.1", "--to", "B@127.0.0.1:104"]
    assert command_line.main([*start, *words]) == 1
    assert told in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path, monkeypatch, capsys):
    import socket

    monkeypatch.setattr("fracturelens.pacs.serve.engine_of", lambda *_: marking_engine())
    monkeypatch.setattr("fracturelens.pacs.serve.hush_libraries", lambda: None)
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setattr("logging.basicConfig", lambda **_: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ["serve-dicom", "--peer", "A@127.0.0.1", "--to", "B@127.0.0.1:104"]
        words += ["--host", "127.0.0.1", "--port", str(taken.getsockname()[1])]
        assert command_line.main([*words, "--spool", str(tmp_path)]) == 1
    assert "A port cannot be used" in capsys.readouterr().err
