"""The node's memory on disk: what came, what is to be sent, what was answered.

Nothing is known that does not stand here, so that a node that is killed goes on where it was. A
film is in one of the first three places, and each step between them is one rename:

    incoming/<study>/<key>.dcm      received, to be judged
    outgoing/<key>/                 judged: its results, and a note for each destination that has
                                    them all
    done/<key>                      answered
    verdicts/<study>/<key>          what the study's report has to know of it

A step first makes the new place whole and then removes the old one. Where both exist the node was
killed between: the later place counts.
"""

import hashlib
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fracturelens.export.dicom_results import DicomResult
from fracturelens.export.dicom_study import FilmVerdict

PART = ".part"
"""Ending of what is not whole yet."""
TRIES = ".tries"
KEEP_DAYS = 90
"""How long it is remembered that a film was answered."""
LEAST_FREE = 512 * 1024 * 1024
"""Bytes of the disk that stay free."""


class SpoolFullError(OSError):
    """The disk is nearly full; the film was not kept."""


@dataclass(frozen=True)
class Entry:
    """A film that waits for its verdict.

    Attributes:
        key: names it everywhere in the spool; tells nothing of the patient.
        path: of the file.
    """

    key: str
    path: Path


@dataclass(frozen=True)
class Parcel:
    """The results of one film that wait for being sent.

    Attributes:
        key: of the film.
        folder: of the files.
    """

    key: str
    folder: Path

    def files(self) -> list[Path]:
        """The results, in the order in which they are sent."""
        return sorted(self.folder.glob("*.dcm"))


