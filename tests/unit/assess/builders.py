"""Small values for the tests of the assess stage: one area, two years, one indicator each."""

from datetime import date
from typing import Any

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.resolved import Definitions, Partnership, Policies
from pipeline.definitions.strategy import Priority
from pipeline.model.area import Area, AreaKind
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation, State
from pipeline.model.period import Period
from pipeline.statistics.change import compare_counts
from pipeline.statistics.unknowns import unknown_bounds

OWN = Area("E08000031", "Wolverhampton", AreaKind.DISTRICT)
PEER = Area("E08000025", "Birmingham", AreaKind.DISTRICT)
EARLIER = Period(date(2021, 4, 1), date(2022, 4, 1), "financial_year")
LATER = Period(date(2022, 4, 1), date(2023, 4, 1), "financial_year")


def observation(
    value: float | None = 100,
    *,
    indicator: str = "violence",
    area: Area = OWN,
    period: Period = LATER,
    breakdown: str = "",
    category: str = "",
    state: State | None = None,
    marks: frozenset[Mark] = frozenset(),
    reason: str = "",
) -> ReleasedObservation:
    """A released count, or a cell without a number where a state is named and no value."""
    if state is None:
        state = State.VALUE if value else State.ZERO
    return ReleasedObservation(
        indicator=indicator,
        area=area,
        period=period,
        breakdown=breakdown,
        category=category,
        numerator=value if state.has_value else None,
        value=value if state.has_value else None,
        unit="crimes",
        state=state,
        marks=marks,
        reason=reason,
    )


def comparison(lower: float | None, upper: float | None, **fields: Any) -> Comparison:
    """A comparison with the year before whose interval is given; other fields may be set."""
    middle = None if lower is None or upper is None else (lower + upper) / 2
    given: dict[str, Any] = {
        "observation": observation(110),
        "reference": observation(100, period=EARLIER),
        "comparator": "previous_year",
        "reference_label": EARLIER.label,
        "change": middle,
        "change_percent": middle,
        "lower": lower,
        "upper": upper,
    }
    return Comparison(**(given | fields))


def counts(
    before: float,
    after: float,
    known: tuple[float, float] | None = None,
    unknown: tuple[float, float] = (0, 0),
    indicator: str = "violence",
    breakdown: str = "",
    category: str = "",
) -> Comparison:
    """Two counts compared by `pipeline.statistics` at dispersion 1.

    With `known`, the counts of all recorded categories before and after, unknowns come in where
    their share moved by more than a point.
    """
    change = compare_counts(before, after)
    cell: dict[str, Any] = {"indicator": indicator, "breakdown": breakdown, "category": category}
    fields: dict[str, Any] = {}
    if known is not None:
        bounds = unknown_bounds(before, after, *known, *unknown)
        shared = bounds.pro_rata.change
        if bounds.pro_rata.material and shared is not None:
            fields = {
                "pro_rata": shared.change_percent,
                "pro_rata_lower": shared.lower,
                "pro_rata_upper": shared.upper,
                "bound_lower": bounds.lower_percent,
                "bound_upper": bounds.upper_percent,
                "marks": frozenset({Mark.LOW_RELIABILITY}),
            }
    return comparison(
        change.lower,
        change.upper,
        observation=observation(after, **cell),
        reference=observation(before, period=EARLIER, **cell),
        change=change.change,
        change_percent=change.change_percent,
        p_value=change.p_value,
        dispersion=change.dispersion,
        **fields,
    )


def indicator(name: str = "violence", **fields: Any) -> Indicator:
    """A count of crimes in financial years against the year before."""
    given: dict[str, Any] = {
        "id": name,
        "title": name.capitalize(),
        "source": "crimes",
        "measure": {"type": "count", "unit": "crimes"},
        "window": {"kind": "financial_year"},
        "compare": [{"to": "previous_year"}],
        "govern": {"owner": "csp.analysis"},
    }
    return Indicator.model_validate(given | fields)


def priority(**measures: dict[str, Any]) -> Priority:
    """A priority with the given success measures; a measure without a title is called by its id."""
    titled = {name: {"title": name} | measure for name, measure in measures.items()}
    return Priority.model_validate({"title": "Priority", "measures": titled})


def definitions(
    *indicators: Indicator,
    priorities: dict[str, Priority] | None = None,
    duties: dict[str, Priority] | None = None,
) -> Definitions:
    """The definitions of a partnership with those indicators."""
    partnership = Partnership.model_validate(
        {
            "name": "Safer Wolverhampton Partnership",
            "area": {"code": OWN.code, "name": OWN.name},
            "force": {"code": "E23000014", "name": "West Midlands Police"},
            "main_source": "crimes",
            "area_sets": {
                "peers": {
                    "title": "peers",
                    "kind": "district",
                    "members": [{"code": PEER.code, "name": PEER.name}],
                }
            },
        }
    )
    return Definitions(
        partnership=partnership,
        sources={},
        indicators={each.id: each for each in indicators},
        priorities=priorities or {},
        duties=duties or {},
        policies=Policies(),
        codelists={},
        digest="",
    )
