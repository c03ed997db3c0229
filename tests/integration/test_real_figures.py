"""The two real workspaces against an independent count with pandas, straight from the published files."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from pipeline import ingest
from pipeline.compute import compare, observe
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation, Results, State
from pipeline.store import Store
from pipeline.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
SHEFFIELD, WOLVERHAMPTON = "E08000019", "E08000031"
ASB = "Anti-social behaviour"
NEIGHBOURHOOD = ["Burglary", "Robbery", "Theft from the person", "Vehicle crime"]


def indicator_of(category: str) -> str:
    """The id of the indicator of a published category."""
    return category.lower().replace("-", "").replace(" ", "_")


@dataclass(frozen=True)
class Computed:
    """One workspace computed from the published files."""

    definitions: Definitions
    results: Results
    comparisons: tuple[Comparison, ...]

    def get(self, indicator: str, area: str, period: str) -> ReleasedObservation:
        """The total of an area; the period as its first and last month."""
        found = [
            o
            for o in self.results
            if (o.indicator, o.area.code, o.period.key, o.breakdown) == (indicator, area, period, "")
        ]
        assert len(found) == 1, f"{indicator} {area} {period}: {len(found)} observations"
        return found[0]

    def comparison(self, indicator: str, area: str, comparator: str) -> Comparison:
        """The comparison of an area's current total."""
        found = [
            c
            for c in self.comparisons
            if (c.observation.indicator, c.observation.area.code, c.comparator)
            == (indicator, area, comparator)
            and not c.observation.breakdown
        ]
        assert len(found) == 1, f"{indicator} {area} {comparator}: {len(found)} comparisons"
        return found[0]


def computed(example: str, folder: Path, open_data: Path) -> Computed:
    """The example built from the open data in a folder of its own."""
    shutil.copytree(EXAMPLES / example / "config", folder / "config")
    workspace = Workspace.at(folder)
    definitions = load(workspace.config)
    as_at = definitions.partnership.as_at
    assert as_at is not None
    received = datetime(as_at.year, as_at.month, as_at.day, tzinfo=UTC)
    deliveries = ingest.run(workspace, definitions, [open_data], received=received)
    with Store.reading(workspace.warehouse) as store:
        observations = observe(store, definitions, deliveries, as_at)
    results = release(observations, definitions)
    return Computed(definitions, results, compare(results, definitions))


# --- Sheffield -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheffield(open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Computed:
    return computed("sheffield", tmp_path_factory.mktemp("sheffield"), open_data)


@pytest.fixture(scope="module")
def street(open_data: Path) -> pd.DataFrame:
    """Month, category and district (2011 LSOA) of every row that South Yorkshire Police published."""
    files = sorted((open_data / "police_street").glob("*-south-yorkshire-street.csv.gz"))
    rows = pd.concat(
        [pd.read_csv(file, usecols=["Month", "LSOA code", "Crime type"], dtype=str) for file in files]
    )
    lookup = next((open_data / "lookups").glob("LSOA_(2011)_to_*.csv.gz"))
    places = pd.read_csv(lookup, dtype=str, encoding="utf-8-sig").drop_duplicates("LSOA11CD")
    district = rows["LSOA code"].map(places.set_index("LSOA11CD")["LAD22CD"])
    return pd.DataFrame({"month": rows["Month"], "category": rows["Crime type"], "district": district})


