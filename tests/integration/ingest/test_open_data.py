"""The two real workspaces, counted again with pandas straight from the publishers' files."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from pipeline import ingest
from pipeline.definitions.load import load
from pipeline.model.delivery import Deliveries, MonthState
from pipeline.store import Store
from pipeline.workspace import Workspace

ROOT = Path(__file__).parents[3]
RECEIVED = datetime(2026, 5, 11, tzinfo=UTC)
YEAR = ("2020-10", "2021-09")
YEAR_BEFORE = ("2019-10", "2020-09")
SHEFFIELD = {
    YEAR: {"Burglary": 3934, "Robbery": 585, "Vehicle crime": 4401,
           "Anti-social behaviour": 12782, "Violence and sexual offences": 18940},
    YEAR_BEFORE: {"Burglary": 4335, "Robbery": 683, "Vehicle crime": 4965,
                  "Anti-social behaviour": 14998, "Violence and sexual offences": 18444},
}  # fmt: skip

Ingested = tuple[Deliveries, Store]


def ingested(example: str, tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> Iterator[Ingested]:
    root = tmp_path_factory.mktemp(example)
    (root / "config").symlink_to(ROOT / "examples" / example / "config")
    workspace = Workspace.at(root)
    deliveries = ingest.run(workspace, load(workspace.config), [open_data], RECEIVED)
    with Store.reading(workspace.warehouse) as store:
        yield deliveries, store


@pytest.fixture(scope="module")
def sheffield(tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> Iterator[Ingested]:
    yield from ingested("sheffield", tmp_path_factory, open_data)


@pytest.fixture(scope="module")
def wolverhampton(tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> Iterator[Ingested]:
    yield from ingested("wolverhampton-open", tmp_path_factory, open_data)


@pytest.fixture(scope="module")
def street(open_data: Path) -> pd.DataFrame:
    """Every row of the published files, placed by the published lookup, without this project's code."""
    files = sorted(open_data.glob("police_street/*-south-yorkshire-street.csv.gz"))
    rows = pd.concat([pd.read_csv(file, usecols=["Month", "LSOA code", "Crime type"]) for file in files])
    (lookup,) = open_data.glob("lookups/LSOA_(2011)_*.csv.gz")
    places = pd.read_csv(lookup, encoding="utf-8-sig").drop_duplicates("LSOA11CD")
    return rows.merge(
        places[["LSOA11CD", "LAD22CD", "LAD22NM"]], left_on="LSOA code", right_on="LSOA11CD", how="left"
    )


def both_tables(store: Store, table: str) -> pd.DataFrame:
    sql = (
        f"SELECT district_code, strftime(month, '%Y-%m') AS month, category, quantity FROM {table} "
        f"UNION ALL SELECT district_code, strftime(month, '%Y-%m'), category, quantity FROM {table}_incidents"
    )
    frame: pd.DataFrame = store.fetch(sql).to_pandas()
    return frame


def test_sheffield_equals_pandas_row_for_row(sheffield: Ingested, street: pd.DataFrame) -> None:
    ours = both_tables(sheffield[1], "police_street")
    assert len(ours) == len(street) == 652_082
    by = ["district_code", "month", "category"]
    mine = ours.groupby(by, dropna=False).size()
    theirs = street.rename(columns={"LAD22CD": by[0], "Month": by[1], "Crime type": by[2]})
    pd.testing.assert_series_equal(mine.sort_index(), theirs.groupby(by, dropna=False).size().sort_index())


@pytest.mark.parametrize("year", SHEFFIELD, ids=["to 2021-09", "to 2020-09"])
def test_sheffield_figures(sheffield: Ingested, year: tuple[str, str]) -> None:
    rows = both_tables(sheffield[1], "police_street")
    rows = rows[(rows.district_code == "E08000019") & rows.month.between(*year)]
    counted = rows.groupby("category").quantity.sum()
    assert {category: counted[category] for category in SHEFFIELD[year]} == SHEFFIELD[year]


