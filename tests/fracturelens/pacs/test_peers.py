"""Who may send, and where results go, as they are written on the command line."""

import pytest

from fracturelens.pacs.archive import archive_of, days_ago
from fracturelens.pacs.destinations import StorePeer, StowServer, destination_of
from fracturelens.pacs.peers import SettingsError, ae_title, peer_of


@pytest.mark.parametrize(
    ("peer", "title", "address", "is_that"),
    [
        ("XRAY1@192.0.2.7", "XRAY1", "192.0.2.7", True),
        ("XRAY1@192.0.2.7", "XRAY1   ", "192.0.2.7", True),
        ("XRAY1@192.0.2.7", "XRAY1", "::ffff:192.0.2.7", True),
        ("XRAY1@192.0.2.7", "XRAY1", "192.0.2.8", False),
        ("XRAY1@192.0.2.7", "XRAY2", "192.0.2.7", False),
        ("*@192.0.2.0/24", "ANYBODY", "192.0.2.200", True),
        ("*@192.0.2.0/24", "ANYBODY", "192.0.3.1", False),
        ("XRAY1@2001:db8::/32", "XRAY1", "2001:db8::7", True),
        ("XRAY1@2001:db8::/32", "XRAY1", "192.0.2.7", False),
        ("XRAY1@192.0.2.7", "XRAY1", "no address", False),
    ],
)
def test_a_peer_is_known_by_title_and_address(peer, title, address, is_that):
    assert peer_of(peer).is_that(title, address) is is_that


@pytest.mark.parametrize(
    "words", ["XRAY1", "XRAY1@", "@192.0.2.7", "XRAY1@host", "x" * 17 + "@::1"]
)
def test_what_is_no_peer_is_told(words):
    with pytest.raises(SettingsError, match=r"is no peer\. Write TITLE@ADDRESS"):
        peer_of(words)


@pytest.mark.parametrize("words", ["", "a\\b", "x" * 17, " ", "é"])
def test_what_is_no_title_is_told(words):
    with pytest.raises(SettingsError, match="is no AE title"):
        ae_title(words)


def test_destinations_are_told_by_their_form():
    peer = destination_of("PACS@192.0.2.9:104", "ME")
    assert peer == StorePeer("PACS@192.0.2.9:104", "PACS", "192.0.2.9", 104, "ME")
    assert destination_of("PACS@[::1]:104", "ME").host == "::1"
    assert destination_of("https://pacs/dicom-web/", "ME") == StowServer("https://pacs/dicom-web")


@pytest.mark.parametrize(
    "words", ["PACS", "PACS@host", "PACS@host:0", "PACS@host:99999", "ftp://a"]
)
def test_what_is_no_destination_is_told(words):
    with pytest.raises(SettingsError, match=r"is no destination\. Write TITLE@HOST:PORT"):
        destination_of(words, "ME")


def test_spans_and_addresses_of_archives():
    from datetime import date

    today = date(2026, 3, 2)
    assert days_ago("1d", today) == date(2026, 3, 1) and days_ago("2w", today) == date(2026, 2, 16)
    with pytest.raises(SettingsError, match="is no span of time"):
        days_ago("yesterday", today)
    with pytest.raises(SettingsError, match="is no address of a DICOMweb server"):
        archive_of("localhost:8042")
