"""Unpacks archives that are honest, damaged, too big, or out to leave their folder."""

import io
import stat
import zipfile

import pytest

from training.data.unpack import ArchiveError, UnpackLimits, unpack

FILES = {
    "FracAtlas/dataset.csv": b"image_id\n",
    "FracAtlas/images/Fractured/IMG0000019.jpg": bytes(range(256)) * 40,
    "FracAtlas/Annotations/COCO JSON/COCO_fracture_masks.json": b"{}",
}


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_honest_archive_is_unpacked_without_its_outer_folder(tmp_path):
    archive = tmp_path / "honest.zip"
    archive.write_bytes(zip_of({f"outer/{name}": data for name, data in FILES.items()}))
    unpack(archive, tmp_path / "FracAtlas")
    for name, data in FILES.items():
        assert (tmp_path / name).read_bytes() == data
    assert {path.name for path in tmp_path.iterdir()} == {"honest.zip", "FracAtlas"}


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/outside.txt", "FracAtlas/../../outside.txt", "C:\\outside.txt"]
)
def test_paths_outside_the_folder_are_refused(tmp_path, name):
    archive = tmp_path / "evil.zip"
    archive.write_bytes(zip_of({**FILES, name: b"evil"}))
    with pytest.raises(ArchiveError, match="leads outside its folder"):
        unpack(archive, tmp_path / "inside" / "FracAtlas")
    assert [path.name for path in tmp_path.iterdir()] == ["evil.zip"]


def test_links_are_refused(tmp_path):
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        link = zipfile.ZipInfo("FracAtlas/images")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc")
        opened.writestr("FracAtlas/dataset.csv", "")
    with pytest.raises(ArchiveError, match="is a link"):
        unpack(archive, tmp_path / "FracAtlas")


def test_same_path_twice_is_refused(tmp_path):
    archive = tmp_path / "evil.zip"
    archive.write_bytes(zip_of({**FILES, "FracAtlas/DATASET.csv": b""}))
    with pytest.raises(ArchiveError, match="same path twice"):
        unpack(archive, tmp_path / "FracAtlas")


@pytest.mark.parametrize("limits", [UnpackLimits(max_bytes=1000), UnpackLimits(max_members=2)])
def test_archive_over_the_limits_is_refused(tmp_path, limits):
    archive = tmp_path / "big.zip"
    archive.write_bytes(zip_of(FILES))
    with pytest.raises(ArchiveError, match="too big"):
        unpack(archive, tmp_path / "FracAtlas", limits)


def test_damaged_archive_leaves_nothing_behind(tmp_path):
    archive = tmp_path / "damaged.zip"
    data = bytearray(zip_of(FILES))
    data[1000] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(ArchiveError, match="is damaged"):
        unpack(archive, tmp_path / "FracAtlas")
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.zip"]


def test_other_archive_is_refused(tmp_path):
    archive = tmp_path / "other.zip"
    archive.write_bytes(zip_of({"readme.txt": b""}))
    with pytest.raises(ArchiveError, match="not FracAtlas"):
        unpack(archive, tmp_path / "FracAtlas")
