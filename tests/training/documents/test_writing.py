"""Documents are written, or compared and left alone."""

from training.documents.writing import out_of_date, write_or_check


def test_documents_are_written_into_new_folders(tmp_path):
    path = tmp_path / "docs" / "a.md"
    assert write_or_check({path: "é\n"}, check=False, command="make it") == 0
    assert path.read_text(encoding="utf-8") == "é\n"
    assert write_or_check({path: "é\n"}, check=True, command="make it") == 0


def test_a_check_writes_nothing_and_names_the_command(tmp_path, capsys):
    old, absent = tmp_path / "old.md", tmp_path / "absent.md"
    old.write_text("old")
    documents = {old: "new", absent: "new"}
    assert write_or_check(documents, check=True, command="make it") == 1
    assert old.read_text() == "old" and not absent.exists()
    assert "old.md is out of date: run `make it`" in capsys.readouterr().out
    assert out_of_date(documents) == [old, absent]
