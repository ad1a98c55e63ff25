"""Whatever a card asks for, the phone does: views, stretched contrast, flips, no tiling."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest

from fracturelens.networks.inference import GATE_VIEWS
from fracturelens.phone.export import export_phone
from important_variables import SAMPLES, SAVED_MODELS
from prediction import examine_xray, load_engine
from tests.helpers.phone import mask_of, serve_phone, start_worker
from tests.helpers.serving import PATIENCE

STRETCH = {"low": 1.0, "high": 99.5}
CHANGES = {
    "gate": {"views": [asdict(view) for view in GATE_VIEWS], "flips": True},
    "unet": {"flips": True},
    "encoder_decoder": {"tiling": None},
    "screening": {},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The shipped networks, asked in other ways."""
    folder = tmp_path_factory.mktemp("models")
    for name, changes in CHANGES.items():
        (folder / name).mkdir()
        shutil.copy(SAVED_MODELS / name / "model_int8.tflite", folder / name)
        card = json.loads((SAVED_MODELS / name / "card.json").read_text())
        card["inference"] |= changes
        card["inference"]["input"]["stretch"] = STRETCH
        (folder / name / "card.json").write_text(json.dumps(card))
    return folder


@pytest.fixture(scope="module")
def other_worker(site, models, phone_browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("other") / "site"
    export_phone(folder, models)
    with serve_phone(folder) as url:
        context = phone_browser.new_context()
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"{url}/manifest.webmanifest")
        yield start_worker(page)
        context.close()


@pytest.mark.parametrize("name", ["lower_leg_broken", "hand_whole"])
def test_other_cards(other_worker, models, name):
    data = (SAMPLES / f"{name}.png").read_bytes()
    ours = examine_xray(data, load_engine("int8", models), always_segment=True)
    theirs = other_worker.examine(data, always_segment=True)
    assert theirs["prediction"]["verdict"] == str(ours.prediction.verdict)
    found = theirs["prediction"]["gateProbability"]
    assert found == pytest.approx(ours.prediction.gate_probability, abs=1e-6)
    for one in theirs["prediction"]["segmentations"]:
        mask = ours.prediction.segmentations[one["network"]].mask
        assert np.count_nonzero(mask_of(one, *mask.shape) != mask) <= 0.002 * mask.sum()