class Spool:
    """Films and results in a folder that only this node uses; its methods may run in threads."""

    def __init__(self, folder: Path):
        """Makes the folder where it is missing and clears up after a node that was killed."""
        self._incoming, self._outgoing = folder / "incoming", folder / "outgoing"
        self._done, self._failed = folder / "done", folder / "failed"
        self._verdicts = folder / "verdicts"
        for place in (self._incoming, self._outgoing, self._done, self._failed, self._verdicts):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._clear_up()

    def add(self, key: str, study_uid: str, data: bytes) -> bool:
        """Keeps a film; when this returns, it survives the loss of power.

        Args:
            key: of the film.
            study_uid: films of one study wait together.
            data: the whole file.

        Returns:
            False where it waits already or was answered: nothing was kept.

        Raises:
            OSError: it cannot be kept; `SpoolFullError` where the disk is nearly full.
        """
        if self.knows(key):
            return False
        if shutil.disk_usage(self._incoming).free < LEAST_FREE + len(data):
            raise SpoolFullError("the disk is nearly full")
        study = self._incoming / hashlib.sha256(study_uid.encode()).hexdigest()[:32]
        with self._lock:  # the folder may be removed when its last film is judged
            study.mkdir(exist_ok=True, mode=0o700)
            write_durably(study / f"{key}.dcm", data)
        return True

    def knows(self, key: str) -> bool:
        """Whether a film waits for being sent or was answered."""
        return (self._outgoing / key).exists() or (self._done / key).exists()

    def quiet_studies(self, seconds: float) -> list[list[Entry]]:
        """The films of each study of which none came for so long, studies and films in order."""
        now, found = time.time(), []
        for study in sorted(self._incoming.iterdir()):
            films = sorted(study.glob("*.dcm"))
            if films and now - max(film.stat().st_mtime for film in films) >= seconds:
                found.append([Entry(film.stem, film) for film in films])
        return found

    def try_again(self, entry: Entry) -> int:
        """Counts how often a film was begun; durable, since the next try may end the process."""
        note = entry.path.with_suffix(TRIES)
        tries = int(note.read_text(encoding="utf-8")) + 1 if note.exists() else 1
        write_durably(note, str(tries).encode())
        return tries

    def judged(self, entry: Entry, results: Iterable[DicomResult], outcome: str) -> None:
        """Keeps the results of a film for being sent, and lets go of the film.

        Args:
            entry: of `quiet_studies`.
            results: none where it got no verdict: then it is answered by that.
            outcome: to be remembered, such as "fracture".
        """
        files = [] if self.knows(entry.key) else list(results)  # sent again while it was judged
        if files:
            making = self._outgoing / f"{entry.key}{PART}"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o700)
            for number, result in enumerate(files):
                write_durably(making / f"{number}_{result.kind}.dcm", result.data)
            write_durably(making / "outcome", outcome.encode())
            _rename(making, self._outgoing / entry.key)
        elif not self.knows(entry.key):
            self._remember(entry.key, outcome)
        self._let_go(entry)

    def note_verdict(self, entry: Entry, verdict: FilmVerdict, digest: str) -> None:
        """Remembers what became of a film, for the report on its study.

        Args:
            entry: the film.
            verdict: on it.
            digest: of the networks that judged: what others said of a study is not mixed in.
        """
        folder = self._verdict_folder(entry, digest)
        folder.mkdir(exist_ok=True, mode=0o700)
        write_durably(folder / entry.key, json.dumps(asdict(verdict)).encode())

    def verdicts(self, entry: Entry, digest: str) -> list[FilmVerdict]:
        """What these networks said of all films of an entry's study, in earlier batches too."""
        folder = self._verdict_folder(entry, digest)
        notes = sorted(note for note in folder.glob("*") if note.suffix != PART)
        return [FilmVerdict(**json.loads(note.read_text(encoding="utf-8"))) for note in notes]

    def give_up(self, entry: Entry) -> None:
        """Lays a film aside that ended the process several times."""
        _rename(entry.path, self._failed / entry.path.name)
        self._remember(entry.key, "failed")
        self._let_go(entry)

    def parcels(self, destination: str) -> list[Parcel]:
        """What a destination has not got yet, the oldest first."""
        with self._lock:  # another destination's thread may be removing one
            folders = [
                folder for folder in self._outgoing.iterdir()
                if folder.suffix != PART and not (folder / _note(destination)).exists()
            ]  # fmt: skip
            folders.sort(key=lambda folder: folder.stat().st_mtime)
        return [Parcel(folder.name, folder) for folder in folders]

    def sent(self, parcel: Parcel, destination: str, all_destinations: Iterable[str]) -> None:
        """Notes that a destination has all results of a film; the last one answers the film."""
        with self._lock:
            write_durably(parcel.folder / _note(destination), b"")
            self._settle(parcel.folder, all_destinations)

    def settle(self, all_destinations: Iterable[str]) -> None:
        """Answers films that all destinations have: the node was killed before it could."""
        names = list(all_destinations)
        with self._lock:
            for folder in list(self._outgoing.iterdir()):
                self._settle(folder, names)

    def counts(self) -> tuple[int, int]:
        """How many films wait for their verdict, and how many for being sent."""
        with self._lock:
            waiting = sum(1 for _ in self._incoming.glob("*/*.dcm"))
            return waiting, sum(folder.suffix != PART for folder in self._outgoing.iterdir())

    def outcomes(self) -> dict[str, str]:
        """What became of each film that was answered, by key."""
        return {
            note.name: json.loads(note.read_text(encoding="utf-8"))["outcome"]
            for note in self._done.iterdir()
            if note.suffix != PART
        }

    def _verdict_folder(self, entry: Entry, digest: str) -> Path:
        return self._verdicts / f"{entry.path.parent.name}_{digest[:16]}"

    def _settle(self, folder: Path, all_destinations: Iterable[str]) -> None:
        if all((folder / _note(one)).exists() for one in all_destinations):
            self._remember(folder.name, (folder / "outcome").read_text(encoding="utf-8"))
            shutil.rmtree(folder)

    def _remember(self, key: str, outcome: str) -> None:
        write_durably(self._done / key, json.dumps({"outcome": outcome}).encode())

    def _let_go(self, entry: Entry) -> None:
        with self._lock:
            entry.path.unlink(missing_ok=True)
            entry.path.with_suffix(TRIES).unlink(missing_ok=True)
            if entry.path.parent.is_dir() and not any(entry.path.parent.iterdir()):
                entry.path.parent.rmdir()

    def _clear_up(self) -> None:
        """Ends the steps in which a node was killed, and forgets what is old."""
        for part in self._done.parent.glob(f"*/*{PART}"):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        for folder in self._outgoing.iterdir():
            if (self._done / folder.name).exists():
                shutil.rmtree(folder)
        for part in self._incoming.glob(f"*/*{PART}"):
            part.unlink()
        for film in list(self._incoming.glob("*/*.dcm")):
            if self.knows(film.stem):
                self._let_go(Entry(film.stem, film))
        oldest = time.time() - KEEP_DAYS * 24 * 3600
        for note in [*self._done.iterdir(), *self._verdicts.glob("*/*")]:
            if note.stat().st_mtime < oldest or note.suffix == PART:
                note.unlink()
        for study in self._verdicts.iterdir():
            if not any(study.iterdir()):
                study.rmdir()


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all, and returns when it survives the loss of power."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}{PART}")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _rename(part, path)


def _rename(old: Path, new: Path) -> None:
    old.replace(new)
    folder = os.open(new.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _note(destination: str) -> str:
    """Name of the note that a destination has a film's results."""
    return "sent_" + hashlib.sha256(destination.encode()).hexdigest()[:16]
