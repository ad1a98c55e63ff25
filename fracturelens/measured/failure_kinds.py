"""What a person saw in the worst cases of a network: read from saved_model/<name>/failures.json.

The file is written by hand, after looking at the worst pictures on validation.
"""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fracturelens.measured.failure_cases import KINDS, titles_of
from fracturelens.measured.tables import Row
from fracturelens.networks.card import CardError, read_card

FAILURES_FILE = "failures.json"


@dataclass(frozen=True)
class Kind:
    """A kind of failure, in words, and how many pictures show it."""

    kind: str
    pictures: int


@dataclass(frozen=True)
class Seen:
    """What was seen in some worst cases; a picture may be of several kinds.

    Attributes:
        looked_at: pictures.
        kinds: in no order that means anything.
    """

    looked_at: int
    kinds: list[Kind]

    @property
    def counts(self) -> dict[str, int]:
        """Pictures by kind."""
        return {kind.kind: kind.pictures for kind in self.kinds}


@dataclass(frozen=True)
class Failures:
    """The whole file.

    Attributes:
        network_sha256: of the float32 file that was looked at.
        false_negatives: the lowest-scored fractures.
        false_positives: the highest-scored X-rays without one.
        before: the same counts, by key, of the network that this one replaced; may be empty.
    """

    network_sha256: str
    false_negatives: Seen
    false_positives: Seen
    before: dict[str, Seen] = field(default_factory=dict)


def read_failures(name: str, folder: Path) -> Failures | None:
    """The kinds of failures; None where nobody has looked at this very network's."""
    try:
        content = (Path(folder) / name / FAILURES_FILE).read_bytes()
        failures = msgspec.json.decode(content, type=Failures)
        card = read_card(name, folder)
    except (OSError, msgspec.MsgspecError, CardError):
        return None
    known = card.files.get(card.file_at("float32"))
    return failures if failures.network_sha256 == known else None


def failure_rows(name: str, failures: Failures) -> list[Row]:
    """One row for each kind, the most frequent first; a column "Before" where that is known.

    Args:
        name: of the network.
        failures: of `read_failures`.
    """
    titles = titles_of(name)
    return [
        row
        for key in KINDS
        for row in _rows_of(titles[key], getattr(failures, key), failures.before.get(key))
    ]


def _rows_of(title: str, now: Seen, before: Seen | None) -> list[Row]:
    earlier = before.counts if before else {}
    counts = now.counts | {kind: 0 for kind in earlier if kind not in now.counts}
    return [
        {"Cases": title, "Kind": kind, "Pictures": f"{count} of {now.looked_at}"}
        | ({"Before": f"{earlier.get(kind, 0)} of {before.looked_at}"} if before else {})
        for kind, count in sorted(counts.items(), key=lambda item: -item[1])
    ]