def window(frame: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The rows of the months from first to last."""
    return frame[(frame["month"] >= first) & (frame["month"] <= last)]


SHEFFIELD_YEARS = (("2020-10", "2021-09"), ("2019-10", "2020-09"))


def test_every_sheffield_category_of_both_years(sheffield: Computed, street: pd.DataFrame) -> None:
    for first, last in SHEFFIELD_YEARS:
        year = window(street, first, last)
        for district in ("E08000016", "E08000017", "E08000018", SHEFFIELD):
            counts = year[year["district"] == district]["category"].value_counts()
            assert len(counts) == 14
            for category, count in counts.items():
                found = sheffield.get(indicator_of(str(category)), district, f"{first}/{last}")
                assert (found.value, found.numerator, found.state) == (count, count, State.VALUE)
            total = sheffield.get("total_recorded_crime", district, f"{first}/{last}")
            assert total.value == counts.sum() - counts[ASB]
            neighbourhood = sheffield.get("neighbourhood_crime", district, f"{first}/{last}")
            assert neighbourhood.value == counts[NEIGHBOURHOOD].sum()


@pytest.mark.parametrize(
    ("indicator", "now", "before"),
    [
        ("burglary", 3934, 4335),
        ("robbery", 585, 683),
        ("vehicle_crime", 4401, 4965),
        ("antisocial_behaviour", 12782, 14998),
        ("violence_and_sexual_offences", 18940, 18444),
    ],
)
def test_sheffield_figures_as_published(sheffield: Computed, indicator: str, now: int, before: int) -> None:
    assert sheffield.get(indicator, SHEFFIELD, "2020-10/2021-09").value == now
    assert sheffield.get(indicator, SHEFFIELD, "2019-10/2020-09").value == before


def test_rows_without_a_place_are_shared_out_pro_rata(sheffield: Computed, street: pd.DataFrame) -> None:
    violence = street[street["category"] == "Violence and sexual offences"]
    districts = ("E08000016", "E08000017", "E08000018", SHEFFIELD)
    shared = []
    for first, last in SHEFFIELD_YEARS:
        year = window(violence, first, last)
        located = year["district"].isin(districts).sum()
        nowhere = year["district"].isna().sum()
        shared.append((year["district"] == SHEFFIELD).sum() * (located + nowhere) / located)
    after, before = shared
    found = sheffield.comparison("violence_and_sexual_offences", SHEFFIELD, "previous_year")
    assert found.pro_rata == pytest.approx(100 * (after / before - 1), abs=1e-9)
    assert found.change_percent is not None
    assert found.pro_rata is not None
    assert (round(found.change_percent, 1), round(found.pro_rata, 1)) == (2.7, 1.4)
    assert found.marks == {Mark.BREAK, Mark.LOW_RELIABILITY}
    assert (found.bound_lower, found.bound_upper) == (None, None)


def test_the_force_is_its_districts_and_the_rest(sheffield: Computed, street: pd.DataFrame) -> None:
    year = window(street[street["category"] == "Burglary"], "2020-10", "2021-09")
    cells = {
        o.category: o.value
        for o in sheffield.results
        if (o.indicator, o.breakdown, o.period.key) == ("burglary", "location", "2020-10/2021-09")
    }
    inside = year["district"].isin(["E08000016", "E08000017", "E08000018", SHEFFIELD])
    assert cells == {
        "inside the force": inside.sum(),
        "outside the force": (~inside & year["district"].notna()).sum(),
        "not recorded": year["district"].isna().sum(),
    }
    rest = sheffield.get("burglary", "E23000011-rest", "2020-10/2021-09").value
    assert rest == (inside & (year["district"] != SHEFFIELD)).sum()


def test_every_month_point_and_the_month_never_published(sheffield: Computed, street: pd.DataFrame) -> None:
    robbery = street[(street["category"] == "Robbery") & (street["district"] == SHEFFIELD)]
    counts = robbery["month"].value_counts()
    points = sheffield.results.series("robbery", SHEFFIELD, "month")
    assert (points[0].period.key, points[-1].period.key) == ("2018-01/2018-01", "2021-09/2021-09")
    for point in points:
        month = point.period.key[:7]
        if month == "2019-07":
            assert (point.state, point.value) == (State.NOT_SUPPLIED, None)
            assert point.reason == "2019-07 not delivered"
        else:
            assert point.value == counts[month]


def test_no_sheffield_change_escapes_the_pandemic(sheffield: Computed) -> None:
    changes = [c for c in sheffield.comparisons if c.comparator == "previous_year" and c.comparable]
    assert changes
    assert all(Mark.BREAK in c.marks for c in changes)


# --- Wolverhampton -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wolverhampton(open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Computed:
    return computed("wolverhampton-open", tmp_path_factory.mktemp("wolverhampton"), open_data)


@pytest.fixture(scope="module")
def small_areas(open_data: Path) -> pd.DataFrame:
    """Month, category, district, ward and count of the published West Midlands counts."""
    files = sorted((open_data / "west_midlands_lsoa_month").glob("*.csv.gz"))
    rows = pd.concat([pd.read_csv(file, dtype={"lsoa_code": str, "category": str}) for file in files])
    lookup = next((open_data / "lookups").glob("LSOA_(2021)_to_Electoral_Ward_*.csv.gz"))
    places = pd.read_csv(lookup, dtype=str, encoding="utf-8-sig").set_index("LSOA21CD")
    month = rows["year"].astype(str) + "-" + rows["month"].astype(str).str.zfill(2)
    return pd.DataFrame(
        {
            "month": month,
            "category": rows["category"],
            "district": rows["lsoa_code"].map(places["LAD24CD"]),
            "ward": rows["lsoa_code"].map(places["WD24CD"]),
            "count": rows["crime_count"],
        }
    )


@pytest.fixture(scope="module")
def residents(open_data: Path) -> pd.DataFrame:
    """Residents and households of each district, from table C4."""
    table = pd.read_excel(
        open_data / "ons_csp" / "policeforceareatablesyedecember2024.xlsx",
        sheet_name="Table C4",
        header=None,
        skiprows=8,
        engine="calamine",
    )
    return pd.DataFrame({"residents": table[6], "households": table[7]}).set_index(table[4])


WHOLE_YEARS = (("2025-04", "2026-03"), ("2023-09", "2024-08"))


def test_every_wolverhampton_category_of_both_years(
    wolverhampton: Computed, small_areas: pd.DataFrame
) -> None:
    for first, last in WHOLE_YEARS:
        year = window(small_areas, first, last)
        counts = year[year["district"] == WOLVERHAMPTON].groupby("category")["count"].sum()
        assert len(counts) == 14
        for category, count in counts.items():
            found = wolverhampton.get(indicator_of(str(category)), WOLVERHAMPTON, f"{first}/{last}")
            assert found.value == count


@pytest.mark.parametrize(
    ("period", "crime", "asb"), [("2025-04/2026-03", 26197, 1653), ("2023-09/2024-08", 30598, 2560)]
)
def test_wolverhampton_totals_as_published(
    wolverhampton: Computed, period: str, crime: int, asb: int
) -> None:
    assert wolverhampton.get("total_recorded_crime", WOLVERHAMPTON, period).value == crime
    assert wolverhampton.get("antisocial_behaviour", WOLVERHAMPTON, period).value == asb
    assert crime + asb == {"2025-04/2026-03": 27850, "2023-09/2024-08": 33158}[period]


def test_no_comparison_crosses_months_that_never_came(wolverhampton: Computed) -> None:
    found = wolverhampton.comparison("total_recorded_crime", WOLVERHAMPTON, "previous_year")
    assert not found.comparable
    assert found.change is None
    assert found.reason == "2024-09 not delivered, 2024-10 incomplete"
    whole = wolverhampton.comparison("total_recorded_crime", WOLVERHAMPTON, "period")
    assert whole.comparable
    assert (whole.change, whole.reference_label) == (26197 - 30598, "year to August 2024")
    assert whole.change_percent == pytest.approx(100 * (26197 / 30598 - 1))


@pytest.mark.parametrize(
    ("item", "before", "now", "percent"),
    [("total_recorded_crime", 31276, 28881, -7.7), ("violence_with_injury", 3469, 3115, -10.2)],
)
def test_the_official_series(
    wolverhampton: Computed, item: str, before: int, now: int, percent: float
) -> None:
    found = wolverhampton.comparison(f"official_{item}", WOLVERHAMPTON, "previous_year")
    assert (found.observation.value, found.reference_value) == (now, before)
    assert found.observation.period.key == "2024-01/2024-12"
    assert found.change_percent is not None
    assert round(found.change_percent, 1) == percent


def test_the_latest_official_year(wolverhampton: Computed) -> None:
    found = wolverhampton.get("official_total_recorded_crime", WOLVERHAMPTON, "2024-07/2025-06")
    assert (found.value, found.period.basis) == (27222, "year_ending")


RATES = {
    "vehicle_crime_rate": (["Vehicle crime"], "residents"),
    "robbery_rate": (["Robbery"], "residents"),
    "burglary_rate": (["Burglary"], "households"),
    "neighbourhood_crime_rate": (NEIGHBOURHOOD, "residents"),
    "serious_acquisitive_crime_rate": (["Burglary", "Robbery", "Vehicle crime"], "residents"),
}


@pytest.mark.parametrize("indicator", RATES)
def test_rates_and_ranks_of_the_seven(
    wolverhampton: Computed, small_areas: pd.DataFrame, residents: pd.DataFrame, indicator: str
) -> None:
    categories, base = RATES[indicator]
    year = window(small_areas[small_areas["category"].isin(categories)], "2025-04", "2026-03")
    counts = year.groupby("district")["count"].sum()
    rates = {
        area.code: 1000 * counts[area.code] / residents.loc[area.code, base]
        for area in wolverhampton.definitions.partnership.area_set("wm7")
    }
    assert len(rates) == 7
    for code, rate in rates.items():
        found = wolverhampton.get(indicator, code, "2025-04/2026-03")
        assert found.value == pytest.approx(rate)
        assert found.denominator == residents.loc[code, base]
        assert "population of 202" in found.reason
    together = wolverhampton.get(indicator, "wm7", "2025-04/2026-03")
    assert together.numerator == sum(counts[code] for code in rates)
    assert together.denominator == float(residents.loc[list(rates), base].sum())
    average = wolverhampton.comparison(indicator, WOLVERHAMPTON, "average")
    assert average.reference_value == together.value
    rank = wolverhampton.comparison(indicator, WOLVERHAMPTON, "rank")
    assert rank.reference_value == 1 + sum(rate < rates[WOLVERHAMPTON] for rate in rates.values())
    assert rank.lower is not None
    assert rank.reference_value is not None
    assert rank.upper is not None
    assert 1 <= rank.lower <= rank.reference_value <= rank.upper <= 7


def test_twenty_wards_by_headline_category(wolverhampton: Computed, small_areas: pd.DataFrame) -> None:
    wards = wolverhampton.definitions.partnership.area_set("wards")
    assert len(wards) == 20
    for category in ("Burglary", "Robbery", "Vehicle crime", "Violence and sexual offences"):
        indicator = indicator_of(category)
        rows = small_areas[small_areas["category"] == category]
        counts = [window(rows, *year).groupby("ward")["count"].sum() for year in WHOLE_YEARS]
        for ward in wards:
            now, before = (int(count.get(ward.code, 0)) for count in counts)
            found = wolverhampton.comparison(indicator, ward.code, "period")
            assert (found.observation.value, found.reference_value, found.change) == (
                now,
                before,
                now - before,
            )
            rate = wolverhampton.get(f"{indicator}_ward_rate", ward.code, "2025-04/2026-03")
            assert rate.denominator
            assert rate.value == pytest.approx(1000 * now / rate.denominator)
