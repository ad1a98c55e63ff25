"""`benchmark`: times every network in every runtime, and the way from a JPEG to its overlays."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fracturelens.measured.speed import Ratio, read_benchmark
from fracturelens.networks.brought import networks_in
from fracturelens.networks.card import FILES, sha256_of
from important_variables import BENCHMARK, NETWORKS, PRECISIONS, WORK, trained_here
from training.benchmark.cascade import OLDER, RELOADED, cascade_runs
from training.benchmark.command import growth_ratios, measure_command, measure_growth
from training.benchmark.files import make_runners
from training.benchmark.machine import describe_machine, peak_rates
from training.benchmark.runners import Runner, ask_apart, chosen_runtime, to_record
from training.documents.benchmark_tables import write_tables
from training.options import add_models_option
from training.quantize.operator_table import total_multiply_accumulates

OURS = ("auto", "litert")
"""What the engine takes; the second in float32, and in reports that have not the first."""
PEERS = ("onnxruntime", "openvino")
MOST_BEHIND = 1.1
"""Most that ours may take of the fastest peer's time."""


@dataclass(frozen=True)
class BenchmarkSettings:
    """How often things are timed.

    Attributes:
        rounds: each way of running comes once in each round.
        block: inferences timed in a row, after one that warms the caches up.
        cascade_rounds: the same for the whole way of a picture.
        peak_repeats: tries of the machine's peak rate.
        growth: numbers of X-rays given to one `predict`.
    """

    rounds: int = 8
    block: int = 5
    cascade_rounds: int = 7
    peak_repeats: int = 30
    growth: tuple[int, ...] = (10, 100, 1000)


QUICK = BenchmarkSettings(rounds=2, block=1, cascade_rounds=1, peak_repeats=2, growth=(1, 2, 4))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `fracturelens benchmark`."""
    parser.add_argument("--quick", action="store_true", help="few rounds, to try it out")
    parser.add_argument(
        "--tables-only",
        action="store_true",
        help="measure nothing, write the tables from latest.json",
    )
    add_models_option(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=BENCHMARK.parent,
        help="for latest.json and the tables (default: %(default)s)",
    )
    parser.add_argument(
        "--workdir",
        type=Path,
        default=WORK / "benchmark",
        help="for converted files (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Measures, writes latest.json and the tables, and prints the tables."""
    if arguments.tables_only:
        report = read_benchmark(arguments.out / BENCHMARK.name)
    else:
        settings = QUICK if arguments.quick else BenchmarkSettings()
        report = benchmark(settings, arguments.models, arguments.workdir)
    if report is None:
        sys.stderr.write(
            f"{arguments.out} holds no whole benchmark: run it without --tables-only.\n"
        )
        return 1
    sys.stdout.write(write_tables(report, arguments.out, arguments.models))
    return 0


def benchmark(settings: BenchmarkSettings, models: Path, workdir: Path) -> dict:
    """Everything that latest.json holds.

    Runtimes and ratios are keys, whose words stand in fracturelens/measured/speed.py. The report
    is {"date", "machine", "settings", "files": {name: {file: SHA-256}} of the networks that were
    timed, "peak_gmacs" as of `peak_rates`, "networks": {name: {"multiply_accumulates", "chosen"
    (the runtime that "auto" took in INT8), "runs": [{"runtime", "precision", "threads",
    "median_ms", "p95_ms", "per_second", "load_ms", "peak_mb", "file_bytes"}]}}, "cascade": rows of
    `cascade_runs`, "command" as of `measure_command`, "growth": rows of `measure_growth`,
    "ratios": [`Ratio`]}.

    Args:
        settings: how often.
        models: folder with all networks, float and INT8.
        workdir: receives converted files.
    """
    names = networks_to_time(models)
    files = {name: _hashes(models / name) for name in names}
    runners = [x for name in names for x in make_runners(name, models, workdir)]
    peaks = peak_rates(workdir, settings.peak_repeats)
    inferences = {runner: runner.load() for runner in tqdm(runners, "loading", leave=False)}
    calls = {runner: partial(infer, runner.picture()) for runner, infer in inferences.items()}
    times = interleave(calls, settings.rounds, settings.block)
    weights = {runner: _weigh_apart(runner) for runner in tqdm(runners, "weighing", leave=False)}
    ours = {x: infer for x, infer in inferences.items() if x.network in trained_here()}
    networks = {}
    for name in names:
        macs = total_multiply_accumulates((models / name / FILES["int8"]).read_bytes())
        runs = [
            _row(runner, times[runner]) | weights[runner]
            for runner in runners
            if runner.network == name
        ]
        networks[name] = {
            "multiply_accumulates": macs,
            "chosen": chosen_runtime(name, models),
            "runs": runs,
        }
    report = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": describe_machine(),
        "settings": asdict(settings),
        "files": files,
        "peak_gmacs": peaks,
        "networks": networks,
        "cascade": cascade_runs(ours, models, settings.cascade_rounds),
        "command": measure_command(models),
        "growth": measure_growth(models, settings.growth),
    }
    return report | {"ratios": [asdict(ratio) for ratio in find_ratios(report)]}


