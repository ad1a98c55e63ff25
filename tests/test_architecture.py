"""Keeps the house in order: who imports whom, and how long a module and a function may be."""

import ast
from functools import cache
from pathlib import Path

import pytest

from important_variables import ROOT

# Lowest first: a module imports only what stands on a lower line. Modules of one package
# (app_pages, training) may import each other.
LAYERS = (
    {"annotations", "gray_depth", "important_variables", "lesions", "litert_predictor", "overlay"}
    | {"picture_descriptor", "utils", "xray_dicom"},
    {"agreement", "header_check", "model_card", "training_history", "xray_image"},
    {"painted_window"},
    {"create_segmentation_model"},
    {"looks", "refusal"},
    {"prediction"},
    {"add_style", "app_pages"},
    {"application_pages", "predict_files"},
    {"app"},
    {"training"},
    {"command_line"},
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
STREAMLIT_USERS = {"add_style", "app", "app_pages", "application_pages"}
LITERT_USERS = {"create_segmentation_model", "litert_predictor", "training"}
SLOW_TO_IMPORT = {"keras", "tensorflow"}
MODULE_LINES = 300
FUNCTION_LINES = 40

FILES = sorted(
    path
    for pattern in ("*.py", "app_pages/*.py", "training/**/*.py")
    for path in ROOT.glob(pattern)
)
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def module_name(path: Path) -> str:
    """Gives "app_pages.gallery" for app_pages/gallery.py, "training" for training/__init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def top(name: str) -> str:
    return name.partition(".")[0]


def imports(tree: ast.AST) -> set[str]:
    """Dotted names of everything imported anywhere in the tree, `from a import b` as "a.b"."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def imports_at_once(tree: ast.Module) -> set[str]:
    """Packages imported when the module is: everything outside of function bodies."""
    names, waiting = set(), list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {top(name) for name in imports(node)}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)
    return names


@cache
def own_imports(path: Path) -> set[str]:
    """Modules of the project that one imports: "app_pages.gallery", "xray_image"."""
    modules = {module_name(file) for file in FILES}
    found = set()
    for name in imports(parse(path)):
        if name in modules:
            found.add(name)
        elif (parent := name.rpartition(".")[0]) in modules:
            found.add(parent)
    return found - {module_name(path)}


def reached_from(start: str) -> set[str]:
    """Modules of the project that one pulls in, directly or through others."""
    paths = {module_name(path): path for path in FILES}
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += own_imports(paths[name])
    return seen


@each_file
def test_imports_point_down(path):
    name = top(module_name(path))
    assert name in LAYER, f"give {name} its place in LAYERS"
    upward = {
        other
        for other in map(top, own_imports(path))
        if LAYER[other] >= LAYER[name] and other != name
    }
    assert not upward, f"{name} imports {upward}, which do not stand below it"


def test_packages_have_no_import_cycle():
    inside = {
        module_name(path): {n for n in own_imports(path) if top(n) == top(module_name(path))}
        for path in FILES
    }
    while leaves := {name for name, others in inside.items() if not others & inside.keys()}:
        inside = {name: others for name, others in inside.items() if name not in leaves}
    assert inside == {}, "these import each other in a circle"


@each_file
def test_streamlit_stays_in_the_pages(path):
    if top(module_name(path)) not in STREAMLIT_USERS:
        assert "streamlit" not in {top(name) for name in imports(parse(path))}


@each_file
def test_interpreters_stay_behind_load_model(path):
    if top(module_name(path)) not in LITERT_USERS:
        tree = parse(path)
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert "ai_edge_litert" not in {top(name) for name in imports(tree)}
        assert "Interpreter" not in attributes


def test_app_never_imports_the_workshop():
    reached = reached_from("app")
    assert "app_pages.dashboard" in reached
    assert {name for name in reached if top(name) in ("training", "command_line")} == set()


def test_app_starts_without_keras():
    paths = {module_name(path): path for path in FILES}
    slow = {
        name: SLOW_TO_IMPORT & imports_at_once(parse(paths[name])) for name in reached_from("app")
    }
    assert {name: packages for name, packages in slow.items() if packages} == {}


@each_file
def test_module_opens_with_a_sentence_and_stays_short(path):
    assert ast.get_docstring(parse(path)), "say in one sentence what the file owns"
    assert len(path.read_text().splitlines()) < MODULE_LINES


@each_file
def test_functions_stay_short(path):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {n.name: length(n) for n in ast.walk(parse(path)) if isinstance(n, functions)}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def length(function: ast.FunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    first = function.body[0]
    words = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - function.lineno + 1 - words


def test_the_rules_see_a_breach():
    tree = ast.parse("import keras\nfrom app_pages import gallery\ndef f():\n import tensorflow\n")
    assert imports(tree) == {"keras", "app_pages.gallery", "tensorflow"}
    assert imports_at_once(tree) == {"keras", "app_pages"}
    assert length(ast.parse('def f():\n """A\n B."""\n return 1\n').body[0]) == 2
