"""Rules over what a measure says of itself: its unit, the rows it asks, the outcomes it waits for."""

from collections.abc import Iterator

from pipeline.definitions.indicator import Count, Mean, Proportion, Rate, Reported, Survey
from pipeline.definitions.measure import Filter
from pipeline.definitions.places import Places
from pipeline.definitions.readings import conditions_of, filters_of
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue

_OUTCOMES = ("outcome", "outcome_on")
_YEAR = 12
_YEAR_BEFORE = ("previous_year", "same_quarter_last_year", "change_of")


def units(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A percentage by name that is none, or one by another name: a unit decides how a change is printed."""
    for indicator in definitions.indicators.values():
        measure, fault = indicator.measure, ""
        if isinstance(measure, Count | Rate | Mean) and measure.unit == "%":
            fault = (
                f"found '%' for a {measure.type}; allowed: what is counted or measured, e.g. crimes, years; "
                "for a part of a whole use `proportion` or `share`"
            )
        elif isinstance(measure, Reported) and measure.of is not None:
            if measure.unit != "%" and "unit" in measure.model_fields_set:
                fault = f"found '{measure.unit}' for a percentage of {measure.of}; allowed: '%'"
            elif measure.of == measure.item:
                fault = f"{measure.item} is a percentage of itself"
        if fault:
            path: Path_ = ("indicators", indicator.id, "measure", "unit")
            yield places.issue("indicators", path, f"{indicator.id}: {fault}")


def pairs(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An indicator paired with none, with itself, or with one that there is not."""
    known = places.ids["indicators"]
    for indicator in definitions.indicators.values():
        for index, compare in enumerate(indicator.compare):
            if compare.to != "paired":
                continue
            path: Path_ = ("indicators", indicator.id, "compare", index)
            if compare.of is None:
                message = f"{indicator.id}: `paired` needs `of`, the other indicator"
                yield places.issue("indicators", path, message)
            elif compare.of == indicator.id:
                message = f"{indicator.id}: is paired with itself; name the other indicator"
                yield places.issue("indicators", (*path, "of"), message)
            elif compare.of not in known:
                message = f"{indicator.id}: {unknown('indicator', compare.of, known)}"
                yield places.issue("indicators", (*path, "of"), message)


def answers(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A survey whose base holds those who did not answer the question."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if not isinstance(measure, Survey):
            continue
        asked = _columns(measure.where) - _columns(measure.among)
        if asked:
            question = min(asked)
            message = (
                f"{indicator.id}: those who did not answer {question} are in the base; if they should not "
                f"be, write `among: {{{question}: {{answered: true}}}}`"
            )
            yield places.doubt("indicators", ("indicators", indicator.id, "measure"), message)


def _columns(where: Filter) -> set[str]:
    return {column for _, column, _ in conditions_of(where)}


def young_outcomes(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Outcomes counted whenever they came: the youngest crimes have had the least time for one."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if isinstance(measure, Proportion) and measure.within_days is not None:
            continue
        crimes = any(_holds_crimes(definitions, name) for name in indicator.sources)
        for place in filters_of(indicator) if crimes else ():
            for inner, column, _ in conditions_of(place.where):
                if column in _OUTCOMES:
                    message = (
                        f"{indicator.id}: outcomes without `within_days`: the latest crimes have had less "
                        "time for one than those they are compared with; use a proportion with "
                        "`within_days: 180`, `lag: {mature: 6m}` and a window `ending: latest_ripe`"
                    )
                    path: Path_ = ("indicators", indicator.id, *place.path, *inner)
                    yield places.doubt("indicators", path, message)


def _holds_crimes(definitions: Definitions, name: str) -> bool:
    source = definitions.sources.get(name)
    return source is not None and source.contract == "crimes"


def references(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A figure beside itself, beside a later one, or beside one that shares months with it."""
    for indicator in definitions.indicators.values():
        window = indicator.window
        long = window.kind == "rolling" and window.months > _YEAR
        for index, compare in enumerate(indicator.compare):
            path: Path_ = ("indicators", indicator.id, "compare", index)
            if long and compare.to in _YEAR_BEFORE:
                message = (
                    f"{indicator.id}: windows of {window.months} months a year apart share "
                    f"{window.months - _YEAR}, whose events would be on both sides; compare with a `period` "
                    "that ends before the window begins, or use 12 months"
                )
                yield places.issue("indicators", (*path, "to"), message)
            if compare.ending and window.named_month and compare.ending >= window.named_month:
                message = (
                    f"{indicator.id}: found {compare.ending}, which is not before the window ends, "
                    f"{window.named_month}; allowed: an earlier month"
                )
                yield places.issue("indicators", (*path, "ending"), message)
