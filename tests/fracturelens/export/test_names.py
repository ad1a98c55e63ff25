"""Names of our files are safe on every system, and no two of a run are alike."""

import pytest

from fracturelens.export.names import download_name, unique_stem


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("wrist.png", "wrist_x"),
        ("../../etc/passwd", "passwd_x"),
        ("C:\\films\\wrist 1.dcm", "wrist_1_x"),
        ("a\x00b\u202ec.png", "a_b_c_x"),
        ("Röntgen 手.png", "Röntgen_手_x"),
        ("con.png", "_con_x"),
        ("COM1.tar.gz", "_COM1.tar_x"),
        ("", "xray_x"),
    ],
)
def test_a_name_is_safe(name, safe):
    assert download_name(name, "_x") == safe


def test_a_long_name_leaves_room_for_its_ending():
    name = download_name("手" * 300 + ".png", "_encoder_decoder_overlay.png")
    assert len(name.encode()) <= 255
    assert name.startswith("手手") and name.endswith("_overlay.png")


def test_names_differ_by_more_than_case():
    taken = {"results"}
    names = ("a.png", "A.png", "a-2.png", "dir/a.jpg", "Results.png")
    stems = [unique_stem(name, taken) for name in names]
    assert stems == ["a", "A-2", "a-2-2", "a-3", "Results-2"]
    assert len({stem.casefold() for stem in stems}) == len(stems)
