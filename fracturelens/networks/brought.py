"""Networks that somebody brought, or pruned: their specs, which lie in their own folders."""

import re
from pathlib import Path

import msgspec

from fracturelens.networks.card import CardError
from important_variables import NETWORKS, RGB, NetworkSpec

SPEC_FILE = "network.json"
"""Beside the card.json of a brought network: its `NetworkSpec`."""
HEXADECIMAL = re.compile(r"#[0-9a-fA-F]{6}")

# Of Okabe and Ito's palette what ours leave: color name, mark, lines on a light and a dark page.
COLORS: tuple[tuple[str, RGB, tuple[str, str]], ...] = (
    ("reddish purple", (204, 121, 167), ("#a3487f", "#dd8fbd")),
    ("orange", (230, 159, 0), ("#8a5f00", "#e69f00")),
)


def add_brought_networks(folder: Path) -> list[str]:
    """Adds the brought networks of a folder to `NETWORKS`, so that everything knows them.

    Args:
        folder: where the networks lie.

    Returns:
        A sentence for each spec that cannot be used; it takes no other network with it.
    """
    problems = []
    for path in sorted(Path(folder).glob(f"*/{SPEC_FILE}")):
        try:
            spec = read_spec(path)
        except CardError as error:
            problems.append(str(error))
        else:
            NETWORKS.setdefault(spec.name, spec)
    return problems


def networks_in(folder: Path) -> list[str]:
    """Names of the networks to load from a folder: ours, and those brought, which it adds."""
    add_brought_networks(folder)
    return [
        name
        for name, spec in NETWORKS.items()
        if not spec.brought or (Path(folder) / name / SPEC_FILE).is_file()
    ]


def read_spec(path: Path) -> NetworkSpec:
    """The spec of a brought network.

    Raises:
        CardError: it cannot be read, or is not that of a segmenter in its own folder.
    """
    remedy = "Make it anew with `fracturelens convert` or `prune`, or remove its folder."
    try:
        spec = msgspec.json.decode(path.read_bytes(), type=NetworkSpec)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CardError(f"{path} cannot be used ({error}). {remedy}") from error
    flaws = {
        f"its name is {spec.name!r}, not its folder's": spec.name != path.parent.name,
        "it does not say that it was brought": not spec.brought,
        f"its role is {spec.role!r}, not 'segmenter'": spec.role != "segmenter",
        "`mark` holds no three numbers from 0 to 255": not all(0 <= x <= 255 for x in spec.mark),
        "`lines` holds no colors such as #0072b2": not all(map(HEXADECIMAL.fullmatch, spec.lines)),
    }
    for flaw in (text for text, wrong in flaws.items() if wrong):
        raise CardError(f"{path} cannot be used: {flaw}. {remedy}")
    return spec


def write_spec(spec: NetworkSpec, folder: Path) -> Path:
    """Writes the spec of a brought network into <folder>/<name>, which exists; returns its path."""
    path = Path(folder) / spec.name / SPEC_FILE
    path.write_bytes(msgspec.json.format(msgspec.json.encode(spec), indent=2) + b"\n")
    return path


def free_colors(name: str) -> tuple[str, RGB, tuple[str, str]]:
    """Color name, mark and lines of a network to come: the first free, over again if none is."""
    taken = sum(spec.brought for other, spec in NETWORKS.items() if other != name)
    return COLORS[taken % len(COLORS)]
