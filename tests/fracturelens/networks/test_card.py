"""Cards survive a round trip, and a broken one says what is wrong."""

import hashlib

import pytest

from fracturelens.networks.card import CardError, ModelCard, read_card, sha256_of, write_card

CARD = ModelCard("unet", "U-Net", 7, {"input_size": 256}, metrics={"val": {"dice": 0.25}})


def test_card_comes_back_as_written(tmp_path):
    path = write_card(CARD, tmp_path)
    assert path == tmp_path / "unet" / "card.json"
    assert read_card("unet", tmp_path) == CARD
    assert "not a medical device" in path.read_text()
    assert not list(path.parent.glob("*.tmp"))


def test_missing_card_names_the_network(tmp_path):
    with pytest.raises(CardError, match="'unet' was not trained yet"):
        read_card("unet", tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{", "not a readable card"), ('{"name": "unet"}', "lacks fields"), ("[]", "lacks fields")],
)
def test_broken_card_is_told(tmp_path, text, problem):
    path = write_card(CARD, tmp_path)
    path.write_text(text)
    with pytest.raises(CardError, match=problem):
        read_card("unet", tmp_path)


def test_unknown_fields_of_a_newer_card_are_passed_over(tmp_path):
    path = write_card(CARD, tmp_path)
    path.write_text(path.read_text().replace("{", '{"news": 1,', 1))
    assert read_card("unet", tmp_path) == CARD


def test_sha256_is_the_librarys(tmp_path):
    (tmp_path / "f").write_bytes(b"bone")
    assert sha256_of(tmp_path / "f") == hashlib.sha256(b"bone").hexdigest()
