"""The exported folder: complete, checked, refused where something is missing or in the way."""

import gzip
import hashlib
import json
import threading
import urllib.request

import pytest

from command_line import main
from fracturelens.networks.card import read_card
from fracturelens.phone.export import PhoneExportError, export_phone
from fracturelens.phone.serve import make_server
from important_variables import DISCLAIMER, NETWORKS, SAVED_MODELS


@pytest.fixture
def built(tmp_path):
    """Scripts as a build leaves them, empty."""
    folder = tmp_path / "web"
    (folder / "runtime").mkdir(parents=True)
    for name in ("index.html", "worker.js", "service_worker.js", "runtime/litert.js"):
        (folder / name).write_text("//")
    return folder


def facts_of(folder):
    return json.loads((folder / "engine.json").read_text())


def test_networks_are_those_of_the_cards(built, tmp_path):
    export_phone(tmp_path / "site", SAVED_MODELS, built)
    networks = facts_of(tmp_path / "site")["networks"]
    assert [network["name"] for network in networks] == ["screening", *NETWORKS]
    for network in networks:
        content = gzip.decompress((tmp_path / "site" / network["file"]).read_bytes())
        assert hashlib.sha256(content).hexdigest() == network["sha256"]
        card = json.loads((SAVED_MODELS / network["name"] / "card.json").read_text())
        assert network["inference"] == card["inference"] | network["inference"]


def test_the_facts_hold_thresholds_shares_words_and_the_notice(built, tmp_path):
    export_phone(tmp_path / "site", SAVED_MODELS, built)
    facts = facts_of(tmp_path / "site")
    chosen = read_card("gate").thresholds_at("int8")
    assert facts["thresholds"]["fracture"] == chosen["fracture"]
    assert facts["disclaimer"] == DISCLAIMER
    assert facts["cautions"]["unlike"] and facts["screening"]["seen"]["page"]
    assert facts["shares"]["fracture"]


def test_what_is_kept_offline_is_told_apart_from_what_is_fetched_once(built, tmp_path):
    export_phone(tmp_path / "site", SAVED_MODELS, built)
    lists = json.loads((tmp_path / "site" / "files.json").read_text())
    assert {"index.html", "worker.js", "engine.json"} <= set(lists["files"])
    assert "service_worker.js" not in lists["files"]
    assert "runtime/litert.js" in lists["data"]
    assert (
        (tmp_path / "site" / "service_worker.js")
        .read_text()
        .startswith(f'self.VERSION="{lists["version"]}"')
    )


def test_a_version_is_its_content(built, tmp_path):
    def version(name):
        export_phone(tmp_path / name, SAVED_MODELS, built)
        return facts_of(tmp_path / name)["version"]

    first = version("one")
    assert version("two") == first == version("one")
    (built / "worker.js").write_text("// another")
    assert version("three") != first


def test_a_folder_of_other_things_stays(built, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(PhoneExportError, match="not empty; name a new folder"):
        export_phone(tmp_path / "mine", SAVED_MODELS, built)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"


def test_scripts_that_are_not_built_are_told(tmp_path):
    with pytest.raises(PhoneExportError, match="make phone"):
        export_phone(tmp_path / "site", SAVED_MODELS, tmp_path)


def test_a_missing_card_is_told_by_the_command(tmp_path, capsys, monkeypatch, built):
    monkeypatch.setattr("fracturelens.phone.export.BUILT", built)
    words = ["export-phone", str(tmp_path / "site"), "--models", str(tmp_path)]
    assert main(words) == 1
    assert capsys.readouterr().err


def test_our_server_sends_what_threads_need(tmp_path):
    (tmp_path / "engine.json").write_text("{}")
    with make_server(tmp_path, 0) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/engine.json"
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
