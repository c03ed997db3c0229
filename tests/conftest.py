"""What all tests share: Hypothesis profiles, the order of the folders and the open data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# "ci": the same few examples on every run, so that a failure is about the change at hand.
# "long": fresh examples by the thousand (`make test-long`).
settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long",
    derandomize=False,
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

FASTEST_FIRST = ("unit", "definitions", "spec", "property", "golden", "docs", "cli", "integration")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast folders first: most mistakes show within seconds."""
    tests = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(tests).parts[0]
        return FASTEST_FIRST.index(folder) if folder in FASTEST_FIRST else len(FASTEST_FIRST)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The folder of published open data that the real workspaces are built from."""
    named = os.environ.get("ASSESSMENT_OPEN_DATA")
    if not named:
        pytest.skip("needs the open data: set ASSESSMENT_OPEN_DATA to its folder")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"needs the open data: ASSESSMENT_OPEN_DATA names no folder ({folder})")
    return folder


REPOSITORY = Path(__file__).parents[1]
Run = Callable[..., subprocess.CompletedProcess[str]]


def run_assessment(*arguments: object, **options: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user does; `options` are environment variables."""
    command = [str(Path(sys.executable).with_name("assessment")), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **options})


@pytest.fixture(scope="session")
def assessment() -> Run:
    """The `assessment` command."""
    return run_assessment


@dataclass(frozen=True)
class BuiltWorkspace:
    """A workspace with a published edition, built once for all tests; tests only read it."""

    root: Path
    edition: Path
    output: str


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> BuiltWorkspace:
    """The demonstration partnership, built from its extracts by the command line."""

    def make(root: Path) -> str:
        shutil.copytree(REPOSITORY / "config", root / "config")
        return _succeed("demo", "--workspace", root) + _succeed("build", "--workspace", root)

    return _built(tmp_path_factory, "demonstration", make)


@pytest.fixture(scope="session")
def sheffield(tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> BuiltWorkspace:
    """The Sheffield example, built from the open data."""
    return _built_example(tmp_path_factory, "sheffield", open_data)


@pytest.fixture(scope="session")
def wolverhampton(tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> BuiltWorkspace:
    """The Wolverhampton example, built from the open data."""
    return _built_example(tmp_path_factory, "wolverhampton-open", open_data)


def _built_example(factory: pytest.TempPathFactory, name: str, open_data: Path) -> BuiltWorkspace:
    def make(root: Path) -> str:
        shutil.copytree(REPOSITORY / "examples" / name / "config", root / "config")
        return _succeed("build", "--workspace", root, "--from", open_data)

    return _built(factory, name, make)


def _built(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], str]) -> BuiltWorkspace:
    """Build a workspace once, however many test processes ask for it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root, output = shared / name, shared / f"{name}.output"
    with _alone(shared / f"{name}.lock"):
        if not output.exists():
            text = make(root)
            output.write_text(text)
    (edition,) = (root / "reports" / "editions").iterdir()
    return BuiltWorkspace(root, edition, output.read_text())


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    import fcntl

    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _succeed(*arguments: object) -> str:
    run = run_assessment(*arguments)
    assert run.returncode == 0, f"assessment {arguments}: exit {run.returncode}\n{run.stdout}\n{run.stderr}"
    return run.stdout
