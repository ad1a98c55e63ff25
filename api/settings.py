"""Settings of the REST interface: its bounds, and who may use it."""

import hmac
import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from important_variables import UploadLimits

KEYS_VARIABLE = "FRACTURELENS_API_KEYS"
SHORTEST_KEY = 16
"""Signs; a shorter one could be guessed."""
MEGABYTE = 1024 * 1024


class ApiSettingsError(RuntimeError):
    """The interface cannot start so; the text says what to do."""


@dataclass(frozen=True)
class ApiSettings:
    """What one server takes.

    Attributes:
        workers: X-rays that are examined at once.
        queue: requests that may wait beyond those at work; further ones get status 429.
        most_films: X-rays in one request, those of a ZIP and the frames of a file counted.
        most_bytes: of one request.
        upload_seconds: in which a request must have arrived.
        limits: of each file and picture, those of the app.
        key_digests: SHA-256 of the keys that open the interface; empty where none is needed.
    """

    workers: int = 2
    queue: int = 16
    most_films: int = 100
    most_bytes: int = 256 * MEGABYTE
    upload_seconds: float = 60.0
    limits: UploadLimits = UploadLimits()
    key_digests: frozenset[bytes] = frozenset()

    def opens(self, key: str | None) -> bool:
        """Whether a key opens the interface; takes the same time for every wrong one."""
        digest = sha256((key or "").encode()).digest()
        return any([hmac.compare_digest(digest, known) for known in self.key_digests])


def key_digests(host: str) -> frozenset[bytes]:
    """The keys of the environment variable, with commas between them, as their SHA-256.

    Args:
        host: address that the server listens on; without a key, only this machine may be served.

    Raises:
        ApiSettingsError: a key is missing or too short.
    """
    keys = [key for key in map(str.strip, os.environ.get(KEYS_VARIABLE, "").split(",")) if key]
    if not keys and not _is_this_machine(host):
        raise ApiSettingsError(
            f"Whoever reaches {host} could send X-rays. Put at least one key of {SHORTEST_KEY} or "
            f"more signs into {KEYS_VARIABLE}, or listen on 127.0.0.1."
        )
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ApiSettingsError(
            f"A key in {KEYS_VARIABLE} is shorter than {SHORTEST_KEY} signs. Take a longer one, "
            "such as what `openssl rand -hex 24` prints."
        )
    return _digests(keys)


def _digests(keys: Iterable[str]) -> frozenset[bytes]:
    return frozenset(sha256(key.encode()).digest() for key in keys)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
