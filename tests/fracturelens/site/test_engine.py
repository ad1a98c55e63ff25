"""An engine at a site judges by the site's calibration and claims nothing of FracAtlas."""

from dataclasses import replace

import pytest

from fracturelens.measured.site import SiteError
from fracturelens.networks.calibration import calibrated
from fracturelens.results import Verdict
from fracturelens.site.engine import at_site
from important_variables import GATE
from prediction import examine_xray, shares_for
from tests.helpers.app_helpers import xray_png
from tests.helpers.small_site import site_engine, small_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return small_site(tmp_path_factory.mktemp("site"))


def test_the_sites_calibration_and_thresholds_judge(site):
    found = examine_xray(xray_png(150), at_site(site_engine(), site)).prediction
    raw = examine_xray(xray_png(150), site_engine()).prediction.gate_probability
    assert found.gate_probability == pytest.approx(float(calibrated(raw, site.calibration)))
    assert (found.thresholds.doubtful, found.thresholds.fracture) == (site.doubtful, site.fracture)
    assert found.thresholds.site == "St. Elsewhere"


def test_a_film_that_was_doubtful_is_told_apart_at_the_site(site):
    here, there = at_site(site_engine(), site), site_engine()
    for gray, verdict in ((170, Verdict.FRACTURE), (100, Verdict.NO_FRACTURE)):
        assert examine_xray(xray_png(gray), here).prediction.verdict is verdict
    assert examine_xray(xray_png(100), there).prediction.verdict is Verdict.DOUBTFUL


def test_shares_of_fracatlas_are_not_claimed(site):
    shares = {verdict: {frozenset({"unet"}): "measured elsewhere"} for verdict in Verdict}
    engine = at_site(site_engine(shares=shares), site)
    assert engine.site is site and engine.shares == {}
    assert shares_for(examine_xray(xray_png(200), engine), engine) == {}


def test_the_given_engine_stays_as_it_is(site):
    engine = site_engine()
    before = engine.networks[GATE].card
    at_site(engine, site)
    assert engine.networks[GATE].card is before and engine.site is None


def test_another_gate_is_refused(site):
    with pytest.raises(SiteError, match="another gate file"):
        at_site(site_engine(), replace(site, gate="0" * 64))
