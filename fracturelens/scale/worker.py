"""Examines shards of films: one engine in a process of its own, the code of `predict`."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from fracturelens.batch.earlier import ResultsFolderError
from fracturelens.batch.files import Options, Outcome, conditions_of, predict_files
from fracturelens.batch.names import readable
from fracturelens.export.provenance import Provenance
from fracturelens.scale.addresses import told
from fracturelens.scale.errors import AddressError, OtherEngineError
from fracturelens.scale.shards import Shards, shard_name
from fracturelens.scale.sources import Source, is_xray_like, read_source
from prediction import Engine


@dataclass(frozen=True)
class Job:
    """What every worker of a run needs to know.

    Attributes:
        engine: loads the engine; called once in each worker.
        models: folder of its networks.
        out: where the shards go, a path or an address.
        made: what all records tell of the run.
        conditions: as `conditions_of` gives them where the run was started.
        options: of `predict_files`, by their names.
    """

    engine: Callable[[], Engine]
    models: Path
    out: str
    made: Provenance
    conditions: dict[str, object]
    options: Options


class Examiner:
    """A worker: loads one engine and examines one shard after the other."""

    def __init__(self, job: Job):
        """Loads the engine.

        Raises:
            OtherEngineError: it is not the one with which the run was started.
        """
        cv2.setNumThreads(1)  # the other cores have workers of their own
        self._job, self._engine = job, job.engine()
        if json.dumps(conditions_of(self._engine, job.options)) != json.dumps(job.conditions):
            raise OtherEngineError(
                "A machine of the cluster has other networks or thresholds. Install the same "
                "version of FractureLens, with the same networks, on all of them."
            )

    def __call__(self, row: Mapping[str, str]) -> dict[str, str]:
        """Examines the shard of a row of `row_of`, and tells what became of it."""
        return examine_shard(self._job, self._engine, sources_of(row))


def row_of(sources: Sequence[Source]) -> dict[str, str]:
    """A shard as Ray carries it: text, in which names of any bytes survive."""
    return {"sources": json.dumps([astuple(source) for source in sources])}


def sources_of(row: Mapping[str, str]) -> list[Source]:
    """The files of a row of `row_of`."""
    return [Source(*fields) for fields in json.loads(row["sources"])]


def examine_shard(
    job: Job,
    engine: Engine,
    sources: Sequence[Source],
    read: Callable[[Source], bytes] = read_source,
) -> dict[str, str]:
    """Examines the files of one shard and puts the results where they belong.

    Args:
        job: of the run.
        engine: that judges.
        sources: the files.
        read: gives the bytes of one.

    Returns:
        "sources": of how many files the results are in their place; "skipped": what holds no
        picture by its nature, by name, as JSON; "file" and "error": the first file that nothing
        could be written of, and why, else "".
    """
    first = readable(sources[0].name)
    try:
        outcome = _put(job, engine, sources, read)
    except (OSError, AddressError, ResultsFolderError) as error:
        return _told(0, {}, first, f"its results cannot be put into {told(job.out)} ({error}).")
    name, words = next(iter(outcome.unwritten.items()), ("", ""))
    return _told(0 if name else len(sources), outcome.skipped, name, words)


def _put(
    job: Job, engine: Engine, sources: Sequence[Source], read: Callable[[Source], bytes]
) -> Outcome:
    """Writes the results into a folder of this machine, then into the shard; files stay flat."""
    places = {source.name: source for source in sources}
    shards, shard = Shards(job.out), shard_name(list(places))
    noted = shards.begun(shard, job.made.at) if len(sources) == 1 else nullcontext()
    with noted, TemporaryDirectory(prefix="fracturelens-") as folder:
        outcome = predict_files(
            [name for name, source in places.items() if is_xray_like(source)],
            engine,
            Path(folder),
            models=job.models,
            made=job.made,
            read=lambda name: read(places[str(name)]),
            **job.options,
        )
        if not outcome.unwritten:
            shards.put(shard, Path(folder), list(places))
    return outcome


def _told(done: int, skipped: Mapping[str, str], file: str, error: str) -> dict[str, str]:
    return {"sources": str(done), "skipped": json.dumps(skipped), "file": file, "error": error}
