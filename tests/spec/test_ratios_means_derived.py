"""Ratios, means and derived figures through the engine, with values worked by hand or made elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.compute import compare
from pipeline.definitions.indicator import Indicator
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.model.delivery import Coverage, Deliveries, MonthState
from pipeline.model.observation import Mark, Observation, State
from pipeline.statistics import poisson_interval
from tests.small_partnership import (
    DISTRICTS,
    TYPES,
    cell,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
    source,
)

ASB = source("asb", "incidents")
CRIMES = source(parts={"victims": {"contract": "victims"}})
INCIDENT_TYPES = {
    "month": pa.date32(), "district_code": pa.string(), "category": pa.string(), "quantity": pa.int32(),
}  # fmt: skip
PER_CRIME = {"type": "ratio", "over": {"source": "asb"}, "per": 100, "unit": "crimes per 100 incidents"}
AGE = {"type": "mean", "column": "victim_age_years", "min_base": 2, "unit": "years"}
COUNT = {"type": "count", "unit": "crimes"}


def both_delivered(holes: Mapping[tuple[str, str, str], MonthState] | None = None) -> Deliveries:
    """Deliveries of crimes and incidents, whole but for the holes (source, district, month)."""
    months = tuple(
        month
        for name in ("crimes", "asb")
        for month in delivered(
            {(d, m): state for (s, d, m), state in (holes or {}).items() if s == name}, source_id=name
        ).coverage.months
    )
    return Deliveries(extracts=(), accounting=(), coverage=Coverage(months), warehouse_digest="")


def computed(
    asked: Sequence[Indicator],
    rows: Sequence[Mapping[str, Any]] = (),
    incidents: Sequence[Mapping[str, Any]] = (),
    victims: Sequence[Mapping[str, Any]] = (),
    deliveries: Deliveries | None = None,
    **known: Any,
) -> tuple[tuple[Observation, ...], list[Comparison]]:
    settings = definitions(*asked, sources=(CRIMES, ASB), **known)
    tables = {
        "crimes": crimes(rows),
        "asb": crimes(incidents, INCIDENT_TYPES),
        "crimes_victims": crimes(victims, {k: v for k, v in TYPES.items() if k != "quantity"}),
    }
    found = observed(settings, tables, deliveries or both_delivered())
    return found, list(compare(release(found, settings), settings))


def spread(quantities: Mapping[str, int], **more: Any) -> list[dict[str, Any]]:
    """Rows of district A, so many in each month."""
    return [{"month": m, "district_code": "A", "quantity": n, **more} for m, n in quantities.items()]


# --- Ratio -----------------------------------------------------------------------------------------


def test_a_ratio_divides_rows_of_one_source_by_rows_of_another() -> None:
    found, _ = computed(
        [indicator(PER_CRIME)], spread({"2022-06": 30}), spread({"2022-03": 50, "2022-09": 70})
    )
    year = cell(found)
    assert (year.numerator, year.denominator, year.value, year.state) == (30, 120, 25, State.VALUE)
    # 150 events in all: log ratio, 25 exp(-+1.959964 sqrt(1/30 + 1/120)).
    assert year.lower == pytest.approx(16.757, abs=0.001)
    assert year.upper == pytest.approx(37.298, abs=0.001)


def test_rows_of_a_ratio_may_be_of_one_table_and_need_not_be_part_of_the_other() -> None:
    measure = {
        "type": "ratio",
        "where": {"category": {"in": ["x"]}},
        "over": {"where": {"category": {"in": ["y"]}}},
        "unit": "x per y",
    }
    rows = [*spread({"2022-06": 6}, category="x"), *spread({"2022-06": 4}, category="y")]
    found, _ = computed([indicator(measure)], [*rows, *spread({"2022-06": 9}, category="z")])
    year = cell(found)
    assert (year.numerator, year.denominator, year.value) == (6, 4, 1.5)


def test_a_ratio_may_divide_by_a_part_of_the_same_source() -> None:
    measure = {"type": "ratio", "table": "victims", "over": {}, "unit": "victims per crime"}
    victims = [{"month": "2022-06", "district_code": "A"}] * 9
    found, _ = computed([indicator(measure)], spread({"2022-06": 6}), victims=victims)
    year = cell(found)
    assert (year.numerator, year.denominator, year.value) == (9, 6, 1.5)


def test_a_ratio_over_nothing_is_withheld_and_over_something_zero_is_zero() -> None:
    found, _ = computed([indicator(PER_CRIME)], spread({"2022-06": 3}))
    year = cell(found)
    assert (year.state, year.value, year.reason) == (
        State.WITHHELD, None, "nothing to divide by: no such rows in asb",
    )  # fmt: skip
    found, _ = computed([indicator(PER_CRIME)], (), spread({"2022-06": 3}))
    assert (cell(found).state, cell(found).value) == (State.ZERO, 0)


def test_a_month_that_either_source_lacks_leaves_no_ratio() -> None:
    holes = {("asb", "A", "2022-03"): MonthState.NOT_DELIVERED}
    window = {"kind": "rolling", "months": 12, "ending": "2022-12"}
    found, _ = computed(
        [indicator(PER_CRIME, window=window)],
        spread({"2022-06": 3}),
        spread({"2022-06": 3}),
        deliveries=both_delivered(holes),
    )
    year = cell(found)
    assert (year.state, year.reason) == (State.NOT_COMPARABLE, "2022-03 not delivered")


def test_the_change_of_a_ratio_is_a_ratio_of_ratios() -> None:
    # 200 of 400 before, 150 of 500 now: 0.5 to 0.3, a fall of 40 %. Its logarithm has the variance
    # 1/200 + 1/150 + 1/400 + 1/500 = 0.0161667, so the limits are 0.6 exp(-+1.959964 x 0.1271482).
    rows = [*spread({"2021-06": 200, "2022-06": 150})]
    incidents = spread({"2021-06": 400, "2022-06": 500})
    asked = indicator(PER_CRIME, compare=[{"to": "previous_year"}], test={"dispersion": 1})
    _, (change,) = computed([asked], rows, incidents)
    assert change.change == pytest.approx(-20)
    assert change.change_percent == pytest.approx(-40)
    assert change.lower == pytest.approx(-53.23, abs=0.01)
    assert change.upper == pytest.approx(-23.02, abs=0.01)
    assert change.p_value == pytest.approx(5.9e-5, rel=0.02)
    assert change.reason == "dispersion declared as 1"


def test_the_change_of_a_small_ratio_is_exact() -> None:
    # Given its margins the table 3, 50 / 10, 60 has an odds ratio with exact limits 0.06086 and 1.51164.
    asked = indicator(PER_CRIME, compare=[{"to": "previous_year"}], test={"dispersion": 1})
    _, (change,) = computed(
        [asked], spread({"2021-06": 10, "2022-06": 3}), spread({"2021-06": 60, "2022-06": 50})
    )
    assert change.change_percent == pytest.approx(100 * (3 / 50 / (10 / 60) - 1))
    assert change.lower == pytest.approx(-93.914, abs=0.001)
    assert change.upper == pytest.approx(51.164, abs=0.001)


def ratio_of_areas(compare_with: Mapping[str, str]) -> Comparison:
    """Crimes for every 100 incidents: 200 of 400 before and 150 of 500 now in A, 100 of 200 and 300 of 300 in
    B, 40 of 100 and 40 of 200 in C."""
    figures = {"A": (200, 400, 150, 500), "B": (100, 200, 300, 300), "C": (40, 100, 40, 200)}
    rows, incidents = [], []
    for district, (crime1, incident1, crime2, incident2) in figures.items():
        for month, crime, incident in (("2021-06", crime1, incident1), ("2022-06", crime2, incident2)):
            rows.append({"month": month, "district_code": district, "quantity": crime})
            incidents.append({"month": month, "district_code": district, "quantity": incident})
    asked = indicator(PER_CRIME, compare=[compare_with], test={"dispersion": 1})
    _, (found,) = computed([asked], rows, incidents)
    return found


def test_a_ratio_is_ranked_with_the_chance_of_both_its_counts() -> None:
    # Now 30, 100 and 20: second. Against C, 30 over 20 has the logarithm 0.405 and, with the four counts 150,
    # 500, 40 and 200, an error of 0.197: z is 2.06, p 0.04, so it is not third; of B it is far short.
    found = ratio_of_areas({"to": "rank", "of": "all"})
    assert found.reference_value == 2
    assert (found.lower, found.upper) == (2, 2)


def test_a_ratio_beside_the_average_is_apart_in_per_cent() -> None:
    # Together 490 of 1,000: 49. 30 is 38.8 % under it.
    found = ratio_of_areas({"to": "average", "of": "all"})
    assert found.reference_value == pytest.approx(49)
    assert found.change == pytest.approx(-19)
    assert found.change_percent == pytest.approx(100 * (30 / 49 - 1))


def test_the_change_of_a_ratio_beside_that_of_other_areas_has_eight_counts_in_it() -> None:
    # A: 0.6; the rest, 140 of 300 and then 340 of 500: 68 / 46.667 = 1.457. Their ratio is 0.4118, with the
    # variance 1/200 + 1/150 + 1/400 + 1/500 + 1/140 + 1/340 + 1/300 + 1/500 = 0.0315831.
    found = ratio_of_areas({"to": "change_of", "of": "rest_of_force"})
    assert found.reference_value == pytest.approx(45.714, abs=0.001)
    assert found.change_percent == pytest.approx(-58.824, abs=0.001)
    reach = 1.959964 * 0.0315831**0.5
    assert found.lower == pytest.approx(100 * (0.411765 * 2.718281828**-reach - 1), abs=0.001)
    assert found.upper == pytest.approx(100 * (0.411765 * 2.718281828**reach - 1), abs=0.001)


# --- Mean ------------------------------------------------------------------------------------------


def aged(month: str, *ages: int | None) -> list[dict[str, Any]]:
    return [{"month": month, "district_code": "A", "victim_age_years": age} for age in ages]


def test_a_mean_leaves_out_what_is_not_recorded_and_says_so() -> None:
    # 20, 30 and 40: mean 30, deviation 10, limits 30 -+ 4.302653 x 10 / sqrt(3) = 5.158 and 54.842.
    found, _ = computed([indicator(AGE)], aged("2022-06", 20, 30, 40, None))
    year = cell(found)
    assert (year.numerator, year.denominator, year.value) == (90, 3, 30)
    assert year.deviation == pytest.approx(10)
    assert year.lower == pytest.approx(5.159, abs=0.001)
    assert year.upper == pytest.approx(54.841, abs=0.001)
    assert year.reason == "1 without a recorded victim age years are left out"


def test_a_row_that_stands_for_several_counts_so_often() -> None:
    rows = [*spread({"2022-06": 3}, victim_age_years=20), *spread({"2022-07": 1}, victim_age_years=40)]
    found, _ = computed([indicator(AGE)], rows)
    year = cell(found)
    assert (year.numerator, year.denominator, year.value) == (100, 4, 25)
    assert year.deviation == pytest.approx(10)  # 20, 20, 20, 40


def test_a_mean_of_few_is_withheld() -> None:
    found, _ = computed([indicator({**AGE, "min_base": 5})], aged("2022-06", 20, 30, 40, 50))
    year = cell(found)
    assert (year.state, year.reason) == (
        State.WITHHELD, "4 have a recorded victim_age_years; at least 5 must",
    )  # fmt: skip


def test_the_change_of_a_mean_is_in_its_unit() -> None:
    # statsmodels 0.15: CompareMeans(DescrStatsW([25, 35, 45, 30]), DescrStatsW([20, 30, 40])) with unequal
    # variances has tconfint_diff -16.20636 to 23.70636 and p 0.6291596.
    rows = [*aged("2021-06", 20, 30, 40), *aged("2022-06", 25, 35, 45, 30)]
    _, (change,) = computed([indicator(AGE, compare=[{"to": "previous_year"}])], rows)
    assert change.change == pytest.approx(3.75)
    assert change.change_percent is None
    assert change.p_value == pytest.approx(0.6291596)
    assert change.lower == pytest.approx(-16.20636, abs=1e-5)
    assert change.upper == pytest.approx(23.70636, abs=1e-5)


def test_a_mean_beside_others_is_a_difference_in_its_unit() -> None:
    rows = [*aged("2021-06", 20, 30, 40), *aged("2022-06", 25, 35, 45, 30)]
    rows += [{**row, "district_code": "B", "victim_age_years": 50} for row in rows]
    comparators = [{"to": "average", "of": "all"}, {"to": "change_of", "of": "rest_of_force"}]
    _, (average, beside) = computed([indicator(AGE, compare=comparators)], rows)
    assert not average.comparable  # C has no victim of a recorded age
    assert average.reason == "Gamma: 0 have a recorded victim_age_years; at least 2 must"
    assert (beside.reference_value, beside.change, beside.change_percent) == (0, 3.75, None)
    assert beside.reason == "not tested"


# --- Derived ---------------------------------------------------------------------------------------


def counts(**more: Any) -> list[Indicator]:
    """`opened` (category x) and `closed` (category y)."""
    return [
        indicator({**COUNT, "where": {"category": {"in": [category]}}}, id=name, **more)
        for name, category in (("opened", "x"), ("closed", "y"))
    ]


def derived(**more: Any) -> Indicator:
    measure = {
        "type": "derived",
        "sum": ["opened"],
        "less": ["closed"],
        "unit": "cases",
        **more.pop("measure", {}),
    }
    return indicator(measure, id="open", source=[], **more)


def of(found: Sequence[Observation], name: str) -> list[Observation]:
    return [o for o in found if o.indicator == name]


OPENED_AND_CLOSED = [
    *spread({"2021-06": 100, "2022-06": 140}, category="x"),
    *spread({"2021-07": 60, "2022-07": 50}, category="y"),
]


def test_a_derived_figure_is_arithmetic_on_its_parts() -> None:
    found, _ = computed([*counts(), derived()], OPENED_AND_CLOSED)
    year = cell(of(found, "open"))
    assert (year.value, year.numerator, year.denominator, year.unit) == (90, 90, None, "cases")
    assert (year.lower, year.upper) == (None, None)  # the parts may count the same events
    share = {"less": [], "over": ["opened", "closed"], "per": 100, "unit": "%"}
    found, _ = computed([*counts(), derived(measure=share)], OPENED_AND_CLOSED)
    year = cell(of(found, "open"))
    assert year.value == pytest.approx(100 * 140 / 190)
    assert (year.numerator, year.denominator) == (140, 190)


def test_independent_parts_give_a_derived_figure_limits_and_its_change_a_test() -> None:
    # Byar's limits of 140 are 117.77..165.20, of 50 37.11..65.92. MOVER: 90 - sqrt(22.23^2 + 15.92^2)
    # = 62.66 and 90 + sqrt(25.20^2 + 12.89^2) = 118.31. The year before: 40 (16.07 to 64.11).
    asked = [*counts(), derived(measure={"independent": True}, compare=[{"to": "previous_year"}])]
    found, (change,) = computed(asked, OPENED_AND_CLOSED)
    year = cell(of(found, "open"))
    assert year.lower == pytest.approx(62.66, abs=0.02)
    assert year.upper == pytest.approx(118.31, abs=0.02)
    assert change.change == 50
    assert change.change_percent is None
    assert change.lower is not None
    assert change.lower > 0
    assert change.p_value is not None
    assert change.p_value < 0.05


def test_independent_parts_on_both_sides_of_the_line_have_the_limits_of_a_quotient() -> None:
    # 140 (117.769 to 165.207) over 50 (37.108 to 65.920): the lower limit L solves
    # 140 - 50 L = hypot(22.231, 15.920 L), the upper U 50 U - 140 = hypot(25.207, 12.892 U).
    measure = {"less": [], "over": ["closed"], "independent": True}
    found, _ = computed([*counts(), derived(measure=measure)], OPENED_AND_CLOSED)
    year = cell(of(found, "open"))
    assert year.value == pytest.approx(2.8)
    assert year.lower is not None
    assert year.upper is not None
    assert 140 - 50 * year.lower == pytest.approx((22.231**2 + (15.920 * year.lower) ** 2) ** 0.5, abs=0.01)
    assert 50 * year.upper - 140 == pytest.approx((25.207**2 + (12.892 * year.upper) ** 2) ** 0.5, abs=0.01)


def test_a_sum_of_counts_has_the_dispersion_of_its_months_or_the_declared_one() -> None:
    more: dict[str, Any] = {"compare": [{"to": "previous_year"}]}
    both = {"less": [], "sum": ["opened", "closed"], "independent": True}
    _, (change,) = computed([*counts(), derived(measure=both, **more)], OPENED_AND_CLOSED)
    assert change.reason == "dispersion not measured (24 months outside breaks, 36 needed), taken as 1"
    _, (wide,) = computed(
        [*counts(), derived(measure={"independent": True}, test={"dispersion": 4}, **more)], OPENED_AND_CLOSED
    )
    assert (wide.dispersion, wide.reason) == (4, "dispersion declared as 4")
    _, (less,) = computed([*counts(), derived(measure={"independent": True}, **more)], OPENED_AND_CLOSED)
    assert less.reason == "dispersion of its parts: Crime 1.00 (not measured), Crime 1.00 (not measured)"
    assert wide.lower is not None
    assert less.lower is not None
    assert wide.change - wide.lower == pytest.approx(2 * (less.change - less.lower))  # type: ignore[operator]


def test_a_break_of_a_part_is_a_break_of_the_whole() -> None:
    breaks = [{"date": date(2022, 1, 15), "note": "a new way of counting"}]
    opened, closed = counts()
    broken = Indicator.model_validate(opened.model_dump(by_alias=True) | {"breaks": breaks})
    _, (change,) = computed([broken, closed, derived(compare=[{"to": "previous_year"}])], OPENED_AND_CLOSED)
    assert change.marks == {Mark.BREAK}
    assert change.reason == "a new way of counting; not tested: its parts may count the same events"


def test_a_break_of_the_source_below_the_line_is_a_break_of_the_ratio() -> None:
    breaks = [{"date": date(2022, 1, 15), "note": "a new system", "scope": ["asb"]}]
    asked = indicator(PER_CRIME, compare=[{"to": "previous_year"}])
    both = spread({"2021-06": 200, "2022-06": 150})
    _, (change,) = computed([asked], both, both, breaks=breaks)
    assert change.marks == {Mark.BREAK}


def reported_sum(combine: str) -> tuple[Observation, Comparison]:
    """A derived figure of one reported item, in 2022, and its change from 30 to 40."""
    item = {"type": "reported", "item": "seen", "combine": combine}
    reported = indicator(item, id="seen", source="returns")
    whole = derived(
        measure={"sum": ["seen"], "less": [], "independent": True}, compare=[{"to": "previous_year"}]
    )
    returns = pa.table(
        {
            "item": ["seen", "seen"],
            "area_code": ["A", "A"],
            "period_start": pa.array([date(2021, 1, 1), date(2022, 1, 1)]),
            "period_end": pa.array([date(2022, 1, 1), date(2023, 1, 1)]),
            "value": [30.0, 40.0],
            "status": ["final", "final"],
        }
    )
    settings = definitions(reported, whole, sources=(CRIMES, source("returns", "returns")))
    found = observed(settings, {"crimes": crimes([]), "returns": returns}, delivered(undated=["returns"]))
    (change,) = compare(release(found, settings), settings)
    return cell(of(found, "open")), change


def test_a_sum_of_reported_counts_is_a_count() -> None:
    figure, change = reported_sum("sum")
    limits = poisson_interval(40)
    assert figure.lower == pytest.approx(limits.lower)
    assert figure.upper == pytest.approx(limits.upper)
    assert change.change == 10
    assert change.lower is not None
    assert change.p_value == pytest.approx(0.23, abs=0.03)  # of 30 and 40 counts, exactly: 0.28


def test_parts_without_limits_give_a_change_without_a_test() -> None:
    figure, change = reported_sum("latest")
    assert (figure.lower, change.lower) == (None, None)
    assert (change.change, change.reason) == (10, "not tested: a part has no limits")


def test_parts_that_may_overlap_give_a_change_without_a_test() -> None:
    _, (change,) = computed([*counts(), derived(compare=[{"to": "previous_year"}])], OPENED_AND_CLOSED)
    assert (change.change, change.lower, change.p_value) == (50, None, None)
    assert change.reason == "not tested: its parts may count the same events"


def test_a_part_without_a_figure_leaves_none_and_says_which() -> None:
    holes = {("crimes", "A", "2022-03"): MonthState.NOT_DELIVERED}
    window = {"kind": "rolling", "months": 12, "ending": "2022-12"}
    other = indicator({"type": "count", "unit": "incidents"}, id="calls", source="asb", window=window)
    crime = indicator(COUNT, id="crime", window=window)
    whole = derived(measure={"sum": ["crime", "calls"], "less": []}, window=window)
    found, _ = computed(
        [crime, other, whole],
        spread({"2022-06": 3}),
        spread({"2022-06": 4}),
        deliveries=both_delivered(holes),
    )
    year = cell(of(found, "open"))
    assert (year.state, year.value) == (State.NOT_COMPARABLE, None)
    assert year.reason == "crime: 2022-03 not delivered"


def test_nothing_to_divide_by_withholds_a_derived_figure() -> None:
    found, _ = computed([*counts(), derived(measure={"less": [], "over": ["closed"]})], OPENED_AND_CLOSED[:2])
    year = cell(of(found, "open"))
    assert (year.state, year.reason) == (State.WITHHELD, "nothing to divide by: closed is 0")


def test_a_derived_figure_ends_where_all_its_parts_can() -> None:
    holes = {("asb", d, m): MonthState.NOT_DELIVERED for d in DISTRICTS for m in ("2022-11", "2022-12")}
    calls = indicator({"type": "count", "unit": "incidents"}, id="calls", source="asb")
    whole = derived(measure={"sum": ["crime", "calls"], "less": []})
    found, _ = computed(
        [indicator(COUNT), calls, whole],
        spread({"2021-12": 5, "2022-06": 3, "2022-12": 7}),
        spread({"2022-06": 4}),
        deliveries=both_delivered(holes),
    )
    (latest,) = (o for o in of(found, "open") if o.area.code == "A" and o.period.basis == "rolling_12")
    assert (latest.period.key, latest.value) == ("2021-11/2022-10", 12)


def test_derived_figures_may_be_made_of_derived_figures_and_keep_their_marks() -> None:
    first = derived(measure={"less": []})
    second = indicator(
        {"type": "derived", "sum": ["open"], "less": ["closed"], "unit": "cases"}, id="left", source=[]
    )
    breaks = [{"date": date(2022, 2, 1), "end": date(2022, 3, 1), "note": "moved", "scope": ["crimes"]}]
    found, _ = computed([*counts(), first, second], OPENED_AND_CLOSED, breaks=breaks)
    year = cell(of(found, "left"))
    assert year.value == 90
    assert year.marks == {Mark.BREAK}
