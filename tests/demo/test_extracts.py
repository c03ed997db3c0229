"""The shape of what is delivered: grain, keys, codes, blanks, and what is plausible."""

import csv
import json
from itertools import pairwise

import numpy as np
import pandas as pd

from tests.demo.conftest import Delivery

POSITIVE = ["1", "2", "3", "4", "6", "7", "8"]
NEIGHBOURHOOD = ["28E", "28F", "28G", "28H", "29A", "34B", "39", "45", "48", "37.2", "126"]
VIOLENCE = ["2", "4.3", "4.7", "5D", "5E", "8N", "8P", "8S", "3B", "104", "105A", "105B", "36"]


def financial_year(days: pd.Series) -> pd.Series:
    year = days.str[:4].astype(int)
    return year - (days.str[5:7] < "04").astype(int)


def test_every_file_is_named_as_demonstration_and_stands_in_the_ledger(delivery: Delivery) -> None:
    on_disk = {path.name for path in delivery.folder.iterdir()}
    ledger = delivery.read("received.csv")
    assert on_disk == set(delivery.summary.files)
    assert on_disk - {"received.csv"} == set(ledger["file"])
    assert all(name.startswith("demo_") for name in ledger["file"])
    assert ledger["received"].max() <= "2023-06-30T23:59:59"
    for name, rows in delivery.summary.rows:
        if name.endswith(".csv"):
            with (delivery.folder / name).open(newline="", encoding="utf-8") as text:
                assert sum(1 for _ in csv.reader(text)) == rows + 1, name


def test_one_row_is_a_crime_a_victim_and_a_suspect(delivery: Delivery) -> None:
    rows = delivery.rows
    assert not rows.duplicated(["Crime Reference", "Victim Number", "Suspect Number"]).any()
    numbered = rows[["Crime Reference", "Victim Number", "Suspect Number"]]
    per_crime = numbered.groupby("Crime Reference").nunique().set_axis(["victims", "suspects"], axis=1)
    per_crime["rows"] = rows["Crime Reference"].value_counts()
    assert (per_crime["rows"] == per_crime["victims"] * per_crime["suspects"]).all()
    assert set(per_crime["victims"]) == {1, 2}
    assert set(per_crime["suspects"]) == {1, 2, 3}
    crime_columns = [*rows.columns[:16].tolist(), "Outcome Code", "Outcome Date"]
    assert len(rows[crime_columns].drop_duplicates()) == len(delivery.crimes)


def test_violence_has_one_victim_a_crime(delivery: Delivery) -> None:
    chosen = delivery.rows[delivery.rows["Offence Code"].isin(VIOLENCE)]
    assert set(chosen["Victim Number"]) == {"1"}


def test_volumes_are_those_of_a_city_of_this_size_without_a_pandemic(delivery: Delivery) -> None:
    years = financial_year(delivery.crimes["Date Recorded"]).value_counts().sort_index()
    whole = years.iloc[:5]
    assert whole.between(28_000, 34_000).all()
    assert (whole.pct_change().dropna().abs() < 0.06).all()
    months = delivery.crimes.groupby("month").size()
    assert len(months) == 63
    assert months.min() > 0.8 * months.median()


def test_what_is_not_recorded_is_stable(delivery: Delivery) -> None:
    crimes = delivery.crimes
    year = financial_year(crimes["Date Recorded"])
    located = (crimes["LSOA Code"] == "").groupby(year).mean()
    assert located.between(0.02, 0.03).all()
    assert ((crimes["LSOA Code"] == "") == (crimes["Ward Code"] == "")).all()
    assert (crimes["Partnership Area"] == "E08000031").all()
    placed = (crimes["Place"] == "Not recorded").groupby(year).mean()
    assert placed.between(0.10, 0.12).all()


def test_dates_follow_each_other(delivery: Delivery) -> None:
    crimes = delivery.crimes
    assert (crimes["Date Committed"] <= crimes["Date Recorded"]).all()
    closed = crimes[crimes["Outcome Code"] != ""]
    assert (closed["Outcome Date"] >= closed["Date Recorded"]).all()
    assert closed["Outcome Date"].max() <= "2023-06-30"
    assert ((crimes["Outcome Code"] == "") == (crimes["Outcome Date"] == "")).all()


def test_young_cohorts_have_fewer_outcomes(delivery: Delivery) -> None:
    open_share = (delivery.crimes["Outcome Code"] == "").groupby(delivery.crimes["month"]).mean()
    assert open_share["2023-06"] > 0.5
    assert open_share[:"2021-03"].max() < 0.06


def test_people_return_at_plausible_rates(delivery: Delivery) -> None:
    rows = delivery.rows[financial_year(delivery.rows["Date Recorded"]) == 2022]
    for prefix, column, low, high in (
        ("VIC", "Victim Reference", 0.05, 0.25),
        ("SUS", "Suspect Reference", 0.10, 0.35),
    ):
        named = rows[rows[column].str.startswith(prefix)]
        crimes = named.drop_duplicates(["Crime Reference", column]).groupby(column).size()
        assert low < (crimes >= 2).mean() < high, column
        assert crimes.max() < 25


