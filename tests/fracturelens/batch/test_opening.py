"""Whatever lies under a name is read within bounds, or refused in a sentence."""

import os
import socket

import pytest

from fracturelens.batch.opening import read_file
from fracturelens.xray.errors import UnreadableXrayError
from important_variables import UploadLimits


def test_a_file_comes_back_whole(tmp_path):
    (tmp_path / "film.png").write_bytes(b"bone")
    assert read_file(tmp_path / "film.png") == b"bone"


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UnreadableXrayError, match="this is a pipe, not a file"):
        read_file(tmp_path / "pipe.png")


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/full"])
def test_a_device_is_not_read(name, tmp_path):
    link = tmp_path / "endless.png"
    link.symlink_to(name)
    with pytest.raises(UnreadableXrayError, match="this is a device"):
        read_file(link)


def test_a_socket_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.png")
        with pytest.raises(UnreadableXrayError, match="this is a socket"):
            read_file(tmp_path / "s.png")


def test_a_sparse_file_of_six_gigabytes_costs_nothing(tmp_path, monkeypatch):
    path = tmp_path / "sparse.png"
    with path.open("wb") as file:
        file.truncate(6 * 1024**3)
    monkeypatch.setattr("pathlib.Path.open", None)  # it is not even opened
    with pytest.raises(UnreadableXrayError, match=r"6,144\.0 MB and at most 50\.0 MB"):
        read_file(path)


def test_a_file_that_grows_meanwhile_is_read_within_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "film.png"
    path.write_bytes(bytes(99))
    monkeypatch.setattr("fracturelens.batch.opening.check_byte_count", lambda *_: None)
    assert len(read_file(path, UploadLimits(max_bytes=9))) == 10


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 300 + ".png", "give it a shorter name"),
        ("circle.png", "the links lead round in a circle"),
        ("dangling.png", "there is no such file"),
        ("folder", "the folder cannot be searched"),
    ],
)
def test_what_cannot_be_opened_has_its_own_remedy(tmp_path, name, words):
    (tmp_path / "circle.png").symlink_to("circle.png")
    (tmp_path / "dangling.png").symlink_to("nowhere.png")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnreadableXrayError, match=words):
        read_file(tmp_path / name)


def test_a_disk_that_fails_is_told(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(5, "Input/output error")

    (tmp_path / "film.png").write_bytes(b"bone")
    monkeypatch.setattr("pathlib.Path.open", fail)
    with pytest.raises(UnreadableXrayError, match=r"\(Input/output error\); check the disk"):
        read_file(tmp_path / "film.png")
