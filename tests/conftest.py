"""What all tests share: Hypothesis profiles, the order of the folders and the open data."""

import os
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