def test_a_person_keeps_sex_and_ethnicity(delivery: Delivery) -> None:
    people = delivery.rows[delivery.rows["Victim Type"] == "Person"]
    for column in ("Victim Sex", "Victim Ethnicity"):
        known = people[people[column] != ""]
        assert known.groupby("Victim Reference")[column].nunique().max() == 1


def test_more_neighbourhood_crimes_end_positively(delivery: Delivery) -> None:
    crimes = delivery.crimes[delivery.crimes["Offence Code"].isin(NEIGHBOURHOOD)]
    recorded = pd.to_datetime(crimes["Date Recorded"])
    lag = (pd.to_datetime(crimes["Outcome Date"]) - recorded).dt.days
    positive = crimes["Outcome Code"].isin(POSITIVE) & (lag <= 180)
    share = positive.groupby(financial_year(crimes["Date Recorded"])).mean()
    assert share[2022] > 1.2 * share[2021]


def test_repeat_reports_of_antisocial_behaviour_fall_by_about_a_tenth(delivery: Delivery) -> None:
    reports = delivery.read("demo_asb_incidents_*.csv")
    reports = reports[reports["Caller Reference"] != ""]
    year = financial_year(reports["Date Reported"])
    callers = reports.groupby(year)["Caller Reference"].nunique()
    repeats = year.value_counts() - callers
    assert -0.16 < repeats[2022] / repeats[2021] - 1 < -0.06


def test_reports_are_opened_or_closed_as_antisocial_behaviour(delivery: Delivery) -> None:
    reports = delivery.read("demo_asb_incidents_*.csv")
    opened = reports["Opening Code"].str.startswith("ASB")
    closed = reports["Closing Code"].str.startswith("ASB")
    assert (opened | closed).all()
    assert not reports["Incident Reference"].duplicated().any()
    assert 0.8 < closed[opened].mean() < 0.95


def test_force_counts_are_small_and_hold_no_zero(delivery: Delivery) -> None:
    force = delivery.force
    assert len(force) < 250_000
    assert (force["Crimes"] > 0).all()
    areas = {f"E080000{n}" for n in range(25, 31)}
    assert set(force["Area Code"]) == areas | {""}
    assert not force.duplicated(force.columns[:-1].tolist()).any()
    assert force["Month"].nunique() == 63
    incidents = delivery.read("demo_force_asb_counts_*.csv")
    assert set(incidents["Area Code"]) == areas


def test_surveys(delivery: Delivery) -> None:
    women = delivery.read("demo_women_and_girls_survey_2023-01.csv")
    assert women["Completed On"].between("2022-11-01", "2023-01-31").all()
    assert (women.loc[women["Q16 Reported It"] != "", "Q15 Experienced Harassment"] == "Yes").all()
    for column in ("Q5 Safe By Day", "Q15 Experienced Harassment", "Q18 Confident To Report"):
        assert (women[column] != "").sum() < 2216
    residents = delivery.read("demo_residents_survey_2022-10.csv")
    weights = residents["Weight"].astype(float)
    assert weights.min() > 0
    assert abs(weights.mean() - 1) < 0.05
    assert residents.groupby("Stratum")["Cluster"].nunique().eq(4).all()
    assert not residents.columns.str.contains("Safe|Report|Confiden|Crime", regex=True).any()


def test_returns_late_revised_and_missing(delivery: Delivery) -> None:
    ledger = delivery.read("received.csv").set_index("file")["received"]
    assert ledger["demo_returns_probation_2022-23_q2.csv"] > "2022-10-31"
    first = "demo_returns_substance_misuse_2022-23_q3.csv"
    second = "demo_returns_substance_misuse_2022-23_q3_revised.csv"
    assert ledger[first] < ledger[second]
    before, after = delivery.read(first), delivery.read(second)
    assert (before["Item"] == after["Item"]).all()
    assert (before["Value"] != after["Value"]).sum() == 4
    assert set(before["Status"]) == {"provisional"}
    items = set(delivery.read("demo_returns_*.csv")["Item"])
    assert not {i for i in items if i.startswith(("ppv_support", "education", "prevention"))}


def test_funnels_narrow(delivery: Delivery) -> None:
    wide = delivery.read("demo_returns_*_2021-22.csv").pivot(
        index="Period Start", columns="Item", values="Value"
    )
    wide = wide.loc["2021-04-01":].apply(pd.to_numeric)
    for funnel in (
        ("exploitation_referred", "exploitation_assessed", "exploitation_engaged"),
        ("arrest_referrals", "arrest_referrals_assessed", "arrest_referrals_engaged"),
        ("diversion_referred", "diversion_participants", "diversion_completed"),
        ("asb_cases_closed", "asb_cases_positive_outcome"),
        ("marac_cases", "marac_repeat_cases"),
        ("prison_release_need", "treatment_within_3_weeks"),
    ):
        for wider, narrower in pairwise(funnel):
            quarters = wide[[wider, narrower]].dropna()
            assert len(quarters) == 4
            assert (quarters[wider] >= quarters[narrower]).all()


