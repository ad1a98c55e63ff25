"""An engine that judges as a site chose."""

from dataclasses import replace

from fracturelens.measured.site import Site, site_gate
from important_variables import GATE
from prediction import Engine


def at_site(engine: Engine, site: Site) -> Engine:
    """The engine with the gate's calibration and thresholds that a site chose (`read_site`).

    What share of findings was right on FracAtlas is not claimed there.

    Raises:
        SiteError: the site chose for another gate file, precision or way of asking.
    """
    gate = site_gate(engine.networks[GATE], site)
    thresholds = replace(
        engine.thresholds, doubtful=site.doubtful, fracture=site.fracture, site=site.name
    )
    networks = {**engine.networks, GATE: gate}
    return replace(engine, networks=networks, thresholds=thresholds, shares={}, site=site)
