"""What the DICOM standard asks of an object, for dicom-validator, and what both validators say.

dicom-validator reads the standard's text, which it downloads from dicom.nema.org; highdicom brings
the same tables (modules of each IOD, attributes with their types) without the conditions. Where a
folder with the text is named in DICOM_STANDARD, the conditions are checked too.
"""

import json
import logging
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.helpers.missing import need, skip_unless_ci

CONTENT = "(0040,A730)"
BY_VALUE_TYPE = (
    "ReferencedSOPSequence", "TemporalRangeType", "ConceptCodeSequence", "MeasuredValueSequence",
    "GraphicData", "GraphicType", "ReferencedFrameOfReferenceUID", "ContinuityOfContent",
    "TabulatedValuesSequence", "PixelOriginInterpretation",
)  # fmt: skip
"""Of a content item, each asked of one value type alone (PS3.3 C.17.3)."""
GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")


def dciodvfy_errors(path: Path) -> list[str]:
    """The errors that dicom3tools' dciodvfy finds in a file; its warnings are left out."""
    if not shutil.which("dciodvfy"):
        skip_unless_ci("dciodvfy is missing: apt-get install dicom3tools")
    done = subprocess.run(
        ["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False
    )
    lines = done.stderr.splitlines() + done.stdout.splitlines()
    assert any("Error" not in line and "Warning" not in line for line in lines), lines
    return [line for line in lines if line.startswith("Error")]


def validator_errors(path: Path) -> list[str]:
    """The errors that dicom-validator finds in a file."""
    need("dicom_validator", "requirements-pacs.txt")
    from dicom_validator.validator.dicom_file_validator import DicomFileValidator

    validator = DicomFileValidator(standard(), log_level=logging.CRITICAL)
    ((_, result),) = validator.validate(path).items()
    found = result.module_errors or {}
    return [
        f"{module}: {tag}: {error.code}" for module, tags in found.items()
        for tag, error in tags.items()
    ] or ([str(result.status)] if result.errors else [])  # fmt: skip


@cache
def standard():
    """dicom-validator's `DicomInfo`."""
    from dicom_validator.validator.dicom_info import DicomInfo

    if folder := os.environ.get("DICOM_STANDARD"):
        from dicom_validator.spec_reader.edition_reader import EditionReader

        return EditionReader(folder).load_dicom_info("local")
    import highdicom

    tables = Path(highdicom.__file__).parent / "_standard"
    classes, modules, attributes = (
        json.loads((tables / f"{name}.json").read_text())
        for name in ("sop_class_iod_map", "iod_module_map", "module_attribute_map")
    )
    iods = {uid: _iod(title, modules[title]) for uid, title in classes.items() if title in modules}
    return DicomInfo({}, iods, _Modules(attributes))


class _Modules(dict):
    """Attributes of modules as nested dictionaries, each made when it is asked for."""

    def __init__(self, tables):
        super().__init__()
        self._tables = tables

    def __missing__(self, name):
        self[name] = _tree(self._tables[name])
        return self[name]


def _iod(title, modules):
    used = {
        module["key"]: {"ref": module["key"], "use": module["usage"], "cond": {"type": "U"}}
        for module in modules
    }
    return {"title": title, "modules": used, "group_macros": {}}


def _tree(rows):
    """One dictionary for each level; those of content items hold themselves."""
    from pydicom.datadict import tag_for_keyword
    from pydicom.tag import Tag

    root = {}
    for row in rows:
        level = root
        for keyword in row["path"]:
            level = level[_written(Tag(tag_for_keyword(keyword)))].setdefault("items", {})
        kind = "3" if _depends(row) else row["type"]
        if tag := tag_for_keyword(row["keyword"]):
            level[_written(Tag(tag))] = {"name": row["keyword"], "type": kind}
    if CONTENT in root and "items" in root[CONTENT]:
        items = root[CONTENT]["items"]
        items[CONTENT] = {"name": "ContentSequence", "type": "3", "items": items}
    return root


def _depends(row):
    """Whether an attribute is asked for on a condition that highdicom's tables lack."""
    if row["path"] and row["path"][-1] in GROUPS:
        return True
    in_item = not row["path"] or row["path"][-1] == "ContentSequence"
    return in_item and row["keyword"] in BY_VALUE_TYPE


def _written(tag):
    return f"({tag.group:04X},{tag.element:04X})"
