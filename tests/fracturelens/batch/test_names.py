"""Names that no file system, table or terminal stumbles over."""

import pytest

from fracturelens.batch.names import PictureNames, folded, printable, readable

KINDS = ["unet_overlay.png", "unet_mask.png"]


def stems(names):
    handed = PictureNames()
    return [handed.names_for(name, KINDS)["unet_mask.png"].removesuffix("_unet_mask.png")
            for name in names]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a/x.jpg", "b/x.jpg", "c/x-2.jpg"], ["x", "x-2", "x-2-2"]),
        (["c/x-2.jpg", "a/x.jpg", "b/x.jpg", "d/x.jpg"], ["x-2", "x", "x-3", "x-4"]),
        (["Hand.png", "hand.PNG"], ["Hand", "hand-2"]),
        (["caf\u00e9.png", "cafe\u0301.png"], ["caf\u00e9", "cafe_"]),
        (["stra\u00dfe.png", "STRASSE.png"], ["stra\u00dfe", "STRASSE-2"]),
        (["caf\udce9.png"], ["caf_"]),
        (["a: b\n\x1b[31m.png"], ["a__b___31m"]),
    ],
)
def test_names_are_told_apart_on_every_file_system(names, expected):
    assert stems(names) == expected


def test_a_file_that_stands_there_already_is_left_alone():
    handed = PictureNames(["X_unet_mask.png"])
    assert handed.names_for("x.png", KINDS)["unet_overlay.png"] == "x-2_unet_overlay.png"


@pytest.mark.parametrize("sign", ["x", "\u00e9", "\u6b63"])
def test_long_names_are_cut_between_two_signs(sign):
    [stem] = stems([sign * 250 + ".png"])
    assert set(stem) == {sign} and 115 < len(stem.encode()) <= 120


def test_ten_thousand_files_of_one_name_are_quick():
    assert len(set(stems(f"{n}/image.dcm" for n in range(10_000)))) == 10_000


def test_names_that_are_not_utf8_are_still_text():
    assert readable("caf\udce9.png") == "caf\\xe9.png"
    assert readable("caf\u00e9.png") == "caf\u00e9.png"


def test_a_name_cannot_steer_the_terminal():
    assert printable("a\r\n\x1b[2Jb\udce9") == "a\\r\\n\\x1b[2Jb\\xe9"


def test_folding_is_stable():
    assert folded(folded("\u1e9e\u0130")) == folded("\u1e9e\u0130")
