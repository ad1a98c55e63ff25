"""What would break on Windows or macOS alone is found here: encodings, names, missing modules."""

import ast
import subprocess
import sys
from pathlib import PureWindowsPath

import pytest

from fracturelens.batch.names import PictureNames, printable, readable
from fracturelens.export.names import download_name
from fracturelens.studies import study_key
from important_variables import ROOT

FOLDERS = ("fracturelens", "app_pages", "api")
POSITION = {"read_text": 0, "write_text": 1}
"""Where the encoding stands among the arguments."""
MISSING_ON_WINDOWS = ("fcntl", "resource", "pwd", "grp", "termios", "posix")
IMPORTED = ("prediction", "command_line", "fracturelens.batch.command", "fracturelens.pacs.command",
            "fracturelens.serving.guards", "training.benchmark.runners")  # fmt: skip


def without_encoding(path):
    """Lines that read or write text in whatever encoding the system has: on Windows not UTF-8."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            position = POSITION.get(node.func.attr)
            named = any(keyword.arg == "encoding" for keyword in node.keywords)
            if position is not None and len(node.args) <= position and not named:
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_texts_name_their_encoding():
    files = [
        *ROOT.glob("*.py"),
        *(file for name in FOLDERS for file in (ROOT / name).rglob("*.py")),
    ]
    assert len(files) > 150
    assert [line for file in sorted(files) for line in without_encoding(file)] == []


def test_what_people_start_needs_no_module_that_windows_lacks():
    shut = f"sys.modules.update(dict.fromkeys({MISSING_ON_WINDOWS}))"
    program = f"import sys, subprocess, tempfile; {shut}; import {', '.join(IMPORTED)}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["hand\ud800.png", "caf\udce9 \udfff.png", "\udce9"])
def test_half_a_sign_in_a_windows_name_is_no_fault(name):
    assert readable(name).encode() and printable(name).isprintable()
    [picture] = PictureNames().names_for(name, ["mask.png"]).values()
    assert picture.encode() and picture.endswith("_mask.png")


def test_paths_of_windows_give_names_and_studies_as_others_do():
    path = str(PureWindowsPath("D:/films", "study 1", "hand.dcm"))
    assert "\\" in path and download_name(path, ".json") == "hand.json"
    other = str(PureWindowsPath("D:/films", "study 1", "wrist.dcm"))
    assert study_key(None, path, by_folder=True) == study_key(None, other, by_folder=True)
    assert download_name(r"D:\films\CON.dcm", ".json") == "_CON.json"
