"""Stand-ins for the trained networks, so that pages are tested without TensorFlow."""

import json
from dataclasses import replace

import numpy as np
from PIL import Image

from fracturelens.export.png import notice_png
from fracturelens.findings.numbering import number_findings
from fracturelens.findings.regions import find_regions
from fracturelens.networks.card import ModelCard, write_card
from fracturelens.networks.inference import Inference, gate_inference, segmenter_inference
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
    return gate_inference(SIZE) if name == GATE else segmenter_inference(SIZE, enlarged=False)


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


def fake_engine(thresholds: Thresholds | None = None, **changes) -> Engine:
    """An engine of stand-ins for all networks."""
    networks = {name: fake_predictor(name, "int8") for name in NETWORKS}
    points = thresholds or Thresholds(0.2, 0.6, dict.fromkeys(segmenters(), 0.5))
    return Engine(networks, "int8", points, **changes)


def findings_of(mask):
    """Numbered findings of one bool (H, W) mask, the only network's, mean probability 1."""
    regions, _ = find_regions(mask, mask.astype(np.float32))
    return number_findings({"unet": regions}, mask.size)["unet"]


def html(page) -> str:
    """All HTML that a page under AppTest holds."""
    return " ".join(element.proto.body for element in page.get("html"))


def write_cards(folder, doubtful=0.2, fracture=0.6):
    """Cards with thresholds for all networks."""
    for name, spec in NETWORKS.items():
        chosen = {"doubtful": doubtful, "fracture": fracture} if name == GATE else {"mask": 0.5}
        inference = replace(fake_inference(name), thresholds={"float32": chosen})
        write_card(ModelCard(name, spec.title, 1000, inference), folder)


def xray_png(brightness: int, side: int = 96) -> bytes:
    """A gray PNG with a soft gradient; the stand-in gate takes its mean for a probability."""
    ramp = np.linspace(brightness - 15, brightness + 15, side).round().astype(np.uint8)
    return notice_png(np.tile(ramp[None, :, None], (side, 1, 3)))


def pixels(data: bytes) -> np.ndarray:
    """Pixels of a PNG or JPEG."""
    from io import BytesIO

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


def estimate(value, half_width=0.03, n=517):
    """An estimate of an evaluation file."""
    return {"value": value, "low": value - half_width, "high": value + half_width, "n": n}


GATE_EVALUATION = {
    "data": {"images": 517, "fractured": 104, "excluded": {"truncated": 7}},
    "notes": ["Thresholds were chosen on this split."],
    "labels": {"auroc": "Area under the ROC curve"},
    "metrics": {"auroc": estimate(0.93), "average_precision": estimate(0.85)},
    "operating_points": {
        "doubtful": {
            "threshold": 0.12,
            **{"tp": 99, "fp": 120, "fn": 5, "tn": 293},
            "metrics": {"sensitivity": estimate(0.9), "specificity": estimate(0.8)},
        }
    },
    "tiers": {"fracture": {"images": 95, "fractured": 75}},
    "curves": {
        "roc": {"fpr": [0, 0.2, 1], "tpr": [0, 0.9, 1], "threshold": [None, 0.5, 0]},
        "precision_recall": {"recall": [0, 1], "precision": [1, 0.2], "threshold": [0.9, 0.1]},
    },
    "subgroups": [{"by": "view", "value": "frontal", "n": 90, "metrics": {"auroc": estimate(0.9)}}],
    "baselines": [{"label": "Always negative", "metrics": {"auroc": estimate(0.5)}}],
    "worst": {
        "false_negatives": [
            {"image_id": "IMG0000019.jpg", "probability": 0.012, "verdict": "no fracture seen"}
        ]
    },
}
"""A small evaluation of the gate."""

INT8_PARITY = {
    "split": "val",
    "images": 40,
    "largest_probability_difference": 0.5,
    "mean_probability_difference": 0.001,
    "mask_dice_between": 0.83,
    "pictures_painted_by_either": 12,
    "dice_float32": 0.4,
    "dice_int8": 0.39,
    "dice_drop": estimate(0.01),
    "within_targets": {"dice": False},
}
"""A small comparison of a segmenter's INT8 file, as a card holds it."""


def agreement_section(true, regions):
    """A section of the cascade's evaluation: the same counts for all three kinds of regions."""
    return {
        kind: {"true": true, "regions": regions, "precision": estimate(true / regions, n=regions)}
        for kind in ("agreed", "lone_encoder_decoder", "lone_unet")
    }


def write_evaluation(folder, name, ending, content):
    """Writes evaluation_<ending>.json of a network."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / f"evaluation_{ending}.json").write_text(json.dumps(content))
