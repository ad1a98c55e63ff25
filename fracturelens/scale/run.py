"""`predict --ray`: hands shards of films to workers of a Ray cluster and counts what came of them.

Ray starts a worker anew that died, and gives its shard to another. A shard on which workers die
again and again is examined film by film, and the film that did it gets a row that says so. Where
workers fail otherwise, no film is blamed: the run ends with the reason.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm import tqdm

from fracturelens.batch.files import Options, Outcome, conditions_of
from fracturelens.reporting import reporter_of
from fracturelens.scale.addresses import absolute
from fracturelens.scale.cluster import Cluster, connected, results_of
from fracturelens.scale.errors import ClusterError
from fracturelens.scale.shards import Shards, shard_name
from fracturelens.scale.sources import Source, find_sources
from fracturelens.scale.worker import Examiner, Job, examine_shard, row_of
from fracturelens.studies import Studies
from fracturelens.xray.errors import UnreadableXrayError
from prediction import Engine

DIED = (
    "examining it ended the program, again and again: the X-ray may need more memory than a worker "
    "has, or be damaged in a way that we do not know; export it again."
)
FAILED = (
    "{} X-rays were not examined, since Ray's workers failed ({}). Look whether all machines have "
    "the same version of FractureLens, and into Ray's logs. What is done stays; the same command "
    "goes on."
)


def predict_on_cluster(
    words: Sequence[str],
    engine: Callable[[], Engine],
    out: str,
    cluster: Cluster,
    models: Path,
    options: Options,
) -> Outcome | None:
    """Examines what the words mean, as far as earlier runs into `out` have not done it.

    Args:
        words: files, folders, globs and addresses.
        engine: loads the engine, here and in each worker.
        out: a path that all machines share, or an address.
        cluster: where it runs.
        models: folder of the networks, which all machines have or share.
        options: of `predict_files`, by their names.

    Returns:
        What became of all films in `out`; None where the words mean none.

    Raises:
        AddressError: an address cannot be reached.
        ClusterError: the cluster cannot be reached or gave up.
        ResultsFolderError: `out` cannot be written to, or holds other results.
    """
    judge = engine()
    conditions = conditions_of(judge, options)
    out = absolute(out)
    job = Job(engine, models.absolute(), out, reporter_of(judge, models).made, conditions, options)
    sources, shards, outcome = find_sources(words, out), Shards(out), Outcome()
    if not sources:
        return None
    shards.begin(conditions)
    reasons: list[str] = []
    try:
        with connected(cluster) as workers:
            for size in (cluster.shard, 1):
                missing = _missing(sources, shards)
                _examine(job, missing, size, workers, outcome, reasons)
        if not outcome.unwritten:
            _blame(job, judge, _missing(sources, shards), shards, reasons)
    except KeyboardInterrupt:
        outcome.stopped = True
    _count(shards, outcome)
    return outcome


def _examine(
    job: Job,
    sources: Sequence[Source],
    size: int,
    workers: int,
    outcome: Outcome,
    reasons: list[str],
) -> None:
    """Examines files in shards of `size`; those on which workers died are simply not done."""
    parts = [sources[start : start + size] for start in range(0, len(sources), size)]
    if not parts or outcome.unwritten:
        return
    with tqdm(total=len(sources), unit="file") as bar:
        for row in results_of([row_of(part) for part in parts], Examiner, job, workers, reasons):
            bar.update(int(row["sources"]))
            outcome.skipped |= json.loads(row["skipped"])
            if row["error"]:
                outcome.unwritten[row["file"]] = row["error"]


def _missing(sources: Sequence[Source], shards: Shards) -> list[Source]:
    finished = shards.finished()
    return [source for source in sources if source.name not in finished]


def _blame(
    job: Job, judge: Engine, missing: Sequence[Source], shards: Shards, reasons: Sequence[str]
) -> None:
    """Gives a row to each film on which workers died; others are nobody's fault but the workers'.

    Raises:
        ClusterError: some are missing that no worker died on.
    """
    deadly = [each for each in missing if shards.was_begun(shard_name([each.name]), job.made.at)]
    for source in deadly:
        examine_shard(job, judge, [source], _died)
    if left := len(missing) - len(deadly):
        raise ClusterError(FAILED.format(left, reasons[-1] if reasons else "no reason was given"))


def _died(source: Source) -> bytes:
    raise UnreadableXrayError(DIED)


def _count(shards: Shards, outcome: Outcome) -> None:
    """Counts the records of all shards, and writes the studies that they make together."""
    studies = Studies()
    for record in shards.records():
        outcome.note(record)
        studies.add(record)
    shards.write_studies(studies.all())
