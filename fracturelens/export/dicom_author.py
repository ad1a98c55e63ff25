"""Who made a DICOM result, and the identifiers that follow from it."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from fracturelens.networks.card import ModelCard
from fracturelens.results import Finding, Thresholds
from important_variables import NETWORKS, VERSION

MANUFACTURER = "FractureLens"
MODEL = "FractureLens, research only, not for diagnosis"
"""ManufacturerModelName: what a viewer shows of the device."""
SCHEME = "99FRACTURELENS"
"""Coding scheme of what no standard has a code for (docs/dicom.md lists the codes)."""
LAYOUT = "1"
"""Rises when the objects change while the networks stay: the same UIDs would be wrong then."""
NAMESPACE = uuid.UUID("5a0c7a4e-6c0f-4c3e-9a63-0f2b1d8f4c11")


@dataclass(frozen=True)
class NetworkIdentity:
    """A network as a report names it.

    Attributes:
        name: key.
        title: for people.
        sha256: of the file that ran, hexadecimal; "unknown" where the card does not hold it.
        asked: SHA-256 of how it is asked and calibrated, hexadecimal.
    """

    name: str
    title: str
    sha256: str
    asked: str


@dataclass(frozen=True)
class Author:
    """All that decided the results, and so their identifiers.

    Attributes:
        networks: those that may have run, by name.
        precision: "float32" or "int8".
        thresholds: that were used.
        software: version of this package.
    """

    networks: Mapping[str, NetworkIdentity]
    precision: str
    thresholds: Thresholds
    software: str

    @property
    def digest(self) -> str:
        """SHA-256 over all that decides an answer, hexadecimal."""
        chosen = self.thresholds
        masks = sorted(chosen.mask.items())
        hashes = sorted((one.name, one.sha256, one.asked) for one in self.networks.values())
        limits = (chosen.doubtful, chosen.fracture, masks, chosen.min_lesion_share)
        parts = (LAYOUT, hashes, self.precision, limits)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def uid(self, kind: str, *parts: str) -> str:
        """The UID of an object, always the same for the same film and author.

        Derived from a UUID, which needs no registered root (PS3.5 B.2).

        Args:
            kind: of object, such as "sr".
            parts: what tells it from others of its kind, such as the film's UID.
        """
        return uid_of(self.digest, kind, *parts)

    @property
    def equipment(self) -> dict[str, Any]:
        """What made the object, as keyword arguments of highdicom's classes (PS3.3 C.7.5.1)."""
        return {
            "manufacturer": MANUFACTURER,
            "manufacturer_model_name": MODEL,
            "software_versions": self.software,
            "device_serial_number": self.digest[:16],
        }

    def finding_uid(self, film_uid: str, network: str, finding: Finding) -> str:
        """The UID that a finding has in every object that holds it."""
        return self.uid("finding", film_uid, network, *map(str, finding.box))


def author_of(cards: Mapping[str, ModelCard], precision: str, thresholds: Thresholds) -> Author:
    """The author of results.

    Args:
        cards: of the networks that may run.
        precision: "float32" or "int8".
        thresholds: that are used.
    """
    networks = {
        name: NetworkIdentity(
            name,
            NETWORKS[name].title if name in NETWORKS else card.title,
            card.files.get(card.file_at(precision), "unknown"),
            hashlib.sha256(msgspec.json.encode(card.inference)).hexdigest(),
        )
        for name, card in cards.items()
    }
    return Author(networks, precision, thresholds, VERSION)


def uid_of(*parts: str) -> str:
    """A UID that follows from the parts, the same on each call."""
    return f"2.25.{uuid.uuid5(NAMESPACE, '|'.join(parts)).int}"
