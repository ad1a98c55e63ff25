"""What made a result: date, version, precision and the networks' files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fracturelens.networks.predictor import Predictor
from important_variables import VERSION

STAMP = "%Y-%m-%dT%H:%M:%SZ"
"""ISO 8601 in UTC, to the second."""


@dataclass(frozen=True)
class Provenance:
    """What made the results of one run.

    Attributes:
        at: when, as `STAMP`.
        version: of FractureLens.
        precision: "float32" or "int8".
        networks: SHA-256 of the file of each network that may have had a say, screening included;
            "" where its card does not know it.
        runtimes: that run each of them: "keras", "litert" or "openvino"; "litert.js" on a phone.
    """

    at: str
    version: str
    precision: str
    networks: Mapping[str, str]
    runtimes: Mapping[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When, with its time zone."""
        return datetime.strptime(self.at, STAMP).replace(tzinfo=UTC)


def provenance_of(
    networks: Mapping[str, Predictor],
    precision: str,
    screening: Predictor | None = None,
    moment: datetime | None = None,
) -> Provenance:
    """What is to be told of a run.

    Args:
        networks: that judge, by name.
        precision: that they run in.
        screening: the network that accepts or refuses, if any.
        moment: of the run; now where None.
    """
    asked = [*networks.values(), *([screening] if screening else [])]
    at = (moment or datetime.now(UTC)).astimezone(UTC).strftime(STAMP)
    digests = {one.name: one.digest for one in asked}
    runtimes = {one.name: one.runtime for one in asked}
    return Provenance(at, VERSION, precision, digests, runtimes)