def networks_to_time(models: Path) -> list[str]:
    """Names of the networks that `train` makes, and of those in the folder pruned from them."""
    further = [name for name in networks_in(models) if NETWORKS[name].brought]
    pruned = [name for name in further if (models / name / FILES["float32"]).is_file()]
    return [*trained_here(), *pruned]


def interleave(
    calls: Mapping[Runner, Callable[[], object]], rounds: int, block: int
) -> dict[Runner, np.ndarray]:
    """Seconds of each call, taken in turns, so that a slow spell of the machine hits all alike.

    Args:
        calls: what to time.
        rounds: turns that each takes.
        block: calls timed in each turn, after one that warms the caches up.

    Returns:
        float64 (rounds * block,) for each.
    """
    times: dict[Runner, list[float]] = {key: [] for key in calls}
    for _ in tqdm(range(rounds), "timing", leave=False):
        for key, call in calls.items():
            call()
            for _ in range(block):
                started = time.perf_counter()
                call()
                times[key].append(time.perf_counter() - started)
    return {key: np.array(values) for key, values in times.items()}


def find_ratios(report: Mapping) -> list[Ratio]:
    """The ratios that we claim, of a report that holds all but these."""
    networks = list(report["networks"])
    older = _sum_of_medians(report, OLDER, "float32")
    ours = _sum_of_medians(report, our_runtime(report["cascade"], "int8"), "int8")
    slow, fast, slowest = (
        _best_median(report["cascade"], *way)
        for way in (
            (OLDER, "float32"),
            (our_runtime(report["cascade"], "int8"), "int8"),
            (RELOADED, "float32"),
        )
    )
    found = [
        Ratio("all_networks", older / ours, 8, "at_least", networks),
        Ratio("whole_way", slow / fast, 8, "at_least", networks),
        Ratio("whole_way_reloaded", slowest / fast, 50, "at_least", networks),
    ]
    for name, entry in report["networks"].items():
        for precision in PRECISIONS:
            gap = _gap_to_best_peer(entry["runs"], precision)
            if gap is not None:
                found.append(Ratio("fastest_peer", gap, MOST_BEHIND, "at_most", [name], precision))
    return found + growth_ratios(report["growth"])


def our_runtime(rows: list[dict], precision: str) -> str:
    """The runtime of these rows that stands for ours."""
    known = {row["runtime"] for row in rows if row["precision"] == precision}
    return next((runtime for runtime in OURS if runtime in known), OURS[-1])


def _sum_of_medians(report: dict, runtime: str, precision: str) -> float:
    """Milliseconds of all networks, the best thread count of each."""
    return sum(
        _best_median(entry["runs"], runtime, precision) for entry in report["networks"].values()
    )


def _best_median(rows: list[dict], runtime: str, precision: str) -> float:
    """Milliseconds of the best thread count."""
    return min(
        row["median_ms"]
        for row in rows
        if (row["runtime"], row["precision"]) == (runtime, precision)
    )


def _gap_to_best_peer(runs: list[dict], precision: str) -> float | None:
    """Our median over the fastest peer's; None where no peer is installed."""
    rows = [row for row in runs if row["precision"] == precision]
    ours = [row["median_ms"] for row in rows if row["runtime"] == our_runtime(rows, precision)]
    peers = [row["median_ms"] for row in rows if row["runtime"] in PEERS]
    return min(ours) / min(peers) if peers else None


def _row(runner: Runner, seconds: np.ndarray) -> dict:
    median = float(np.median(seconds))
    return {
        "runtime": runner.runtime,
        "precision": runner.precision,
        "threads": runner.threads,
        "median_ms": 1000 * median,
        "p95_ms": 1000 * float(np.quantile(seconds, 0.95)),
        "per_second": 1 / median,
    }


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of a network's files, by name."""
    return {file: sha256_of(folder / file) for file in FILES.values()}


def _weigh_apart(runner: Runner) -> dict:
    """`weigh` in a process of its own, where no other runtime adds to the memory."""
    return ask_apart("training.benchmark.runners", to_record(runner))
