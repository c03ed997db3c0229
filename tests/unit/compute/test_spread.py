"""What tests rest on besides the counts: dispersion of both sides, of parts, and effective samples."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.assess import judge
from pipeline.compute import compare
from pipeline.compute.context import Context
from pipeline.compute.spread import of_derived
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.strategy import Priority
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison, Want
from pipeline.model.observation import ReleasedObservation, Results, State
from pipeline.model.period import Period, add_months, parse_month
from pipeline.statistics import (
    Estimate,
    combined,
    compare_estimates,
    compare_proportions,
    compare_ratios,
    compare_share_with_parent,
    dispersion,
    poisson_interval,
    rank_intervals,
)
from tests.small_partnership import compared, definitions, delivered, indicator, observed, source

NOW, BEFORE = (
    Period.ending(parse_month("2022-12"), 12, "rolling_12"),
    Period.ending(parse_month("2021-12"), 12, "rolling_12"),
)
WILD = [40 + 30 * (n % 5 == 0) - 20 * (n % 7 == 3) for n in range(48)]
TAME = [20 + n % 2 for n in range(48)]
FIRST_MONTH = parse_month("2019-01")


def figures(
    name: str, above: list[int], below: list[int] | None = None, **more: Any
) -> list[ReleasedObservation]:
    """Two years and 48 months of one indicator in the own area."""

    def figure(period: Period, first: int, last: int) -> ReleasedObservation:
        numerator = float(sum(above[first:last]))
        denominator = float(sum(below[first:last])) if below else None
        value = numerator / denominator if denominator else numerator
        limits = poisson_interval(numerator)
        fields: dict[str, Any] = {
            "indicator": name,
            "area": OWN,
            "period": period,
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "lower": limits.lower,
            "upper": limits.upper,
            "unit": "cases",
            "state": State.VALUE,
        } | more
        return ReleasedObservation(**fields)

    months = [figure(Period.month(add_months(FIRST_MONTH, n)), n, n + 1) for n in range(48)]
    return [figure(BEFORE, 24, 36), figure(NOW, 36, 48), *months]


OWN = definitions().partnership.own_area


def change(asked: list[Indicator], found: list[ReleasedObservation]) -> Comparison:
    (only,) = compare(Results(tuple(found)), definitions(*asked))
    return only


def test_both_counts_of_a_ratio_are_overdispersed() -> None:
    ratio = {"type": "ratio", "over": {"where": {"category": {"in": ["x"]}}}, "unit": "cases per case"}
    found = change([indicator(ratio, compare=[{"to": "previous_year"}])], figures("crime", TAME, WILD))
    above, below = dispersion(TAME), dispersion(WILD)
    assert below.value > 2
    a, c, b, d = (float(sum(part)) for part in (TAME[24:36], WILD[24:36], TAME[36:], WILD[36:]))
    expected = compare_ratios(a, c, b, d, above.value, denominator_dispersion=below.value)
    assert (found.lower, found.upper, found.p_value) == (expected.lower, expected.upper, expected.p_value)
    assert found.detectable_percent == expected.detectable_percent
    assert found.reason == f"dispersion of the denominators: {below.value:.2f}"


def parts(**more: Any) -> list[Indicator]:
    count = {"type": "count", "unit": "cases"}
    whole = {"type": "derived", "sum": ["opened"], "unit": "cases", "independent": True} | more
    return [
        indicator(count, id="opened", title="Opened"),
        indicator(count, id="closed", title="Closed"),
        indicator(whole, id="open", source=[], compare=[{"to": "previous_year"}]),
    ]


def estimate(counts: list[int]) -> Estimate:
    limits = poisson_interval(float(sum(counts)))
    assert limits.lower is not None
    assert limits.upper is not None
    return Estimate(float(sum(counts)), limits.lower, limits.upper)


def test_a_difference_is_as_wide_as_its_parts_are_overdispersed() -> None:
    now, before = (combined([estimate(WILD[s])], [estimate(TAME[s])]) for s in (slice(36, 48), slice(24, 36)))
    whole = figures("open", WILD)
    for n, put in enumerate((before, now)):
        whole[n] = ReleasedObservation(
            indicator="open", area=OWN, period=(BEFORE, NOW)[n], numerator=put.value, unit="cases",
            state=State.VALUE, lower=put.lower, upper=put.upper, value=put.value,
        )  # fmt: skip
    results = [*figures("opened", WILD), *figures("closed", TAME), *whole[:2]]
    found = change(parts(less=["closed"]), results)
    variances = [((e.upper - e.lower) / 2) ** 2 for e in (estimate(WILD[36:]), estimate(TAME[36:]))]
    phis = [dispersion(WILD).value, dispersion(TAME).value]
    phi = sum(p * v for p, v in zip(phis, variances, strict=True)) / sum(variances)
    assert phi > 1.5
    assert found.dispersion == pytest.approx(phi)
    expected = compare_estimates(before, now, phi)
    assert [found.lower, found.upper] == pytest.approx([expected.lower, expected.upper])
    assert found.reason == f"dispersion of its parts: Opened {phis[0]:.2f}, Closed {phis[1]:.2f}"
    without = [o for o in results if o.indicator != "closed"]
    unknown = change(parts(less=["closed"]), without)
    assert (unknown.lower, unknown.p_value) == (None, None)
    assert unknown.reason == "not tested: the dispersion of Closed is not known here"


def cases(district: str, people: int, times: int) -> list[dict[str, Any]]:
    """One in ten people is a victim so many times, the others once."""
    return [
        {"month": "2022-06", "district_code": district, "victim_ref": f"{district}{person}"}
        for person in range(people)
        for _ in range(times if person < people // 10 else 1)
    ]


REPEAT = {"type": "repeat", "entity": "victim_ref", "report": "crimes"}


def test_people_are_clusters_beside_an_average_and_in_a_rank() -> None:
    table = [*cases("A", 100, 30), *cases("B", 100, 15), *cases("C", 100, 27)]
    whole, rest, rank = compared(
        table,
        REPEAT,
        compare=[
            {"to": "average", "of": "all"},
            {"to": "average", "of": "rest_of_force"},
            {"to": "rank", "of": "all"},
        ],
    )
    own, together, others = whole.observation, whole.reference, rest.reference
    assert own.effective_base is not None
    assert together is not None
    assert together.effective_base is not None
    assert others is not None
    assert others.effective_base is not None
    expected = compare_share_with_parent(
        own.numerator or 0, own.denominator or 0, together.numerator or 0, together.denominator or 0,
        part_effective=own.effective_base / (own.denominator or 1),
        rest_effective=together.effective_base / (together.denominator or 1),
    )  # fmt: skip
    assert (whole.lower, whole.upper) == (expected.lower, expected.upper)
    shares = [(o.value or 0) / 100 * (o.effective_base or 0) for o in (others, own)]
    beside = compare_proportions(shares[0], others.effective_base, shares[1], own.effective_base)
    assert [rest.lower, rest.upper] == pytest.approx([beside.lower, beside.upper])
    naive = compare_share_with_parent(
        own.numerator or 0, own.denominator or 0, together.numerator or 0, together.denominator or 0
    )
    assert whole.upper is not None
    assert naive.upper is not None
    assert whole.upper - (whole.change or 0) > 2 * (naive.upper - (whole.change or 0))
    strangers = rank_intervals([300, 150, 270], [390, 240, 360])[0]
    assert (strangers.best, strangers.worst) != (rank.lower, rank.upper)
    assert (rank.lower, rank.upper) == (1, 3)


def test_months_shared_by_two_windows_leave_nothing_to_compare() -> None:
    table = [{"month": month, "district_code": "A", "quantity": 9} for month in ("2021-06", "2022-06")]
    (found,) = compared(table, window={"kind": "rolling", "months": 18})
    assert (found.comparable, found.lower, found.change) == (False, None, None)
    assert found.reason.endswith("share 6 months, whose events would be on both sides")
    (single,) = compared(table, window={"kind": "rolling", "months": 13, "ending": "2022-12"})
    assert "share 1 month," in single.reason


def test_a_reference_that_is_not_earlier_does_not_take_the_place_of_the_figure() -> None:
    table = [{"month": month, "district_code": "A", "quantity": 9} for month in ("2020-06", "2021-06")]
    named = {"kind": "rolling", "ending": "2021-12"}
    for ending in ("2021-12", "2022-12"):
        (found,) = compared(table, window=named, compare=[{"to": "period", "ending": ending}])
        assert found.observation.period.end == date(2022, 1, 1)
        assert not found.comparable
        assert found.reason.endswith("is not before year to December 2021, so nothing can have changed since")
    (last,) = compared(table, compare=[{"to": "baseline", "ending": "2024-03"}])
    assert last.observation.period.end == date(2023, 1, 1)
    later = compared(table, window={**named, "also": ["2022-12"]})
    assert {c.observation.period.end for c in later} == {date(2022, 1, 1)}


def returns(measure: dict[str, Any], known: dict[str, Any] | None = None, **more: Any) -> list[Comparison]:
    """Every comparison of a reported item: 40 in 2022 after 30."""
    table = pa.table(
        {
            "item": ["seen", "of", "seen", "of"],
            "area_code": ["A"] * 4,
            "period_start": pa.array([date(2021, 1, 1)] * 2 + [date(2022, 1, 1)] * 2),
            "period_end": pa.array([date(2022, 1, 1)] * 2 + [date(2023, 1, 1)] * 2),
            "value": [30.0, 44.0, 40.0, 59.0],
            "status": ["final"] * 4,
        }
    )
    asked = indicator({"type": "reported", "item": "seen"} | measure, source="returns",
                      compare=[{"to": "previous_year"}], **more)  # fmt: skip
    settings = definitions(asked, sources=(source("returns", "returns"),), **(known or {}))
    found = observed(settings, {"returns": table}, delivered(undated=["returns"]))
    return list(compare(release(found, settings), settings))


@pytest.mark.parametrize("measure", [{}, {"of": "of", "unit": "%"}])
def test_a_register_has_no_chance_in_it(measure: dict[str, Any]) -> None:
    (tested,) = returns(measure)
    (stock,) = returns(measure | {"combine": "latest"})
    assert tested.lower is not None
    assert (stock.lower, stock.upper, stock.p_value, stock.observation.lower) == (None,) * 4
    assert stock.change == pytest.approx(tested.change)
    assert stock.reason == "not tested: a register at the end of a period has no chance in it"


def test_a_reported_count_is_beside_a_target_as_uncertain_as_in_its_change() -> None:
    use = {"use": "crime", "want": "up", "headline": True, "target": {"value": 35, "by": "2022-12"}}
    measures = {"m": {"title": "M", "uses": [use]}}
    known = {"priorities": {"p": Priority.model_validate({"title": "P", "measures": measures})}}
    _, target = returns({}, known)
    limits = poisson_interval(40)
    assert limits.lower is not None
    assert limits.upper is not None
    assert target.lower == pytest.approx(100 * (limits.lower / 35 - 1))
    assert target.upper == pytest.approx(100 * (limits.upper / 35 - 1))
    assert judge(target, Want.UP).rule == "target_in_interval"
    _, wide = returns({}, known, test={"dispersion": 4})
    assert wide.lower is not None
    assert target.lower is not None
    assert wide.lower < 2 * target.lower
    _, stock = returns({"combine": "latest"}, known)
    assert judge(stock, Want.UP).rule == "target_met"


def test_parts_of_every_kind_weigh_by_their_own_dispersion() -> None:
    where = {"category": {"in": ["x"]}}
    count = {"type": "count", "unit": "cases"}
    inner = {"type": "derived", "sum": ["opened"], "less": ["closed"], "unit": "cases", "independent": True}
    ratio = {"type": "ratio", "over": {"where": where}, "unit": "cases per case"}
    outer = inner | {"sum": ["net", "per", "part"], "less": [], "over": ["opened"]}
    asked = [
        indicator(count, id="opened", title="Opened"),
        indicator(count, id="closed", title="Closed"),
        indicator(inner, id="net", title="Net", source=[]),
        indicator(ratio, id="per", title="Per"),
        indicator({"type": "proportion", "where": where}, id="part", title="Part"),
        indicator(outer, id="whole", source=[]),
    ]
    opened, closed = figures("opened", WILD), figures("closed", TAME)
    net = figures("net", WILD)
    per, part = (figures(name, TAME, WILD, lower=0.0, upper=200.0) for name in ("per", "part"))
    whole = figures("whole", TAME, WILD)[1]
    wild, tame = dispersion(WILD).value, dispersion(TAME).value
    quotient = sum(TAME[36:]) / sum(WILD[36:])

    def found(*known: list[ReleasedObservation], of: ReleasedObservation = whole) -> Any:
        results = Results(tuple(o for series in known for o in series))
        return of_derived(Context(asked[-1], definitions(*asked), results), of)

    a, b = (((e.upper - e.lower) / 2) ** 2 for e in (estimate(WILD[36:]), estimate(TAME[36:])))
    phis = [(wild * a + tame * b) / (a + b), (tame + wild * quotient) / (1 + quotient), 1.0, wild]
    weights = [a, 100.0**2, 100.0**2, quotient**2 * a]
    value, said = found(opened, closed, net, per, part)
    assert value.value == pytest.approx(sum(p * w for p, w in zip(phis, weights, strict=True)) / sum(weights))
    assert said.endswith(f"Per {phis[1]:.2f}, Part 1.00, Opened {wild:.2f}")
    assert found(opened, net, per, part) == (None, "not tested: the dispersion of Net is not known here")
    _, said = found(opened, closed, net, per, part, of=figures("whole", TAME)[1])
    assert "Opened" not in said
