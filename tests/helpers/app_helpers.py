"""Stand-ins for the trained networks, so that pages are tested without TensorFlow."""

import json
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from create_segmentation_model import MissingModelError
from fracturelens.export.png import notice_png
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.networks.card import CardError, ModelCard, read_card, write_card
from fracturelens.networks.inference import (
    Inference,
    InputContract,
    gate_inference,
    segmenter_inference,
)
from fracturelens.networks.predictor import Predictor
from fracturelens.results import Thresholds
from important_variables import GATE, NETWORKS, NetworkSpec, segmenters
from prediction import Engine

SIZE = 64
SEGMENTER_MEASURES = ("dice_positives", "iou_positives", "pixel_accuracy")
SPOT = (slice(20, 30), slice(12, 24))
"""Where the stand-in segmenters see a fracture, rows and columns of their input."""
THIRD = NetworkSpec(
    name="third",
    title="Third",
    role="segmenter",
    caption="A stand-in for one more network.",
    color_name="purple",
    mark=(204, 121, 167),
    lines=("#cc79a7", "#cc79a7"),
    headline=("dice_mean",),
    curves=NETWORKS["unet"].curves,
    deepest_stride=16,
)


def fake_inference(name: str) -> Inference:
    """How a stand-in is asked; its thresholds are 0.5."""
    start = gate_inference(SIZE) if name == GATE else segmenter_inference(SIZE, enlarged=False)
    return replace(start, views=())


def fake_predictor(name: str, precision: str = "float32") -> Predictor:
    """The gate answers with the brightness of the X-ray, the segmenters with a fixed spot."""
    card = ModelCard(name, name, 1, fake_inference(name))

    def run(batch):
        if name == GATE:
            return batch.mean(axis=(1, 2, 3), dtype=np.float32)[:, None]
        maps = np.zeros((len(batch), SIZE, SIZE, 2), np.float32)
        maps[:, *SPOT, 1] = 0.8
        if name == "unet":
            maps[:, 40:50, 40:50, 1] = 0.6
        maps[..., 0] = 1 - maps[..., 1]
        return maps

    return Predictor(run, card, precision)


def fake_load_model(name: str, precision: str, folder: Path, runtime: str = "litert") -> Predictor:
    """As `load_model`, with the card that lies in the folder and a stand-in for the file."""
    try:
        card = read_card(name, folder)
    except CardError as error:
        raise MissingModelError(f"{error} Make it with `fracturelens train {name}`.") from error
    return replace(fake_predictor(name, precision), card=card, runtime=runtime)


def counting_load_model(calls: Counter):
    """As `fake_load_model`; `calls` counts how often each (network, precision) is asked."""

    def load(name, precision, folder, runtime="litert"):
        network = fake_load_model(name, precision, folder, runtime)

        def run(batch):
            calls[name, precision] += 1
            return network.run(batch)

        return replace(network, run=run)

    return load


def fake_screening(kind: str) -> Predictor:
    """A screening network that takes every picture for one of its kinds."""
    classes = ("limb", "girdle", "negative", "chest", "photo")
    limits = {"int8": {"refuse_below": 0.1, "accept_from": 0.5}}
    contract = Inference(InputContract(SIZE), classes, "logits", thresholds=limits)
    logits = np.where(np.array(classes) == kind, 9.0, 0.0).astype(np.float32)
    card = ModelCard("screening", "Screening", 1, contract)
    return Predictor(lambda batch: np.tile(logits, (len(batch), 1)), card, "int8")


def fake_engine(thresholds: Thresholds | None = None, **changes) -> Engine:
    """An engine of stand-ins for all networks; `changes` are its fields."""
    networks = {name: fake_predictor(name, "int8") for name in NETWORKS}
    chosen = thresholds or Thresholds(0.2, 0.6, dict.fromkeys(segmenters(), 0.5))
    return replace(Engine(networks, "int8", chosen), **changes)


def findings_of(mask):
    """Numbered findings of one bool (H, W) mask, the only network's, mean probability 1."""
    regions, _ = find_regions(mask, mask.astype(np.float32))
    return number_findings({"unet": regions}, mask.size)["unet"]


def html(page) -> str:
    """All HTML that a page under AppTest holds, that of its components included."""
    given = [data["html"] for data in component_data(page) if "html" in data]
    return " ".join([*(element.proto.body for element in page.get("html")), *given])


def component_data(page) -> list[dict]:
    """What each of our components on a page under AppTest is given, in the page's order."""
    return [json.loads(element.proto.json) for element in page.get("bidi_component")]


def write_cards(folder, doubtful=0.2, fracture=0.6):
    """Cards with thresholds for all networks."""
    for name, spec in NETWORKS.items():
        chosen = {"doubtful": doubtful, "fracture": fracture} if name == GATE else {"mask": 0.5}
        inference = replace(fake_inference(name), thresholds={"float32": chosen})
        write_card(ModelCard(name, spec.title, 1000, inference), folder)


def xray_png(brightness: int, side: int = 96) -> bytes:
    """A gray PNG with a soft gradient; the stand-in gate takes its mean for a probability.

    A black and a white rim give it the contrast of a film, so that its own is not stretched.
    """
    rim = side // 24
    middle = (side * brightness - rim * 255) / (side - 2 * rim)
    ramp = np.linspace(middle - 13, middle + 13, side - 2 * rim).round().clip(0, 255)
    row = np.concatenate([np.zeros(rim), ramp, np.full(rim, 255)]).astype(np.uint8)
    return notice_png(np.tile(row[None, :, None], (side, 1, 3)))


def pixels(data: bytes) -> np.ndarray:
    """Pixels of a PNG or JPEG."""
    return np.asarray(Image.open(BytesIO(data)))


def write_history(folder, name, validation):
    """A history.csv whose validation Dice (AUROC for the gate) takes the given values."""
    measures = ["auroc", "accuracy"] if name == "gate" else list(SEGMENTER_MEASURES)
    baseline = f"val_{measures[-1]}_baseline"
    columns = ["epoch", "seconds", "learning_rate", "loss", "val_loss"]
    columns += [prefix + measure for measure in measures for prefix in ("", "val_")]
    lines = [",".join([*columns, baseline])]
    for epoch, value in enumerate(validation, 1):
        numbers = [epoch, 60, 1e-4, 1 / epoch, 2 / epoch, *[value + 0.1, value] * len(measures)]
        lines.append(",".join(map(str, [*numbers, 0.9992])))
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "history.csv").write_text("\n".join(lines) + "\n")
