"""The layout of design section 3, enforced: who may import whom, who owns which library, no clock.

Every rule is a function from parsed modules to sentences about what breaks it, so the same
functions judge the package and, further down, snippets that must be found guilty.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Left never imports right; names within one pair of brackets do not import each other.
LAYERS = (
    ("errors",),
    ("model",),
    ("store", "workspace", "definitions"),
    ("query", "statistics"),
    ("quality", "disclosure", "assess"),
    ("ingest", "compute"),
    ("report", "demo"),
    ("editions",),
    ("cli",),
    ("__main__",),
)
RANK = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}

# Library -> the part of the package in which one file, and no other, may import it.
OWNERS = {
    "duckdb": "store",
    "yaml": "definitions",
    "sqlglot": "query",
    "great_expectations": "quality",
    "pyreadstat": "ingest",
    "python_calamine": "ingest",
    "jinja2": "report",
    "weasyprint": "report",
    "vl_convert": "report",
    "xlsxwriter": "report",
    "pypdf": "report",
    "typer": "cli",
    "rich": "cli",
}
# The owner is the whole folder where one file would be too long to read in a sitting: building
# the expression tree, and declaring some twenty commands.
OWNED_BY_A_FOLDER = {"sqlglot", "typer"}

# What the command line may import before it knows the command; `--help` must stay instant.
LIGHT_ENOUGH_FOR_HELP = {"typer"} | set(sys.stdlib_module_names)

CLOCK_READERS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "pandas.Timestamp.now",
    "pandas.Timestamp.today",
    "pandas.Timestamp.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
# The edges, where the time is read and from where it is passed in.
MAY_READ_THE_CLOCK = {"cli", "workspace"}

NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


@dataclass(frozen=True)
class Module:
    name: str  # dotted, e.g. "pipeline.model.period"; of a package, the package's own name
    tree: ast.Module
    is_package: bool = False

    @property
    def part(self) -> str:
        """The name that stands in `LAYERS`; empty for `pipeline/__init__.py`."""
        return part_of(self.name)


@dataclass(frozen=True)
class Import:
    target: str  # dotted name; of `from a import b`, "a.b" (b may be a module or a name)
    line: int


def part_of(dotted: str) -> str:
    return dotted.split(".")[1] if "." in dotted else ""


def module(name: str, source: str, *, is_package: bool = False) -> Module:
    return Module(name, ast.parse(source), is_package)


def package_modules() -> list[Module]:
    modules = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules.append(module(name, path.read_text(encoding="utf-8"), is_package=is_package))
    return modules


def imports_in(module: Module, nodes: Iterable[ast.AST]) -> Iterator[Import]:
    for node in nodes:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(alias.name, node.lineno)
            case ast.ImportFrom(module=source, names=names, level=level):
                if level:
                    own = module.name.split(".")
                    up = level - 1 if module.is_package else level
                    base = own[: len(own) - up]
                    source = ".".join([*base, source] if source else base)
                for alias in names:
                    yield Import(f"{source}.{alias.name}", node.lineno)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
                args=[ast.Constant(value=str(target)), *_],
            ):
                yield Import(target, node.lineno)


def all_imports(module: Module) -> Iterator[Import]:
    return imports_in(module, ast.walk(module.tree))


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes executed when the module is imported: no function bodies, no TYPE_CHECKING."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from run_at_import(child)


# --- The rules ---------------------------------------------------------------------------------


def wrong_directions(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if module.part and module.part not in RANK:
            yield f"{module.name}: '{module.part}' has no place in LAYERS (design section 3)"
            continue
        for found in all_imports(module):
            target = part_of(found.target)
            if found.target.split(".")[0] != "pipeline" or target not in RANK:
                continue
            if not module.part:
                yield f"{module.name}:{found.line} imports {found.target}; it imports nothing"
            elif target != module.part and RANK[target] >= RANK[module.part]:
                yield (
                    f"{module.name}:{found.line} imports {found.target}:"
                    f" '{module.part}' may not import '{target}'"
                )


def second_owners(modules: Iterable[Module]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for module in modules:
        for found in all_imports(module):
            library = found.target.split(".")[0]
            if library not in OWNERS:
                continue
            where = f"{module.name}:{found.line} imports {library}"
            if module.part != OWNERS[library]:
                yield f"{where}, which belongs to {OWNERS[library]}"
            elif library not in OWNED_BY_A_FOLDER:
                owner = owners.setdefault(library, module.name)
                if owner != module.name:
                    yield f"{where}, which {owner} owns"


def clocks_read(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if module.part in MAY_READ_THE_CLOCK:
            continue
        meaning = names_imported(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                dotted = ast.unparse(node)
                first, _, rest = dotted.partition(".")
                if first not in meaning:
                    continue
                full = f"{meaning[first]}.{rest}" if rest else meaning[first]
                if full in CLOCK_READERS:
                    yield f"{module.name}:{node.lineno} reads the clock ({full}); pass time in"


def names_imported(module: Module) -> dict[str, str]:
    """Name in the module -> what it stands for, dotted."""
    meaning = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    meaning[alias.asname] = alias.name
                else:
                    first = alias.name.split(".")[0]
                    meaning[first] = first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return meaning


def heavy_for_help(modules: Iterable[Module]) -> Iterator[str]:
    """Follows what importing `pipeline.cli` imports in its turn, package by package."""
    by_name = {module.name: module for module in modules}
    waiting = ["pipeline.cli", "pipeline.__main__"]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in by_name:
            continue
        seen.add(name)
        module = by_name[name]
        for found in imports_in(module, run_at_import(module.tree)):
            root = found.target.split(".")[0]
            if root == "pipeline":
                steps = found.target.split(".")
                waiting += [".".join(steps[:end]) for end in range(1, len(steps) + 1)]
            elif root not in LIGHT_ENOUGH_FOR_HELP:
                yield f"{name}:{found.line} imports {root} whenever `assessment --help` runs"


def names_that_say_nothing(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if says_nothing(module.name.split(".")[-1]):
            yield f"{module.name}: a module name that says nothing"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and says_nothing(
                node.name
            ):
                yield f"{module.name}:{node.lineno} '{node.name}': a name that says nothing"


def says_nothing(name: str) -> bool:
    lowered = name.lower().strip("_")
    return lowered in NAMES_THAT_SAY_NOTHING or lowered.endswith(("_utils", "helpers", "manager"))


# --- The package -------------------------------------------------------------------------------

Rule = Callable[[Iterable[Module]], Iterator[str]]
RULES: tuple[Rule, ...] = (
    wrong_directions,
    second_owners,
    clocks_read,
    heavy_for_help,
    names_that_say_nothing,
)


@pytest.mark.parametrize("rule", RULES)
def test_package_keeps_the_rule(rule: Rule) -> None:
    assert "\n".join(rule(package_modules())) == ""


def test_every_module_of_the_package_is_judged() -> None:
    names = {module.name for module in package_modules()}
    assert {"pipeline", "pipeline.errors", "pipeline.model"} <= names


# --- The rules themselves ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("pipeline.model.period", "from pipeline.store import connect"),
        ("pipeline.model.period", "from pipeline import store"),
        ("pipeline.model.period", "from ..store import connect"),
        ("pipeline.model.period", "def f():\n    import pipeline.store"),
        ("pipeline.model.period", "import_module('pipeline.report.pdf')"),
        ("pipeline.store", "from pipeline.definitions.load import load"),
        ("pipeline.assess.verdict", "from pipeline.disclosure.release import release"),
        ("pipeline.compute.run", "from pipeline.ingest.receive import receive"),
        ("pipeline.errors", "import pipeline.model"),
        ("pipeline", "from pipeline.cli import main"),
        ("pipeline.extras", "x = 1"),
    ],
)
def test_imports_against_the_arrows_are_found(importer: str, source: str) -> None:
    assert len(list(wrong_directions([module(importer, source)]))) == 1


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("pipeline.store", "from pipeline.model.period import Period"),
        ("pipeline.report.pdf", "from pipeline.report.document import Document"),
        ("pipeline.report.pdf", "from .document import Document"),
        ("pipeline.cli", "from pipeline.editions.build import build"),
        ("pipeline.compute.run", "from pipeline.disclosure.release import release"),
        ("pipeline.__main__", "from pipeline.cli import main"),
        ("pipeline", "__version__ = '1'"),
    ],
)
def test_imports_along_the_arrows_are_allowed(importer: str, source: str) -> None:
    assert list(wrong_directions([module(importer, source)])) == []


def test_a_package_resolves_its_own_relative_imports() -> None:
    package = module("pipeline.model", "from .. import store", is_package=True)
    assert len(list(wrong_directions([package]))) == 1
    package = module("pipeline.model", "from .period import Period", is_package=True)
    assert list(wrong_directions([package])) == []


def test_a_library_outside_its_part_is_found() -> None:
    guilty = module("pipeline.compute.run", "import duckdb")
    assert list(second_owners([guilty])) == ["pipeline.compute.run:1 imports duckdb, which belongs to store"]


def test_a_second_owner_is_found() -> None:
    first = module("pipeline.report.pdf", "def f():\n    from weasyprint import HTML")
    second = module("pipeline.report.html", "import weasyprint.text")
    assert list(second_owners([first])) == []
    assert list(second_owners([first, second])) == [
        "pipeline.report.html:1 imports weasyprint, which pipeline.report.pdf owns"
    ]


def test_a_folder_may_own_the_libraries_named_so() -> None:
    files = [module(f"pipeline.query.{name}", "import sqlglot") for name in ("spine", "ratio")]
    assert list(second_owners(files)) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date\ndate.today()",
        "from datetime import datetime as dt, UTC\ndt.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as dt\nclock = dt.datetime.now",
        "import time\ntime.time()",
        "from time import time_ns\ntime_ns()",
        "import pandas as pd\npd.Timestamp.now()",
    ],
)
def test_a_clock_is_found(source: str) -> None:
    assert len(list(clocks_read([module("pipeline.report.pdf", source)]))) == 1
    assert list(clocks_read([module("pipeline.cli", source)])) == []
    assert list(clocks_read([module("pipeline.workspace", source)])) == []


def test_measuring_a_duration_is_no_clock() -> None:
    assert list(clocks_read([module("pipeline.store", "import time\ntime.perf_counter()")])) == []


def test_heavy_imports_are_found_through_other_modules() -> None:
    modules = [
        module("pipeline", "", is_package=True),
        module("pipeline.cli", "import typer\nfrom pipeline.report.pdf import write"),
        module("pipeline.report", "import pandas", is_package=True),
        module("pipeline.report.pdf", "def write():\n    import weasyprint"),
    ]
    assert list(heavy_for_help(modules)) == [
        "pipeline.report:1 imports pandas whenever `assessment --help` runs"
    ]


def test_what_only_commands_import_may_be_heavy() -> None:
    modules = [
        module("pipeline.cli", "def build():\n    from pipeline.cli.words import tell"),
        module("pipeline.cli.words", "import pandas"),
    ]
    assert list(heavy_for_help(modules)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import typer\nfrom pathlib import Path\ndef build():\n    import duckdb",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas",
    ],
)
def test_light_imports_and_imports_inside_commands_are_allowed(source: str) -> None:
    assert list(heavy_for_help([module("pipeline.cli", source)])) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("pipeline.report.utils", ""),
        ("pipeline.model.period", "def helper(): ..."),
        ("pipeline.model.period", "class PeriodManager: ..."),
        ("pipeline.model.date_utils", ""),
    ],
)
def test_names_that_say_nothing_are_found(name: str, source: str) -> None:
    assert len(list(names_that_say_nothing([module(name, source)]))) == 1
