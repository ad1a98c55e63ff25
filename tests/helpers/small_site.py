"""A small site: drawn X-rays in fractured/ and normal/, and the site.json that it would choose."""

from dataclasses import replace
from pathlib import Path

from fracturelens.measured.bootstrap import Bootstrap
from fracturelens.measured.site import Site
from fracturelens.site.cases import examine_cases
from fracturelens.site.evaluation import calibrate_site, evaluate_cases
from fracturelens.site.labels import read_labels
from prediction import Engine
from tests.helpers.app_helpers import fake_engine, xray_png

DRAWS = Bootstrap(draws=60)
SHAS = {"gate": "a" * 64, "unet": "b" * 64, "encoder_decoder": "c" * 64}


def site_engine(**changes) -> Engine:
    """Stand-ins with file digests; the gate answers with the brightness of the X-ray."""
    engine = fake_engine(**changes)
    networks = {
        name: replace(network, card=replace(network.card, files={"model_int8.tflite": SHAS[name]}))
        for name, network in engine.networks.items()
    }
    return replace(engine, networks=networks)


def write_site_folder(folder: Path, fractured: int = 22, normal: int = 24) -> Path:
    """Bright X-rays (150 and up) as fractured, darker ones (up to 125) as normal, all different."""
    for name, start, step, count in (("fractured", 150, 2, fractured), ("normal", 125, -2, normal)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            (folder / name / f"{number:02}.png").write_bytes(xray_png(start + step * number))
    return folder


def small_site(folder: Path, engine: Engine | None = None, name: str = "St. Elsewhere") -> Site:
    """What a small site chooses; its X-rays go to `folder`."""
    engine = engine or site_engine()
    labels = read_labels(write_site_folder(folder), folder / "out")
    cases = examine_cases(labels.files, engine)
    evaluation = evaluate_cases(cases, engine, name, "A. Physicist", DRAWS)
    return calibrate_site(evaluation, engine, 1, DRAWS).calibrated.site
