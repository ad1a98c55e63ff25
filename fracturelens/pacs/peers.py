"""Who may send films to the node: AE titles and addresses."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

ANY = "*"


class SettingsError(ValueError):
    """A setting of the node is not as it should be; the text says which and what to do."""


@dataclass(frozen=True)
class Peer:
    """One that may send.

    Attributes:
        title: its AE title; "*" for any.
        network: its addresses.
    """

    title: str
    network: IPv4Network | IPv6Network

    def is_that(self, title: str, address: str) -> bool:
        """Whether a title and an address are this peer's."""
        try:
            here = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(here, "ipv4_mapped", None)
        return self.title in (ANY, title.strip()) and (mapped or here) in self.network


def peer_of(words: str) -> Peer:
    """A peer as it is written on the command line: TITLE@ADDRESS or TITLE@NETWORK/BITS.

    Raises:
        SettingsError: it is written otherwise.
    """
    title, at, network = words.partition("@")
    try:
        if not at:
            raise ValueError("no @")
        return Peer(title if title == ANY else ae_title(title), ip_network(network, strict=False))
    except ValueError as error:
        raise SettingsError(
            f"{words!r} is no peer. Write TITLE@ADDRESS, such as XRAY1@192.0.2.7 or *@192.0.2.0/24."
        ) from error


def ae_title(words: str) -> str:
    """An AE title (PS3.5 6.2, AE): 1 to 16 printable letters, no backslash.

    Raises:
        SettingsError: it is none.
    """
    if not re.fullmatch(r"[!-\[\]-~][ -\[\]-~]{0,15}", words):
        raise SettingsError(f"{words!r} is no AE title: 1 to 16 letters, digits or signs.")
    return words.strip()
