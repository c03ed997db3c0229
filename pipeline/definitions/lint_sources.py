"""Rules over sources: are they declared, and are they of the kind that a measure needs?"""

from collections.abc import Iterator

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.indicator import Denominator, Indicator, Rate
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.contract import CONTRACTS
from pipeline.model.issue import Issue

# The contracts whose rows a measure can be made of; rows of events serve every other measure.
_CONTRACTS_FOR = {"survey": ("responses",), "reported": ("returns",)}
_EVENTS = ("crimes", "incidents", "case_reviews")


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
        for index, name in enumerate(indicator.sources):
            if name not in known:
                inner: Path_ = ("source",) if isinstance(indicator.source, str) else ("source", index)
                message = f"{indicator.id}: {unknown('source', name, known)}"
                yield places.issue("indicators", ("indicators", indicator.id, *inner), message)


def unfit_sources(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source whose rows are not what the measure is made of; a survey without waves."""
    for indicator in definitions.indicators.values():
        kind = indicator.measure.type
        path: Path_ = ("indicators", indicator.id)
        for name in indicator.sources:
            source = definitions.sources.get(name)
            needed = _CONTRACTS_FOR.get(kind, _EVENTS)
            if source is not None and source.contract in CONTRACTS and source.contract not in needed:
                message = (
                    f"{indicator.id}: a measure of type {kind} is made of {listed(needed)}; "
                    f"the source {name} holds {source.contract}"
                )
                yield places.issue("indicators", (*path, "source"), message)
        if (kind == "survey") != (indicator.window.kind == "wave"):
            message = f"{indicator.id}: the window `wave` belongs to surveys, and surveys have no other"
            yield places.issue("indicators", (*path, "window", "kind"), message)


def denominators(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A denominator that no source holds."""
    for indicator in definitions.indicators.values():
        found: list[tuple[Path_, Denominator]] = []
        if isinstance(indicator.measure, Rate):
            found.append((("measure", "over"), indicator.measure.over))
        for index, breakdown in enumerate(indicator.by):
            found += [(("by", index, "over", category), over) for category, over in breakdown.over.items()]
        for inner, over in found:
            path = ("indicators", indicator.id, *inner)
            yield from _denominator_faults(definitions, places, indicator, path, over)


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
