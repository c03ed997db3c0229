"""The how-to guides are followed literally, in workspaces of their own."""

import shutil
from pathlib import Path

import pytest

from tests.docs.following import follow, run
from tests.docs.prose import GUIDES, fences

FOLLOWED = [page for page in GUIDES if any(fence.is_followed for fence in fences(page))]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration workspace whose extracts have been received."""
    folder = tmp_path_factory.mktemp("guides")
    run("assessment init w\nassessment demo -w w\nassessment ingest -w w", folder)
    return folder / "w"


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(page: Path, received: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(received, workspace)
    printed = follow(page, workspace)
    if page.stem == "add-an-indicator":
        (previewed,) = [text for text in printed if "Comparisons" in text]
        assert "shop_crime: Crimes in shops" in previewed
        assert "previous_year: year to" in previewed
        assert "shop_crime" in printed[-1]
    if page.stem == "add-an-extract":
        (line,) = [line for line in printed[-1].splitlines() if line.startswith("noise_complaints")]
        assert line.split()[1:5] == ["1", "5", "4", "1"]


def test_an_indicator_takes_ten_lines_and_no_code() -> None:
    (page,) = [page for page in GUIDES if page.stem == "add-an-indicator"]
    written = [fence for fence in fences(page) if "add-to" in fence.instructions]
    assert {fence.language for fence in written} == {"yaml"}
    assert sum(len(fence.text.splitlines()) for fence in written) <= 10
