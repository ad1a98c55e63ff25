"""The results of a run on many machines: a folder for each shard, whole or not counted at all.

A shard's folder is what `predict` writes for its files alone. Its list of sources comes last: a
folder without one was left by a worker that died, and whoever reads results passes it over.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyarrow.fs import FileSelector, FileType, LocalFileSystem, copy_files

from fracturelens.batch.earlier import CONDITIONS, RECORDS, STUDIES, ResultsFolderError, record_line
from fracturelens.scale.addresses import open_address, told
from fracturelens.studies import Study, study_record

SOURCES = "sources.json"
"""In each shard's folder: the names of the files that were examined; its last file."""
BEGUN = "begun"
"""In the folder of a film that is examined alone, and only meanwhile: by which run."""
PREFIX = "shard-"


def shard_name(names: Sequence[str]) -> str:
    """The folder of the shard of these files: the same for the same files, whoever asks."""
    return PREFIX + hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]


class Shards:
    """Results at a local path or an address."""

    def __init__(self, out: str):
        """Opens it; nothing is written yet.

        Raises:
            AddressError: nothing is known that reaches it.
        """
        self._files, root = open_address(out)
        self._root, self._told = root.rstrip("/"), told(out)

    def begin(self, conditions: dict) -> None:
        """Makes the folder ready for a run with these networks and options.

        Raises:
            ResultsFolderError: it cannot be written to, or holds results of others.
        """
        try:
            self._files.create_dir(self._root, recursive=True)
            known = self._read_json(CONDITIONS)
            self._check(known, json.loads(json.dumps(conditions)))
            self._write(CONDITIONS, json.dumps(conditions, indent=2) + "\n")
        except OSError as error:
            raise ResultsFolderError(
                f"The results cannot be written to {self._told} ({error}). "
                "Choose another folder with --out."
            ) from error

    def finished(self) -> set[str]:
        """The names of all files that stand in a whole shard."""
        return {name for shard in self._names() for name in self._read_json(f"{shard}/{SOURCES}")}

    @contextmanager
    def begun(self, shard: str, run: str) -> Iterator[None]:
        """Notes that a shard is being examined, until the block ends; who dies in it cannot.

        Raises:
            OSError: the disk or the server took no more.
        """
        self._files.create_dir(f"{self._root}/{shard}", recursive=True)
        self._write(f"{shard}/{BEGUN}", json.dumps(run))
        try:
            yield
        finally:
            self._files.delete_file(f"{self._root}/{shard}/{BEGUN}")

    def was_begun(self, shard: str, run: str) -> bool:
        """Whether who examined it in this run died."""
        return self._read_json(f"{shard}/{BEGUN}") == run

    def put(self, shard: str, folder: Path, sources: Sequence[str]) -> None:
        """Takes over what `predict` wrote into a local folder; a second time changes nothing.

        Raises:
            OSError: the disk or the server took no more.
        """
        (folder / STUDIES).unlink(missing_ok=True)  # other views may lie in other shards
        place = f"{self._root}/{shard}"
        self._files.create_dir(place, recursive=True)
        copy_files(
            str(folder),
            place,
            source_filesystem=LocalFileSystem(),
            destination_filesystem=self._files,
            use_threads=False,
        )
        self._write(f"{shard}/{SOURCES}", json.dumps(sources))

    def records(self) -> Iterator[dict[str, Any]]:
        """The records of all whole shards, one by one."""
        for shard in self._names():
            if self._read_json(f"{shard}/{SOURCES}"):
                with self._files.open_input_stream(f"{self._root}/{shard}/{RECORDS}") as stream:
                    yield from map(json.loads, stream.read().splitlines())

    def write_studies(self, studies: Iterable[Study]) -> None:
        """Writes one line for each study of all shards.

        Raises:
            OSError: the disk or the server took no more.
        """
        if lines := "".join(record_line(study_record(study)) for study in studies):
            self._write(STUDIES, lines)

    def _names(self) -> list[str]:
        selector = FileSelector(self._root, allow_not_found=True)
        found = self._files.get_file_info(selector)
        names = (info.base_name for info in found if info.type == FileType.Directory)
        return sorted(name for name in names if name.startswith(PREFIX))

    def _read_json(self, path: str) -> Any:
        """What a file holds; [] where it is missing or was not written to its end."""
        try:
            with self._files.open_input_stream(f"{self._root}/{path}") as stream:
                return json.loads(stream.read())
        except (FileNotFoundError, ValueError):
            return []

    def _write(self, path: str, text: str) -> None:
        with self._files.open_output_stream(f"{self._root}/{path}") as stream:
            stream.write(text.encode())

    def _check(self, known: Any, conditions: dict) -> None:
        alone = self._files.get_file_info(f"{self._root}/{RECORDS}").type != FileType.NotFound
        if alone or (known and known != conditions):
            raise ResultsFolderError(
                f"The results in {self._told} were made with other networks or options, or on one "
                "machine. Choose another folder with --out."
            )
