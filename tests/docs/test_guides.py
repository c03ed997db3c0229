"""The how-to guides are followed literally, in workspaces of their own."""

import shutil
from pathlib import Path

import pytest

from pipeline.ingest.spreadsheet import Workbook, texts_of
from pipeline.store import Store
from tests.docs import strange_workbook
from tests.docs.following import follow, run
from tests.docs.prose import GUIDES, fences
from tests.docs.strange_workbook import WORKBOOK

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
        assert loaded(workspace) == [
            ("0007", "2023-04-03", "E05014838", "Party"),
            ("0008", "2023-04-21", "E05014838", "Dog"),
            ("0009", "2023-05-09", "E05014853", "Party"),
            ("0010", "2023-05-30", None, "Building site"),
        ]


def loaded(workspace: Path) -> list[tuple[str, str, str | None, str]]:
    """The complaints of the guide's workbook, as they stand in the warehouse."""
    with Store.reading(workspace / "data" / "curated" / "warehouse.duckdb") as store:
        assert not {"minutes", "complainant"} & set(store.columns("noise_complaints"))
        rows = store.rows(
            "SELECT incident_ref, recorded_on, ward_code, category FROM noise_complaints ORDER BY 1"
        )
    return [(r["incident_ref"], r["recorded_on"].isoformat(), r["ward_code"], r["category"]) for r in rows]


def test_the_guide_shows_the_workbook_as_it_is(tmp_path: Path) -> None:
    (page,) = [page for page in GUIDES if page.stem == "add-an-extract"]
    (shown,) = [fence for fence in fences(page) if "copy" in fence.instructions]
    lines = {int(line.split()[0]): line.split()[1:] for line in shown.text.splitlines()[1:]}
    grid = Workbook(WORKBOOK).grid("Complaints")
    zeros = {(cell.row, cell.column): len(code) for cell, code in grid.findings.digits}
    for number, cells in enumerate(grid.cells, 1):
        texts = [
            text.zfill(zeros.get((number, place), 0)) if text else ""
            for place, text in enumerate(texts_of(cells, {}), 1)
        ]
        assert " ".join(texts).split() == lines[number]
    strange_workbook.write(tmp_path / WORKBOOK.name)
    again = Workbook(tmp_path / WORKBOOK.name)
    assert again.sheet_names == Workbook(WORKBOOK).sheet_names
    assert again.grid("Complaints").cells == grid.cells


def test_an_indicator_takes_ten_lines_and_no_code() -> None:
    (page,) = [page for page in GUIDES if page.stem == "add-an-indicator"]
    written = [fence for fence in fences(page) if "add-to" in fence.instructions]
    assert {fence.language for fence in written} == {"yaml"}
    assert sum(len(fence.text.splitlines()) for fence in written) <= 10
