"""Writes the folder of the phone's web app: scripts, networks, facts, the list for offline use."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

from fracturelens.networks.card import FILES, read_card, sha256_of
from fracturelens.phone.facts import PRECISION, engine_facts
from fracturelens.screening.network import SCREENING
from important_variables import NETWORKS, ROOT, SAMPLES

BUILT = ROOT / "mobile" / "build" / "web"
"""Where `npm run build` puts the app's scripts."""
MARKER = "engine.json"
FILE_LIST = "files.json"
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""With these a page may use threads; hosts such as Netlify read them from `_headers`."""
DATA = ("runtime/", "networks/")
"""Large and seldom changed: a phone fetches what it needs of them, and keeps it over versions."""
NEVER_KEPT = ("service_worker.js", "worker.js.LEGAL.txt")
"""A browser itself keeps the service worker; nobody opens the licenses offline."""
SAMPLE = "lower_leg_broken.png"


class PhoneExportError(RuntimeError):
    """The folder cannot be written; the text says what to do."""


def export_phone(target: Path, folder: Path, built: Path = BUILT) -> int:
    """Writes the web app.

    Args:
        target: the folder, new, empty or written by this function before.
        folder: where the networks lie.
        built: the app's scripts.

    Returns:
        Bytes of all files.

    Raises:
        PhoneExportError: the scripts are not built, a network's file is missing or not the one
            that its card describes, or the target holds something else.
        CardError: a card is missing or cannot be read.
    """
    if not (built / "worker.js").is_file():
        raise PhoneExportError(
            f"{built} holds no scripts: run `make phone` in a clone of the repository, with "
            "Node.js 20 or later."
        )
    _clear(target)
    shutil.copytree(built, target, dirs_exist_ok=True)
    names = {name: _pack(name, folder, target) for name in (SCREENING, *NETWORKS)}
    facts = engine_facts(folder, names)
    (target / "samples").mkdir()
    shutil.copy(SAMPLES / SAMPLE, target / "samples")
    facts["version"] = _version(target, facts)
    _write_json(target / MARKER, facts)
    _name_version(target / "service_worker.js", facts["version"])
    _write_json(target / FILE_LIST, {"version": facts["version"], **_file_lists(target)})
    (target / "_headers").write_text(_headers_file(), encoding="utf-8")
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def _clear(target: Path) -> None:
    """Empties a folder that an earlier export wrote; refuses any other that is not empty."""
    if target.is_dir() and any(target.iterdir()):
        if not (target / MARKER).is_file():
            raise PhoneExportError(f"{target} is not empty; name a new folder.")
        shutil.rmtree(target)
    target.mkdir(parents=True, exist_ok=True)


def _pack(name: str, folder: Path, target: Path) -> str:
    """Packs a network's file under a name that tells its content; the path within the target."""
    source = folder / name / FILES[PRECISION]
    known = read_card(name, folder).files.get(source.name)
    if not source.is_file() or sha256_of(source) != known:
        raise PhoneExportError(
            f"{source} is missing or is not the file that its card describes; restore it with "
            f"`git checkout -- {source}`."
        )
    place = target / "networks" / f"{name}-{known[:12]}.tflite.packed"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))
    return place.relative_to(target).as_posix()


def _version(target: Path, facts: dict) -> str:
    """A name for exactly this content: twelve digits of a SHA-256 over all of it."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(target).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()[:12]


def _name_version(script: Path, version: str) -> None:
    """Tells the service worker its version: a browser updates when a byte of it changes."""
    text = script.read_text(encoding="utf-8")
    script.write_text(f'self.VERSION="{version}";\n{text}', encoding="utf-8")


def _file_lists(target: Path) -> dict[str, list[str]]:
    """The files that every phone keeps from the first visit on, and those it may need."""
    paths = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())
    data = [path for path in paths if path.startswith(DATA)]
    return {"files": [path for path in paths if path not in (*data, *NEVER_KEPT)], "data": data}


def _headers_file() -> str:
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
