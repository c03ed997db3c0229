"""The lines beside an indicator: its target, and what it is paired with."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.assess import judge
from pipeline.model.assessment import UseResult
from pipeline.model.comparison import Judgement, Want
from pipeline.model.observation import Mark
from pipeline.report import beside, figures
from pipeline.report.document import Row
from pipeline.report.evidence import Evidence
from pipeline.report.text import plain
from tests.unit.report import factory

TOTAL = factory.violence()[1][0]
PATH = "path to 3,000 by 2025-26"


def target(lower: float | None, upper: float | None, label: str = PATH, **fields: Any) -> Judgement:
    """The violence of the factory against a target, with the distance of its limits in per cent."""
    given: dict[str, Any] = {
        "reference": None,
        "comparator": "target",
        "reference_label": label,
        "reference_value": 3800.4,
    }
    found = replace(TOTAL, lower=lower, upper=upper, change=149.6, change_percent=3.94, **given)
    return judge(replace(found, **fields), Want.DOWN)


def cells(row: Row) -> list[str]:
    return [plain(cell.text) for cell in row.cells]


def use(*judgements: Judgement) -> UseResult:
    return UseResult(
        indicator="violence_with_injury",
        title="Violence with injury",
        want=Want.DOWN,
        headline=True,
        observation=TOTAL.observation,
        judgement=judge(TOTAL, Want.DOWN),
        others=judgements,
    )


@pytest.mark.parametrize(
    ("lower", "upper", "label", "told", "tone"),
    [
        (-9.0, -1.0, PATH, "✓ On course", "improved"),
        (-9.0, -1.0, "target of 3,000 by 2022-23", "✓ On target", "improved"),
        (1.0, 7.0, PATH, "! Off course", "worsened"),
        (1.0, 7.0, "target of 3,000 by 2022-23", "! Short of target", "worsened"),
        (-1.0, 7.0, PATH, "◊ Too close to tell", "no_clear_change"),
    ],
)
def test_a_target_is_said_by_where_the_interval_lies(
    lower: float, upper: float, label: str, told: str, tone: str
) -> None:
    row = beside.target_row(target(lower, upper, label))
    assert cells(row)[-1] == told
    assert row.cells[-1].tone == tone


def test_the_line_of_a_path_says_what_is_asked_by_now_and_how_far_the_figure_is() -> None:
    name, now, before, change, interval, *_ = cells(beside.target_row(target(1.0, 7.0)))
    assert name == "Path to 3,000 by 2025-26: 3,800 by now"
    assert (now, before, change, interval) == ("", "", "+3.9%", "+1.0 to +7.0")
    assert cells(beside.target_row(target(1.0, 7.0, "target of 3,000 by 2022-23")))[0] == (
        "Target of 3,000 by 2022-23"
    )


def test_what_is_asked_of_a_rate_keeps_its_decimals() -> None:
    rate = replace(TOTAL.observation, value=15.5, denominator=264000.0, unit="crimes per 1,000 residents")
    row = beside.target_row(target(1.0, 7.0, observation=rate, reference_value=14.25))
    assert cells(row)[0] == "Path to 3,000 by 2025-26: 14.3 by now"


def test_across_a_break_or_before_the_path_a_target_is_not_judged() -> None:
    broken = beside.target_row(target(1.0, 7.0, marks=frozenset({Mark.BREAK})))
    assert cells(broken)[-1] == "– Not judged [b]"
    early = target(None, None, comparable=False, reference_value=None, change=None, change_percent=None)
    name, *rest = cells(beside.target_row(early))
    assert name == "Path to 3,000 by 2025-26"
    assert set(rest) == {""}


def test_a_pair_shows_its_own_figures_and_verdict() -> None:
    evidence = Evidence(*factory.evidence())
    own = evidence.change("vehicle_crime", factory.OWN.code)
    assert own is not None
    beside_it = replace(TOTAL, comparator="paired", reference=own.comparison.observation)
    found = judge(replace(beside_it, reference_label="Vehicle crime"), Want.DOWN)
    name, now, *_ = cells(beside.paired_row(evidence, found))
    assert name.startswith("Paired with: Vehicle crime")
    assert now == plain(figures.observed(own.comparison.observation))
    earlier = replace(beside_it.observation, period=factory.EARLIER)
    other_year = judge(replace(found.comparison, observation=earlier), Want.DOWN)
    period = own.comparison.observation.period.label
    assert cells(beside.paired_row(evidence, other_year))[0] == f"Paired with: Vehicle crime ({period})"
    unknown = judge(replace(found.comparison, reference=None, comparable=False), Want.DOWN)
    assert cells(beside.paired_row(evidence, unknown))[1] == "[x]"


def test_targets_come_first_and_bring_their_note() -> None:
    evidence = Evidence(*factory.evidence())
    paired = judge(replace(TOTAL, comparator="paired", reference=None, reference_label="B"), Want.DOWN)
    rows = beside.rows(evidence, use(paired, target(1.0, 7.0)))
    assert [cells(row)[0].split(" ")[0] for row in rows] == ["Path", "Paired"]
    assert beside.note([use(paired)]) == ()
    assert plain(beside.note([use(target(1.0, 7.0))])).startswith("On the line of a target")
