"""The house: which modules import which, and that none imports from a floor above its own."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the ground up. A module may import from its own floor and from those below it.
FLOORS = [
    ["nn_core"],
    [
        "app.strict_json",
        "app.strict_model",
        "app.operating_system",
        "app.log",
        "app.addresses",
        "app.settings",
        "app.picture_formats",
        "app.drawing",
    ],
    [
        # What trains a run, wherever that is.
        "app.runs.checkpoint_spacing",
        "app.runs.ingredients",
        "app.runs.messages",
        "app.runs.reporter",
        "app.runs.saved_training",
        "app.runs.steering",
        "app.runs.step_costs",
        "app.runs.step_story",
        "app.runs.worker",
        "app.runs.worker_template",
    ],
    ["app.runs.engines"],  # where it is: they know no run, no store and no viewer
    ["app.runs", "app.datasets"],
    ["app.local"],
    ["app.sweeps"],
    ["app.metrics", "app.web"],
    ["app.access"],
    ["app.middleware"],
    ["app.routes"],
    ["app.main"],
    ["app.log_setup", "app.server", "app.cli_output"],
    ["app.cli_sweep"],
    ["app.cli"],
]

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("app", "nn_core")
    for path in (ROOT / package).rglob("*.py")
}


def imported_by(module: str) -> Iterator[str]:
    """Yield the name of everything that a module imports, anywhere in its text."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, "imports name the whole path"
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module


@cache
def imports() -> dict[str, list[str]]:
    """Return what each module imports."""
    return {module: sorted(set(imported_by(module))) for module in MODULES}


def floor_of(module: str) -> int:
    """Return the number of the floor on which a module is."""
    for number, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return number
    raise AssertionError(f"{module} is on no floor: give it a place in FLOORS")


def is_package(module: str) -> bool:
    return MODULES[module].name == "__init__.py"


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"app"}))
def test_a_module_imports_from_its_floor_or_below(module: str) -> None:
    above = [
        name
        for name in imports()[module]
        if name in MODULES and name != "app" and floor_of(name) > floor_of(module)
    ]
    assert not above


def test_no_modules_import_each_other_in_a_circle() -> None:
    # A package imports its modules to re-export their names; importing the package is for others.
    graph = {
        module: [name for name in names if name in MODULES and name != module]
        for module, names in imports().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_the_network_needs_numpy_and_safetensors_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import nn_core.checkpoints, nn_core.by_hand; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = set(run(code).split()) - set(sys.stdlib_module_names)
    of_numpy = {name for name in loaded if name.startswith(("_", "cython"))}
    assert loaded - of_numpy == {"nn_core", "numpy", "safetensors"}


def test_a_worker_starts_without_the_web_and_the_database() -> None:
    loaded = loaded_by("app.runs.worker_template")
    assert not loaded & {"fastapi", "starlette", "pydantic", "sqlalchemy", "structlog", "asyncio"}


def test_the_readers_of_uploaded_files_are_imported_by_an_upload() -> None:
    code = "import sys, app.main, app.runs.worker; print(*sys.modules)"
    loaded = set(run(code).split())
    assert "nn_core.datasets.uploads" in loaded
    assert not loaded & {"nn_core.datasets.adding", "nn_core.datasets.offered"}


def test_the_application_is_imported_without_what_it_may_not_need() -> None:
    loaded = loaded_by("app.main")
    assert not loaded & {
        "sqlalchemy",
        "alembic",
        "psycopg",
        "rich",
        "jinja2",
        "PIL",
        "pooch",
        "ray",
    }


def loaded_by(module: str) -> set[str]:
    """Return the packages that importing a module loads."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(run(code).split())


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


# The page: modules in static/, of which each kind has its own rule.

SCRIPTS = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "static").rglob("*.js")}
IMPORTED = re.compile(r"""(?:from|import)\s+["'](\.[^"']+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def scripts_imported_by(script: str) -> list[str]:
    """Return the scripts that a script imports, types included."""
    folder = SCRIPTS[script].parent
    names = IMPORTED.findall(SCRIPTS[script].read_text("utf-8"))
    paths = ((folder / name).resolve().relative_to(ROOT).as_posix() for name in names)
    return sorted({path for path in paths if path in SCRIPTS})


@cache
def script_imports() -> dict[str, list[str]]:
    """Return what each script imports."""
    return {script: scripts_imported_by(script) for script in SCRIPTS}


def scripts_with(word: str) -> set[str]:
    """Return the scripts in whose code, comments left out, a word stands."""
    return {
        script
        for script, path in SCRIPTS.items()
        if re.search(word, COMMENT.sub("", path.read_text("utf-8")))
    }


def test_no_scripts_import_each_other_in_a_circle() -> None:
    assert len(SCRIPTS) > 50
    assert sum(map(len, script_imports().values())) > 200
    try:
        TopologicalSorter(script_imports()).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


@pytest.mark.parametrize("script", sorted(name for name in SCRIPTS if ".view.js" in name))
def test_a_view_knows_no_view_of_another_feature(script: str) -> None:
    feature = SCRIPTS[script].parent
    views = [name for name in script_imports()[script] if ".view.js" in name]
    assert all(SCRIPTS[view].parent == feature for view in views)


@pytest.mark.parametrize("script", sorted(name for name in SCRIPTS if ".pure.js" in name))
def test_a_pure_script_imports_pure_ones_and_types_only(script: str) -> None:
    code = COMMENT.sub("", SCRIPTS[script].read_text("utf-8"))
    assert all(name.endswith(".pure.js") for name in IMPORTED.findall(code))
    assert not re.search(r"\b(document|window|fetch|WebSocket|localStorage)\b", code)


def test_only_one_script_of_a_page_touches_its_socket_and_one_calls_the_server() -> None:
    assert scripts_with(r"new WebSocket\(") == {
        "static/shell/live.js",
        "static/classroom/live.js",
        "static/sweep/live.js",
    }
    assert scripts_with(r"\bfetch\(|XMLHttpRequest") == {"static/shell/api.js"}


def test_no_file_of_code_is_over_300_lines_but_by_a_reason_that_stands_in_it() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "nn_core", "static", "templates", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".js", ".css", ".html")
        and len(path.read_text("utf-8").splitlines()) > 300
        and "over 300 lines:" not in path.read_text("utf-8")
    }
    assert not long
