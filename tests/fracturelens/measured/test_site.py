"""site.json is read as it was written, and refused where it does not fit or holds nonsense."""

import json
from dataclasses import replace

import pytest

from fracturelens.measured.site import (
    LONGEST_NAME,
    SiteError,
    asked_digest,
    is_site_name,
    read_site,
    site_gate,
    write_site,
)
from fracturelens.networks.inference import Calibration, Tiling, gate_inference
from important_variables import GATE
from tests.helpers.small_site import site_engine, small_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return small_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def file(site, tmp_path):
    path = tmp_path / "site.json"
    write_site(site, path)
    return path


def test_what_is_written_is_read_again(site, file):
    again = read_site(file)
    assert (again.calibration, again.doubtful, again.fracture) == (
        site.calibration,
        site.doubtful,
        site.fracture,
    )
    write_site(again, file)
    assert read_site(file) == again


def test_the_file_tells_who_when_how_many_and_of_which_gate(file):
    content = json.loads(file.read_text())
    assert content["made_by"] == "A. Physicist" and content["made_at"].startswith("20")
    assert content["chosen_on"] == {"images": 23, "fractured": 11, "groups": 23, "seed": 1}
    assert content["held_out"]["images"] == 23
    assert content["gate"] == "a" * 64 and "not a medical device" in content["notice"]


def test_the_gate_takes_over_calibration_and_thresholds(site):
    gate = site_gate(site_engine().networks[GATE], site)
    assert gate.card.calibration_at("int8") == site.calibration
    chosen = gate.card.thresholds_at("int8")
    assert (chosen["doubtful"], chosen["fracture"]) == (site.doubtful, site.fracture)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gate": "d" * 64}, "another gate file.*dddddddddddd.*Calibrate anew with"),
        ({"precision": "float32"}, "made for float32.*Use --precision float32"),
        ({"asked": "e" * 64}, "asked in another way.*Calibrate anew with"),
    ],
)
def test_another_gate_is_refused_with_a_remedy(site, change, told):
    with pytest.raises(SiteError, match=f"(?s)St. Elsewhere.*{told}"):
        site_gate(site_engine().networks[GATE], replace(site, **change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"layout": 2}, "its layout is 2"),
        ({"name": "two\nlines"}, "one printable line"),
        ({"name": ""}, "one printable line"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "at most 60"),
        ({"precision": "int4"}, "none of float32, int8"),
        ({"calibration": {"slope": -1.0, "intercept": 0.0}}, "slope must be above 0"),
        ({"doubtful": 0.9, "fracture": 0.1}, r"in \[0, 1\]"),
        ({"fracture": 1.5}, r"in \[0, 1\]"),
        ({"held_out": {"images": 1, "fractured": 1, "groups": 1}}, "measured on the other half"),
        ({"chosen_on": 3}, "no complete site.json"),
        ({"doubtful": "high"}, "no complete site.json"),
    ],
)
def test_nonsense_is_refused(file, change, told):
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(SiteError, match=f"{told}.*evaluate-site FOLDER --calibrate"):
        read_site(file)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"name": 1e999}', b"0" * 99])
def test_what_is_no_site_json_is_refused(tmp_path, content):
    path = tmp_path / "site.json"
    path.write_bytes(content)
    with pytest.raises(SiteError, match=r"no complete site\.json"):
        read_site(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SiteError, match="cannot be opened"):
        read_site(tmp_path / "none.json")


def test_the_way_of_asking_counts_and_what_is_replaced_does_not():
    usual = gate_inference(64)
    calibrated = replace(usual, calibration={"int8": Calibration(2.0, 1.0)}, thresholds={})
    assert asked_digest(usual) == asked_digest(calibrated)
    assert asked_digest(usual) != asked_digest(replace(usual, flips=True))
    assert asked_digest(usual) != asked_digest(replace(usual, tiling=Tiling()))


@pytest.mark.parametrize(
    ("name", "fits"),
    [("St. Elsewhere", True), ("Łódź", True), ("", False), (" a", False), ("a\u202eb", False)],
)
def test_names_are_one_printable_line(name, fits):
    assert is_site_name(name) == fits
