"""Names of the files that we write: safe on every system, and no two alike."""

from pathlib import PurePath

LONGEST = 200
"""Bytes of a name before its ending: a file's whole name may have 255."""
PORTS = {f"{port}{number}" for port in ("COM", "LPT") for number in range(10)}
RESERVED = {"CON", "PRN", "AUX", "NUL"} | PORTS
"""Names that Windows keeps for devices, whatever follows the first point."""


def download_name(name: str, ending: str) -> str:
    """Name of a download: the X-ray's own without its ending, then `ending`.

    Args:
        name: of the X-ray's file, as a stranger may have written it.
        ending: such as "_results.json".
    """
    stem = PurePath(name.replace("\\", "/")).stem or "xray"
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem)
    safe = safe.encode(errors="ignore")[:LONGEST].decode(errors="ignore")
    if safe.partition(".")[0].upper() in RESERVED:
        safe = f"_{safe}"
    return safe + ending


def unique_stem(name: str, taken: set[str]) -> str:
    """The start of the names of an X-ray's files, unlike any other of the same run.

    Windows and macOS take "A" and "a" for one name, so that case does not tell two apart.

    Args:
        name: of the X-ray's file.
        taken: stems that are in use, case folded; the new one is added.
    """
    stem = download_name(name, "")
    unique, count = stem, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{stem}-{count}"
    taken.add(unique.casefold())
    return unique
