"""A small card and evaluation of the gate, as documents are written from."""

from dataclasses import replace

from fracturelens.measured.conditions import BootstrapRecord, Data, UsedThresholds
from fracturelens.measured.layout import (
    Baseline,
    CrossFitted,
    Estimate,
    Evaluation,
    OperatingPoint,
    Part,
    Subgroup,
)
from fracturelens.networks.card import ModelCard
from fracturelens.networks.inference import gate_inference

AUROC = Estimate(0.876543, 0.8, 0.95, 40)
GATE_PART = Part(
    {"auroc": AUROC, "average_precision": replace(AUROC, value=0.7)},
    subgroups=[Subgroup("view", "frontal", 7, 3, {"auroc": Estimate(None, n=7)})],
    baselines=[
        Baseline("always_negative", {"auroc": Estimate(0.5)}),
        Baseline("size_and_format", {"auroc": Estimate(0.59)}),
    ],
)
GATE_EVALUATION = Evaluation(
    name="gate",
    split="val",
    precision="float32",
    mode="usual",
    models={},
    data=Data(40, 10, 12, 20),
    thresholds=UsedThresholds(),
    bootstrap=BootstrapRecord(2000, 1, 0.95, "a run of pictures"),
    chosen_here=True,
    part=GATE_PART,
    operating_points={
        "fracture": OperatingPoint(0.25, 9, 8, 1, 22, {"sensitivity": Estimate(0.9, 0.7, 1.0, 10)})
    },
    cross_fitted=CrossFitted(5, {"sensitivity_fracture": Estimate(0.8, 0.6, 0.9, 10)}),
)
GATE_CARD = ModelCard(
    "gate",
    "Gate",
    3_000_000,
    gate_inference(320),
    settings={"seed": 1},
    training={"epochs": 60, "best_epoch": 41, "seconds": 5400},
    data={"train": {"pictures": 2914}, "synthetic": 40},
    limits=["One data set."],
    files={"model.keras": "ab" * 32},
)
