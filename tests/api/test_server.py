"""Information, keys, log, guards and documentation of the REST interface."""

import json
import logging
import re

import pytest

import command_line
from api.settings import KEYS_VARIABLE, ApiSettingsError, key_digests
from important_variables import DISCLAIMER, NETWORKS
from tests.helpers.app_helpers import fake_screening
from tests.helpers.bright_spots import spotting_engine

KEY = "0123456789abcdef-key"


@pytest.fixture
def keyed(serve, monkeypatch):
    monkeypatch.setenv(KEYS_VARIABLE, f"another-key-of-length, {KEY}")
    return serve(key_digests=key_digests("0.0.0.0"))


def test_health_tells_how_busy_it_is(client):
    assert client.get("/v1/health").json() == {"status": "ok", "inside": 0, "room": 18}


def test_the_version_names_each_file(client):
    found = client.get("/v1/version").json()
    assert set(found["networks"]) == set(NETWORKS) and found["software"] == "FractureLens"
    assert set(found["runtimes"]) == set(NETWORKS)


def test_thresholds_are_those_of_the_engine(serve):
    from dataclasses import replace

    engine = replace(spotting_engine(), screening=fake_screening("limb"))
    found = serve(engine).get("/v1/thresholds").json()
    assert found["fracture"] == engine.thresholds.fracture
    assert found["mask"] == dict(engine.thresholds.mask)
    assert found["screening"] == {"refuse_below": 0.1, "accept_from": 0.5}


def test_cards_are_whole(client):
    cards = client.get("/v1/cards").json()
    assert set(cards) == set(NETWORKS)
    assert client.get("/v1/cards/unet").json() == cards["unet"]
    assert cards["unet"]["inference"]["output"] == "softmax"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/cards/resnet", 404), ("GET", "/nothing", 404), ("PUT", "/v1/health", 405)],
)
def test_errors_of_the_address_are_problems(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status == answer.json()["status"]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/version", "/v1/cards", "/v1/thresholds", "/v1/cards/unet"])
@pytest.mark.parametrize("sent", [None, "", "wrong", KEY[:-1], KEY + "x"])
def test_without_its_key_the_interface_stays_shut(keyed, path, sent):
    headers = {} if sent is None else {"X-API-Key": sent}
    answer = keyed.get(path, headers=headers)
    assert answer.status_code == 401 and answer.json()["status"] == 401
    assert keyed.get(path, headers={"X-API-Key": KEY}).status_code == 200


def test_films_need_the_key_before_they_are_read(keyed):
    answer = keyed.post("/v1/predictions", files=[("files", ("a.png", bytes(100)))])
    assert answer.status_code == 401
    assert keyed.get("/v1/health").status_code == 200


def test_others_than_this_machine_are_not_served_without_a_key(monkeypatch, capsys):
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    assert command_line.main(["serve-api", "--host", "0.0.0.0"]) == 1
    assert KEYS_VARIABLE in capsys.readouterr().err
    assert key_digests("127.0.0.1") == key_digests("localhost") == key_digests("::1") == frozenset()


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv(KEYS_VARIABLE, "secret")
    with pytest.raises(ApiSettingsError, match="shorter than 16 signs"):
        key_digests("127.0.0.1")


def test_another_name_is_refused_and_headers_bind_the_browser(client):
    answer = client.get("/v1/health", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert client.get("/v1/health").headers["x-content-type-options"] == "nosniff"


def test_the_log_names_no_patient_and_no_key(keyed, caplog):
    caplog.set_level(logging.INFO, "fracturelens.api")
    keyed.post(
        "/v1/predictions?patient=Doe",
        files=[("files", ("Doe_Jane.png", b"Doe"))],
        headers={"X-API-Key": KEY, "User-Agent": "Doe"},
    )
    answer = keyed.get("/patients/Doe")
    lines = [json.loads(record.message) for record in caplog.records if record.name.endswith("api")]
    assert [(line["method"], line["status"]) for line in lines] == [("POST", 200), ("GET", 404)]
    assert lines[0]["received"] > 0 and lines[0]["sent"] > 0 and lines[0]["ms"] > 0
    assert answer.headers["x-request-id"] == lines[1]["id"]
    assert "Doe" not in caplog.text.replace("testclient", "") and KEY not in caplog.text


def test_the_documentation_asks_nothing_of_other_servers(client):
    page = client.get("/")
    assert DISCLAIMER in page.text and "/v1/predictions" in page.text
    addresses = set(re.findall(r"(?:src|href)=[\"']?([^\"' >]+)", page.text))
    assert addresses == {"openapi.json"}
    assert "<script" not in page.text and "@import" not in page.text and "url(" not in page.text


def test_every_answer_is_documented(client):
    schema = client.get("/openapi.json").json()
    posts = [route["post"] for route in schema["paths"].values() if "post" in route]
    assert all({"200", "413", "415", "422", "429"} <= set(post["responses"]) for post in posts)
    assert all("multipart/form-data" in post["requestBody"]["content"] for post in posts)
