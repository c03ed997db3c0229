"""Rules over sources: are they declared, and are they of the kind that a measure needs?"""

from collections.abc import Iterator

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.indicator import (
    Breakdown,
    Denominator,
    DerivedMeasure,
    Indicator,
    Rate,
    Ratio,
)
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.area import AreaKind
from pipeline.model.contract import CONTRACTS
from pipeline.model.issue import Issue

# The contracts whose rows a measure can be made of; rows of events serve every other measure.
_CONTRACTS_FOR = {"survey": ("responses",), "reported": ("returns",)}
_EVENTS = ("crimes", "incidents", "outcomes", "stops", "case_reviews", "actions")


def unknown_contracts(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source, or part of one, under a contract that there is not."""
    for name, source in definitions.sources.items():
        named: list[tuple[Path_, str]] = [(("contract",), source.contract)]
        named += [(("parts", key, "contract"), part.contract) for key, part in source.parts.items()]
        for inner, contract in named:
            if contract not in CONTRACTS:
                message = f"{name}: {unknown('contract', contract, CONTRACTS)}"
                yield places.issue("sources", ("sources", name, *inner), message)


def unknown_sources(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source that sources.yaml does not declare."""
    known = places.ids["sources"]
    if definitions.partnership.main_source not in known:
        name = definitions.partnership.main_source
        yield places.issue("partnership", ("main_source",), f"main_source: {unknown('source', name, known)}")
    for name in definitions.policies.sources:
        if name not in known:
            yield places.issue("policies", ("sources", name), unknown("source", name, known), at_key=True)
    for indicator in definitions.indicators.values():
        if isinstance(indicator.measure, DerivedMeasure):
            continue  # its sources are those of its parts
        if not indicator.sources:
            message = f"{indicator.id}: 'source' is missing (the source, here or in the defaults)"
            yield places.issue("indicators", ("indicators", indicator.id), message, at_key=True)
        if isinstance(indicator.measure, Ratio):
            yield from _unknown_source_below(indicator, indicator.measure.over.source, places)
        for index, name in enumerate(indicator.sources):
            if name not in known:
                inner: Path_ = ("source",) if isinstance(indicator.source, str) else ("source", index)
                message = f"{indicator.id}: {unknown('source', name, known)}"
                yield places.issue("indicators", ("indicators", indicator.id, *inner), message)


def _unknown_source_below(indicator: Indicator, name: str | None, places: Places) -> Iterator[Issue]:
    if name is not None and name not in places.ids["sources"]:
        message = f"{indicator.id}: {unknown('source', name, places.ids['sources'])}"
        yield places.issue("indicators", ("indicators", indicator.id, "measure", "over", "source"), message)


def unfit_sources(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source whose rows are not what the measure is made of; a survey without waves."""
    for indicator in definitions.indicators.values():
        kind = indicator.measure.type
        path: Path_ = ("indicators", indicator.id)
        own = () if isinstance(indicator.measure, DerivedMeasure) else indicator.sources
        for name in dict.fromkeys((*own, *indicator.over_sources)):
            source = definitions.sources.get(name)
            needed = _CONTRACTS_FOR.get(kind, _EVENTS)
            if source is not None and source.contract in CONTRACTS and source.contract not in needed:
                message = (
                    f"{indicator.id}: a measure of type {kind} is made of {listed(needed)}; "
                    f"the source {name} holds {source.contract}"
                )
                inner: Path_ = ("source",) if name in own else ("measure", "over", "source")
                yield places.issue("indicators", (*path, *inner), message)
        if (kind == "survey") != (indicator.window.kind == "wave"):
            message = f"{indicator.id}: the window `wave` belongs to surveys, and surveys have no other"
            yield places.issue("indicators", (*path, "window", "kind"), message)
        elif kind == "survey" and not indicator.window.ending.startswith("latest"):
            message = f"{indicator.id}: a wave ends when its survey says; allowed: latest"
            yield places.issue("indicators", (*path, "window", "ending"), message)


def months_decided_twice(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A month taken as whole that is known to be incomplete: the first decision would do nothing."""
    for source in definitions.sources.values():
        for number, taken in enumerate(source.accepted_months):
            for place, month in enumerate(taken.months):
                against = [
                    known
                    for known in source.incomplete
                    if month in known.months
                    and (not known.areas or not taken.areas or set(known.areas) & set(taken.areas))
                ]
                if against:
                    path: Path_ = ("sources", source.id, "accepted_months", number, "months", place)
                    message = f"{source.id}: {month} is known to be incomplete, by {against[0].by} on "
                    message += f"{against[0].on}, under `incomplete`; allowed: one of the two"
                    yield places.issue("sources", path, message)


def other_forces(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A figure counted for another police force: every row counted is one of the partnership's own force."""
    partnership = definitions.partnership
    for indicator in definitions.indicators.values():
        if indicator.measure.type == "reported":
            continue
        named: list[tuple[Path_, str]] = [(("areas", n), name) for n, name in enumerate(indicator.areas)]
        named += [(("compare", n, "of"), compare.of or "") for n, compare in enumerate(indicator.compare)]
        for inner, name in named:
            found = partnership.area_sets.get(name)
            members = found.members if found and found.kind is AreaKind.FORCE else ()
            others = [member.name for member in members if member.code != partnership.force.code]
            if others:
                message = (
                    f"{indicator.id}: {name} holds {listed(others)}, whose rows are in no source of "
                    f"{partnership.force.name}; only measures of type reported have figures of other forces"
                )
                yield places.issue("indicators", ("indicators", indicator.id, *inner), message)


def denominators(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A denominator that no source holds."""
    for indicator in definitions.indicators.values():
        found: list[tuple[Path_, Denominator]] = []
        if isinstance(indicator.measure, Rate):
            found.append((("measure", "over"), indicator.measure.over))
        for index, breakdown in enumerate(indicator.by):
            found += [(("by", index, "over", category), over) for category, over in breakdown.over.items()]
            yield from _other_bases(indicator, breakdown, ("indicators", indicator.id, "by", index), places)
        for inner, over in found:
            path = ("indicators", indicator.id, *inner)
            yield from _denominator_faults(definitions, places, indicator, path, over)


def _other_bases(indicator: Indicator, breakdown: Breakdown, path: Path_, places: Places) -> Iterator[Issue]:
    """A denominator of one category only: it is for rates, and from the same table and year as the rest."""
    measure = indicator.measure
    for category, over in breakdown.over.items():
        here: Path_ = (*path, "over", category)
        if not isinstance(measure, Rate):
            message = f"only a rate divides by a population; this is a {measure.type}"
            yield places.issue("indicators", here, f"{indicator.id}: {message}", at_key=True)
        elif (over.table, over.year) != (measure.over.table, measure.over.year):
            message = (
                f"a category may divide by another column of {measure.over.table}, of the same year, "
                "but not by another table or year"
            )
            yield places.issue("indicators", here, f"{indicator.id}: {message}", at_key=True)


def _denominator_faults(
    definitions: Definitions, places: Places, indicator: Indicator, path: Path_, over: Denominator
) -> Iterator[Issue]:
    source = definitions.sources.get(over.table)
    if source is None:
        if over.table not in places.ids["sources"]:
            message = f"{indicator.id}: {unknown('source', over.table, places.ids['sources'])}"
            yield places.issue("indicators", (*path, "table"), message)
        return
    columns = supplied_columns(source) or {}
    numbers = [
        name for name, column in columns.items() if column.type in ("INTEGER", "DOUBLE") and name != "year"
    ]
    if over.column not in numbers:
        message = f"{indicator.id}: {unknown(f'column of {over.table}:', over.column, numbers)}"
        yield places.issue("indicators", (*path, "column"), message)
