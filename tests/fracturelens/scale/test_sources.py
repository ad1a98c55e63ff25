"""Files are found and read by address as they are by path, with the same words for each fault."""

from pathlib import Path

import pytest

from fracturelens.batch.search import ResultsAmongXraysError
from fracturelens.scale.addresses import folder_and_name, told
from fracturelens.scale.errors import AddressError
from fracturelens.scale.sources import find_sources, is_xray_like, read_source
from fracturelens.xray.errors import UnreadableXrayError
from important_variables import UploadLimits
from tests.helpers.bright_spots import write_picture


@pytest.fixture(params=["file://", "local://"], ids=["pyarrow", "fsspec"])
def scheme(request):
    """One that pyarrow knows, and one that fsspec does."""
    if request.param == "local://":
        pytest.importorskip("fsspec", reason="fsspec comes with Ray")
    return request.param


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "films"
    write_picture(folder / "b c#1.png", bright=True)
    write_picture(folder / "in" / "a.png", bright=False)
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_folder_is_searched_by_content(films, scheme):
    sources = find_sources([f"{scheme}{films}/"], "out")
    names = [source.name for source in sources if is_xray_like(source)]
    assert names == [f"{scheme}{films}/b c#1.png", f"{scheme}{films}/in/a.png"]
    assert read_source(sources[0]) == (films / "b c#1.png").read_bytes()


def test_a_named_file_counts_whatever_it_is(films, scheme):
    (films / "notes 100%#1.txt").write_text("no picture")
    [notes] = find_sources([f"{scheme}{films}/notes 100%#1.txt"], "out")
    assert is_xray_like(notes) and read_source(notes) == b"no picture"


def test_paths_are_found_as_predict_finds_them(films, monkeypatch):
    monkeypatch.chdir(films.parent)
    sources = find_sources(["films", "films/in/a.png"], "out")
    assert [source.name for source in sources] == ["films/b c#1.png", "films/in/a.png"]
    assert all(Path(source.path).is_absolute() for source in sources), "workers run elsewhere"


def test_each_fault_has_its_words(films, scheme):
    limits = UploadLimits(max_bytes=5)
    (films / "empty.png").write_text("")
    for name, words in {
        "none.png": "no such file", "empty.png": "empty", "notes.txt": "at most"
    }.items():  # fmt: skip
        [source] = find_sources([f"{scheme}{films}/{name}"], "out")
        with pytest.raises(UnreadableXrayError, match=words):
            read_source(source, limits)


def test_results_below_the_folder_are_left_out(films):
    out = f"file://{films}/in"
    assert all("/in/" not in each.name for each in find_sources([f"file://{films}"], out))
    with pytest.raises(ResultsAmongXraysError, match="would lie among"):
        find_sources([out], out)


def test_an_address_that_nothing_reaches_is_told():
    pytest.importorskip("fsspec", reason="fsspec comes with Ray")
    with pytest.raises(AddressError, match="cannot be reached"):
        find_sources(["nothing://there"], "out")


def test_tables_tell_no_password():
    address = "s3://key:secret@bucket/films/a.png?scheme=http"
    assert told(address) == "s3://bucket/films/a.png"
    assert folder_and_name(address) == ("s3://key:secret@bucket/films?scheme=http", "a.png")
