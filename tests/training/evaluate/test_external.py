"""Films of other hospitals are counted by kind; the gate is measured as shipped and calibrated."""

import numpy as np
import pytest

import command_line
from fracturelens.measured.beyond import NOW, read_beyond
from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.networks.inference import Calibration
from fracturelens.screening.outcome import Outcome
from fracturelens.site.choose import Chosen
from tests.helpers.app_helpers import fake_screening, xray_png
from tests.helpers.beyond import row
from tests.helpers.small_site import site_engine
from training.evaluate.external import count_kinds, draw_halves, measure_external, travel
from training.screening.measure import LabelsError


@pytest.fixture
def folder(tmp_path):
    """Eight fractured and nine whole legs, one of which cannot be read, a hip and a chest."""
    rows = [("hip.png", "cases", "girdle", "girdle", "1"), ("chest.png", "chest", "chest", "other")]
    rows += [(f"leg{n}.png", "legs", "leg", "limb", str(int(n < 8))) for n in range(17)]
    for number, (name, *_) in enumerate(rows):
        (tmp_path / name).write_bytes(xray_png(200 - 8 * number))
    (tmp_path / "leg16.png").write_bytes(b"")
    lines = [",".join(("file", "source", "kind", "group", "fractured")), *map(",".join, rows)]
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    return tmp_path


def test_films_are_counted_by_kind_and_the_gate_measured_on_legs(folder):
    engine = site_engine(screening=fake_screening("chest"))
    found = measure_external(folder, engine, Bootstrap(draws=20))
    counted = {kind: one.pictures for kind, one in found.kinds.items()}
    assert counted == {"limb": 16, "legs": 16, "girdle": 1, "other": 1, "chest": 1}
    assert all(one.refused.value == 1 for one in found.kinds.values())
    assert (found.legs.figures.images, found.legs.figures.fractured) == (16, 8)
    assert found.models == {"gate": "a" * 64, "screening": ""}
    assert found.legs.figures.metrics["auroc"].value == 1


def test_a_film_counts_for_every_kind_that_it_is_of():
    refuse, caution = Outcome.REFUSE, Outcome.CAUTION
    kinds = count_kinds([(row("legs", "limb"), refuse), (row("cases", "limb"), caution)])
    assert kinds.keys() == {"limb", "legs", "cases"}
    assert kinds["limb"].refused.value == 0.5 and kinds["legs"].refused.value == 1
    assert kinds["cases"].cautioned.value == 1


def test_shares_of_verdicts_by_hand():
    raw = np.repeat([0.95, 0.9, 0.4, 0.1], 6)
    truth = np.repeat([True, False, False, False], 6)
    found = travel(raw, truth, np.arange(24), Chosen(Calibration(), 0.3, 0.7), Bootstrap(draws=20))
    assert {key: one.value for key, one in found.whole.items()} == pytest.approx(
        {"fracture": 1 / 3, "doubtful": 1 / 3, "no_fracture": 1 / 3}
    )
    assert found.broken["fracture"].value == 1
    assert found.calibrated.images == 12


def test_halves_tell_how_often_both_promises_were_kept():
    apart = np.r_[np.linspace(0.9, 0.95, 30), np.linspace(0.05, 0.1, 30)]
    truth = np.arange(60) < 30
    kept = draw_halves(apart, truth, np.arange(60))
    assert kept.tiers > 0.9 and kept.one > 0.9 and kept.rates["sensitivity_doubtful"].mean > 0.95
    mixed = np.repeat(np.linspace(0.3, 0.7, 30), 2)[np.r_[1:60:2, 0:60:2]]
    mixed[truth] += 0.2  # much overlap: doubt keeps the promises, no single threshold does
    found = draw_halves(mixed, truth, np.arange(60))
    assert found.one == 0 and found.rates["doubtful_share"].mean > 0.5


def test_too_few_legs_are_told(folder):
    (folder / "labels.csv").write_text("file,source,kind,group,fractured\nhip.png,a,b,c,1\n")
    with pytest.raises(LabelsError, match=r"at least 4 with.*received 0 and 0"):
        measure_external(folder, site_engine(), Bootstrap(draws=20))


def test_the_command_writes_the_file(folder, monkeypatch, capsys):
    monkeypatch.setattr("training.evaluate.external.load_engine", lambda *_: site_engine())
    words = ["evaluate-external", str(folder), "--models", str(folder / "models")]
    assert command_line.main(words) == 0
    assert "Limbs, all sources; 16; 0.000" in capsys.readouterr().out
    assert read_beyond(NOW, "int8", folder / "models").precision == "int8"