def test_register_of_case_reviews(delivery: Delivery) -> None:
    register = delivery.read("demo_asb_case_reviews.csv")
    year = financial_year(register["Application Date"])
    held = (register["Review Held"] == "Y").groupby(year).sum()
    advised = (register["Recommendations Made"] == "Y").groupby(year).sum()
    refused = (register["Threshold Met"] == "N").groupby(year).sum()
    applications = year.value_counts().sort_index()
    assert (advised <= held).all()
    assert (held <= applications - refused).all()
    assert applications.loc[2018:2022].tolist() == [6, 7, 5, 9, 11]
    assert set(register["Status"]) == {"Closed", "Withdrawn", "Pending"}


def test_action_plan_names_what_who_and_by_when(delivery: Delivery, next_quarter: Delivery) -> None:
    before = delivery.read("demo_action_plan_2023-06.csv").set_index("Reference")
    after = next_quarter.read("demo_action_plan_2023-09.csv").set_index("Reference")
    assert before.index.is_unique
    assert list(before.index) == list(after.index)
    assert (before[["Action", "Owner", "Due", "Status", "Serves"]] != "").all().all()
    assert ((before["Completed"] != "") == (before["Status"] == "Complete")).all()
    assert before["Completed"].max() <= "2023-06-30"
    done = before[before["Status"] == "Complete"]
    pd.testing.assert_frame_equal(done, after.loc[done.index])
    assert set(before["Status"]) == {"Complete", "Delayed", "On track", "Not started", "Stopped"}


def test_consultation_is_of_those_who_chose_to_answer(delivery: Delivery) -> None:
    answers = delivery.read("demo_consultation_2023-03.csv")
    assert answers["Response"].is_unique
    assert answers["Answered On"].between("2023-02-06", "2023-03-31").all()
    assert not answers.columns.str.contains("Safe|Report|Confiden", regex=True).any()
    known = answers[answers["Gender"] != ""]
    assert (known["Gender"] == "Woman").mean() > 0.53  # more women answered than live there
    for question in ("Q1 Agree With Priorities", "Q2 Work On First"):
        assert 0.9 < (answers[question] != "").mean() < 1


def test_force_tells_the_sex_of_victims_of_violence_and_sexual_offences(delivery: Delivery) -> None:
    force = delivery.force
    told = force[force["Victim Sex"] != ""]
    assert set(told["Victim Sex"]) == {"Female", "Male"}
    assert set(told["Offence Code"]) >= {"8N", "8Q", "19C"}
    assert not {"45", "28E", "34B"} & set(told["Offence Code"])
    flagged = force[force["Hate Strand"] != ""]
    assert 0.01 < flagged["Crimes"].sum() / force["Crimes"].sum() < 0.06
    assert set(force.loc[force["Knife"] == "Y", "Offence Code"]) >= {"34B", "5D"}


def test_population_and_geography(delivery: Delivery) -> None:
    population = delivery.read("demo_population.csv")
    census = population[population["Year"] == "2021"].set_index("Area Code")["Residents"].astype(int)
    assert census["E08000031"] == 263_730
    assert census[census.index.str.startswith("E05")].sum() == 263_730
    assert census[census.index.str.startswith("E08")].sum() == census["E23000014"]
    places = delivery.read("demo_geography.csv")
    assert len(places) == 161
    assert places["Ward Code"].nunique() == 20
    located = delivery.crimes[delivery.crimes["LSOA Code"] != ""]
    pairs = set(zip(located["LSOA Code"], located["Ward Code"], strict=True))
    assert pairs <= set(zip(places["LSOA Code"], places["Ward Code"], strict=True))


def test_ward_boundaries_share_their_edges(delivery: Delivery) -> None:
    text = (delivery.folder / "demo_ward_boundaries.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    assert {f["properties"]["code"] for f in features} == set(
        delivery.read("demo_geography.csv")["Ward Code"]
    )
    edges: dict[frozenset[tuple[float, ...]], int] = {}
    signed = 0.0
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        points = np.array(ring)
        x, y = points[:, 0], points[:, 1]
        signed += abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)
        for start, end in pairwise(ring):
            edge = frozenset((tuple(start), tuple(end)))
            edges[edge] = edges.get(edge, 0) + 1
    assert set(edges.values()) == {1, 2}
    assert sum(shared == 2 for shared in edges.values()) > 120
    # Wolverhampton covers 69.4 square kilometres, so the wards neither overlap nor gape.
    assert abs(signed * 111.32 * 111.26 * np.cos(np.radians(52.59)) / 69.4 - 1) < 0.01