def test_sheffield_accounting_and_places(sheffield: Ingested, street: pd.DataFrame) -> None:
    accounting = [a for a in sheffield[0].accounting if a.source == "police_street"]
    assert len(accounting) == 44
    assert all(a.closes and a.loaded == a.read == a.record_lines for a in accounting)
    assert sum(a.without_place for a in accounting) == street.LAD22CD.isna().sum()
    outside: dict[str, int] = {}
    for a in accounting:
        for name, rows in a.outside:
            outside[name] = outside.get(name, 0) + rows
    assert (outside["Wakefield"], outside["Bassetlaw"]) == (226, 171)
    inside = street.LAD22CD.isin([f"E080000{n}" for n in (16, 17, 18, 19)])
    assert sum(outside.values()) == (street.LAD22CD.notna() & ~inside).sum()


def test_sheffield_lacks_one_month_everywhere(sheffield: Ingested) -> None:
    gaps = {m.month: m.state for m in sheffield[0].coverage.months if m.state is not MonthState.DELIVERED}
    assert gaps == {date(2019, 7, 1): MonthState.NOT_DELIVERED}


@pytest.mark.parametrize(
    ("year", "crime", "incidents"),
    [(("2025-04", "2026-03"), 26_197, 1_653), (("2023-09", "2024-08"), 30_598, 2_560)],
)
def test_wolverhampton_year(
    wolverhampton: Ingested, open_data: Path, year: tuple[str, str], crime: int, incidents: int
) -> None:
    rows = both_tables(wolverhampton[1], "police_lsoa_month")
    rows = rows[(rows.district_code == "E08000031") & rows.month.between(*year)]
    assert rows.category.nunique() == 14
    asb = rows.category == "Anti-social behaviour"
    assert (rows[~asb].quantity.sum(), rows[asb].quantity.sum()) == (crime, incidents)
    published = pd.concat(map(pd.read_csv, sorted(open_data.glob("west_midlands_lsoa_month/*.csv.gz"))))
    months = published.year.astype(str) + "-" + published.month.astype(str).str.zfill(2)
    own = published[(published.borough == "Wolverhampton") & months.between(*year)]
    assert own.crime_count.sum() == crime + incidents


def test_wolverhampton_holes(wolverhampton: Ingested) -> None:
    coverage = wolverhampton[0].coverage
    gaps = {
        f"{m.month:%Y-%m}": m.state.value
        for m in coverage.months
        if m.area_code == "E08000031" and m.state is not MonthState.DELIVERED
    }
    assert gaps == {
        "2023-05": "incomplete",  # known and declared: no count shows it
        "2023-06": "not_delivered", "2023-07": "incomplete", "2023-08": "incomplete",
        "2024-09": "not_delivered", "2024-10": "incomplete",
    }  # fmt: skip
    whole = {month for n in range(12) for month in [(2023, 9 + n), (2025, 4 + n)]}
    whole = {(year + (month - 1) // 12, (month - 1) % 12 + 1) for year, month in whole}
    short = {(m.month.year, m.month.month) for m in coverage.months if m.state is not MonthState.DELIVERED}
    assert not whole & short
    assert all("accepted by" in m.note for m in coverage.months if m.state is not MonthState.DELIVERED)


def test_wolverhampton_official_series_population_and_wards(wolverhampton: Ingested) -> None:
    store = wolverhampton[1]
    series = store.fetch(
        "SELECT item, year(period_end) AS year, value FROM ons_csp WHERE area_code = 'E08000031' "
        "AND item IN ('total_recorded_crime', 'violence_with_injury') ORDER BY item, period_end"
    ).to_pylist()
    assert [row["value"] for row in series] == [31276, 28881, 27222, 3469, 3115, 2938]
    people = store.fetch(
        "SELECT year, residents, households FROM population WHERE area_code = 'E08000031' ORDER BY year"
    )
    assert people.to_pylist() == [
        {"year": 2021, "residents": None, "households": 105200},
        {"year": 2022, "residents": 267700, "households": None},
    ]
    wards = store.fetch(
        "SELECT count(*) AS wards, sum(w.residents) AS residents FROM ward_boundaries b "
        "JOIN ward_population w ON w.area_code = b.area_code"
    )
    assert wards.to_pylist() == [{"wards": 20, "residents": 263730}]
