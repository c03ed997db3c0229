"""Every figure the consultation prints, counted straight from the extracts with pandas."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.demo.conftest import Delivery

VIOLENCE_WITH_INJURY = ["2", "4.3", "4.7", "5D", "5E", "8N", "8P", "8S"]
VIOLENCE_AGAINST_THE_PERSON = [
    *("1", "4.1", "4.2", "4.10"),
    *("4.4", "4.6", "4.8", "4.9", "37.1"),
    *VIOLENCE_WITH_INJURY,
    *("3A", "3B", "11A", "13", "14", "36", "104", "105A", "105B", "106"),
    *("8L", "8M", "8Q", "8R", "8U"),
]
VEHICLE = ["45", "48", "37.2", "126"]
ROBBERY = ["34A", "34B"]
BURGLARY_HOME = ["28E", "28F", "28G", "28H", "29A"]
BURGLARY_OTHER = ["30C", "30D", "31A"]
WOLVERHAMPTON = "E08000031"


def violence(delivery: Delivery) -> pd.DataFrame:
    chosen = delivery.crimes[delivery.crimes["Offence Code"].isin(VIOLENCE_WITH_INJURY)]
    age = pd.to_numeric(chosen["Victim Age"])
    group = np.where(age.isna(), "not recorded", np.where(age < 25, "under 25", "25 and over"))
    return chosen.assign(group=group)


def between(table: pd.DataFrame, first: str, last: str, column: str = "month") -> pd.DataFrame:
    return table[(table[column] >= first) & (table[column] <= last)]


def seed_year(table: pd.DataFrame, column: str = "month") -> pd.DataFrame:
    return between(table, "2021-10", "2022-09", column)


def per_cent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("first", "last", "total", "under", "over", "unknown"),
    [("2021-04", "2022-03", 3964, 1119, 2690, 155), ("2022-04", "2023-03", 3950, 1011, 2882, 57)],
)
def test_violence_with_injury_by_age_of_victim(
    delivery: Delivery, first: str, last: str, total: int, under: int, over: int, unknown: int
) -> None:
    year = between(violence(delivery), first, last)
    assert len(year) == total
    counts = year["group"].value_counts().to_dict()
    assert counts == {"under 25": under, "25 and over": over, "not recorded": unknown}


@pytest.mark.parametrize("group", ["all", "under 25", "25 and over"])
@pytest.mark.parametrize("months", [36, 48, 60, 63])
@pytest.mark.parametrize("basis", ["financial", "calendar"])
def test_months_of_violence_scatter_as_chance_does(
    delivery: Delivery, group: str, months: int, basis: str
) -> None:
    chosen = violence(delivery)
    if group != "all":
        chosen = chosen[chosen["group"] == group]
    series = chosen.groupby("month").size().iloc[-months:]
    year = [int(m[:4]) - (basis == "financial" and m[5:] < "04") for m in series.index]
    effects = pd.DataFrame({"year": year, "month": [m[5:] for m in series.index]}).astype(str)
    design = sm.add_constant(pd.get_dummies(effects, drop_first=True).astype(float))
    fit = sm.GLM(series.to_numpy(), design.to_numpy(), family=sm.families.Poisson()).fit()
    assert fit.pearson_chi2 / fit.df_resid <= 1.05


def test_violence_against_the_person_is_45_per_cent_of_recorded_crime(delivery: Delivery) -> None:
    year = seed_year(delivery.crimes)
    part = int(year["Offence Code"].isin(VIOLENCE_AGAINST_THE_PERSON).sum())
    assert per_cent(part, len(year)) == Decimal("45.0")


@pytest.mark.parametrize(("keyword", "own", "whole"), [("Alcohol", "11.6", "10.6"), ("Drugs", "3.3", "5.7")])
def test_keyword_shares_of_the_city_and_the_force(
    delivery: Delivery, keyword: str, own: str, whole: str
) -> None:
    city, rest = seed_year(delivery.crimes), seed_year(delivery.force, "Month")
    marked = int((city[keyword] == "Y").sum())
    assert per_cent(marked, len(city)) == Decimal(own)
    elsewhere = int(rest.loc[rest[keyword] == "Y", "Crimes"].sum())
    assert per_cent(marked + elsewhere, len(city) + int(rest["Crimes"].sum())) == Decimal(whole)


def rates(delivery: Delivery, codes: list[str], base: str) -> dict[str, float]:
    population = delivery.read("demo_population.csv")
    census = population[(population["Year"] == "2021")].set_index("Area Code")[base]
    rest = seed_year(delivery.force, "Month")
    rest = rest[rest["Offence Code"].isin(codes) & (rest["Area Code"] != "")]
    counts = {str(area): int(n) for area, n in rest.groupby("Area Code")["Crimes"].sum().items()}
    counts[WOLVERHAMPTON] = int(seed_year(delivery.crimes)["Offence Code"].isin(codes).sum())
    return {area: 1000 * count / int(census[area]) for area, count in counts.items()}


@pytest.mark.parametrize(
    ("codes", "base", "rank"),
    [
        (VEHICLE, "Residents", 2),
        (ROBBERY, "Residents", 5),
        (BURGLARY_HOME, "Households", 5),
        ([*BURGLARY_HOME, *BURGLARY_OTHER], "Households", 5),
        (BURGLARY_HOME, "Residents", 5),
        ([*BURGLARY_HOME, *BURGLARY_OTHER], "Residents", 5),
        ([*BURGLARY_HOME, *ROBBERY, "45", "48"], "Residents", 2),
        ([*BURGLARY_HOME, *ROBBERY, "45", "48", "37.2"], "Residents", 2),
        ([*BURGLARY_HOME, *BURGLARY_OTHER, *ROBBERY, "45", "48", "37.2"], "Residents", 2),
    ],
)
def test_safety_rank_of_seven(delivery: Delivery, codes: list[str], base: str, rank: int) -> None:
    by_area = rates(delivery, codes, base)
    assert len(by_area) == 7
    own = by_area.pop(WOLVERHAMPTON)
    assert sum(other < own for other in by_area.values()) + 1 == rank
    assert all(abs(other / own - 1) > 0.005 for other in by_area.values()), "too close to a tie"


def test_48_per_cent_of_2216_do_not_feel_safe_at_night(delivery: Delivery) -> None:
    night = delivery.read("demo_women_and_girls_survey_2023-01.csv")["Q12 Safe At Night"]
    assert len(night) == 2216
    assert not night.isin(["", "Don't know"]).any()
    assert night.isin(["Unsafe", "Very unsafe"]).sum() == 1064
    assert per_cent(1064, 2216) == Decimal("48.0")
