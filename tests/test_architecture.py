"""Keeps the house in order: who imports whom, and how long a module and a function may be."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

from important_variables import ROOT

# Lowest first: a module imports only what stands on a lower line, or in its own folder. The
# longest prefix that fits a module's name gives its place.
ORDER = (
    ("important_variables", "utils"),
    ("fracturelens",),
    ("fracturelens.serving",),
    ("fracturelens.xray",),
    ("fracturelens.networks",),
    ("fracturelens.screening",),
    ("fracturelens.results",),
    ("fracturelens.findings",),
    ("fracturelens.measured",),
    ("fracturelens.studies",),
    ("fracturelens.export",),
    ("create_segmentation_model",),
    ("prediction",),
    ("fracturelens.reporting",),
    ("fracturelens.site.engine",),
    ("fracturelens.site.options",),
    ("fracturelens.batch",),
    ("fracturelens.scale",),
    ("fracturelens.batch.command",),
    ("fracturelens.pacs", "fracturelens.phone", "fracturelens.site"),
    ("app_pages", "add_style", "training"),
    ("api",),
    ("application_pages", "command_line"),
    ("app",),
)
PLACE = {name: number for number, names in enumerate(ORDER) for name in names}
STREAMLIT_USERS = ("add_style", "app", "app_pages", "application_pages")
FRONT_ENDS = (*STREAMLIT_USERS, "api")
LITERT_USERS = ("fracturelens.networks.litert", "fracturelens.networks.completion", "training")
OPENVINO_USERS = ("fracturelens.networks.openvino", "training")
SLOW_TO_IMPORT = {"keras", "tensorflow"}
MODULE_LINES = 300
FUNCTION_LINES = 40

FOLDERS = ("fracturelens", "api", "app_pages", "training")
FILES = sorted(
    [*ROOT.glob("*.py"), *(p for folder in FOLDERS for p in ROOT.glob(f"{folder}/**/*.py"))]
)


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def module_name(path: Path) -> str:
    """Gives "app_pages.charts" for app_pages/charts.py, "training" for training/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in FILES}


def within(name: str, folders) -> bool:
    return any(name == folder or name.startswith(f"{folder}.") for folder in folders)


def room(name: str) -> str:
    """The entry of `ORDER` that a module belongs to; the longest that fits."""
    return max((entry for entry in PLACE if within(name, [entry])), key=len)


def imports(tree: ast.AST) -> set[str]:
    """Dotted names of everything imported anywhere in the tree, `from a import b` as "a.b"."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def imports_at_once(tree: ast.Module) -> set[str]:
    """Packages imported when the module is: everything outside of function bodies."""
    names, waiting = set(), list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= packages(imports(node))
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)
    return names


@cache
def own_imports(name: str) -> set[str]:
    """Modules of the project that one imports."""
    found = set()
    for imported in imports(parse(MODULES[name])):
        parent = imported.rpartition(".")[0]
        found |= {other for other in (imported, parent) if other in MODULES}
    return found - {name}


def reached_from(start: str) -> set[str]:
    """Modules of the project that one pulls in, directly or through others."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += own_imports(name)
    return seen


def test_every_module_has_its_place():
    assert [name for name in MODULES if not any(within(name, [entry]) for entry in PLACE)] == []


def test_imports_point_down():
    upward = {
        (name, other)
        for name in MODULES
        for other in own_imports(name)
        if room(name) != room(other) and PLACE[room(other)] >= PLACE[room(name)]
    }
    assert upward == set()


def test_no_import_cycle():
    inside = {name: own_imports(name) for name in MODULES}
    while leaves := {name for name, others in inside.items() if not others & inside.keys()}:
        inside = {name: others for name, others in inside.items() if name not in leaves}
    assert inside == {}, "these import each other in a circle"


def test_streamlit_stays_in_the_pages():
    users = {name for name in MODULES if "streamlit" in packages(imports(parse(MODULES[name])))}
    assert {name for name in users if not within(name, STREAMLIT_USERS)} == set()


def test_the_web_framework_stays_in_the_rest_interface():
    web = {"fastapi", "pydantic", "starlette", "uvicorn"}
    users = {name for name in MODULES if web & packages(imports(parse(MODULES[name])))}
    assert {name for name in users if not within(name, ("api", "app"))} == set()


def test_interpreters_stay_in_their_rooms():
    for package, rooms in (("ai_edge_litert", LITERT_USERS), ("openvino", OPENVINO_USERS)):
        users = {name for name in MODULES if package in packages(imports(parse(MODULES[name])))}
        assert users and {name for name in users if not within(name, rooms)} == set()


def test_workshop_stands_on_no_front_end():
    for name in MODULES:
        if within(name, ["training"]):
            reached = reached_from(name)
            assert {other for other in reached if within(other, FRONT_ENDS)} == set(), name


def test_app_never_imports_the_workshop():
    reached = reached_from("app")
    assert any(within(name, ["app_pages"]) for name in reached)
    assert {name for name in reached if within(name, ["training", "command_line"])} == set()


def test_app_starts_without_keras():
    slow = {
        name: SLOW_TO_IMPORT & imports_at_once(parse(MODULES[name])) for name in reached_from("app")
    }
    assert {name: found for name, found in slow.items() if found} == {}


def test_library_loads_neither_streamlit_nor_keras():
    names = [name for name in MODULES if within(name, ["fracturelens", "prediction"])]
    lines = "; ".join(f"import {name}" for name in names)
    code = f"import sys; {lines}; print({{'streamlit', 'keras', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


def test_modules_open_with_a_sentence_and_stay_short():
    silent = [name for name, path in MODULES.items() if not ast.get_docstring(parse(path))]
    assert silent == [], "say in one sentence what the file owns"
    lengths = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines >= MODULE_LINES} == {}


def test_functions_stay_short():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {
        (name, node.name): length(node)
        for name, path in MODULES.items()
        for node in ast.walk(parse(path))
        if isinstance(node, functions)
    }
    assert {place: lines for place, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def length(function: ast.FunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    first = function.body[0]
    words = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - function.lineno + 1 - words


def test_the_rules_see_a_breach():
    tree = ast.parse("import keras\nfrom app_pages import charts\ndef f():\n import tensorflow\n")
    assert imports(tree) == {"keras", "app_pages.charts", "tensorflow"}
    assert imports_at_once(tree) == {"keras", "app_pages"}
    assert length(ast.parse('def f():\n """A\n B."""\n return 1\n').body[0]) == 2
    assert room("fracturelens.batch.files") == "fracturelens.batch"
    assert room("fracturelens.results") == "fracturelens.results"
