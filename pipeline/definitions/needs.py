"""What indicators need of the extracts: which curated columns, to be counted at all and for each cut."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.definitions.indicator import (
    DerivedMeasure,
    Indicator,
    Mean,
    Proportion,
    Ratio,
    Repeat,
)
from pipeline.definitions.measure import KEYWORD
from pipeline.definitions.parts import parts_behind
from pipeline.definitions.readings import OFFENCE, FilterPlace, conditions_of, filters_of
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import SuccessMeasure
from pipeline.model.area import AreaKind
from pipeline.model.contract import CONTRACTS

ROW = "*"
ALWAYS = ("month", "district_code")  # where a table has such: else no row is of a period and an area
PARTS = {"victims": "crimes", "suspects": "crimes"}


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """One curated column of one kind of table: crimes, suspects, incidents.

    What a crime's victims and suspects repeat of the crime is a column of crimes; `ROW` stands for a row of
    their own for each of them.
    """

    contract: str
    column: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What one indicator needs: `counted` to be a figure, `cuts` for its breakdowns and sets of areas."""

    counted: frozenset[Need]
    cuts: Mapping[str, frozenset[Need]] = field(default_factory=dict)


def needs_of(definitions: Definitions, indicator: Indicator) -> Needs:
    """What an indicator needs; a derived one needs what its parts need."""
    if isinstance(indicator.measure, DerivedMeasure):
        parts = [
            needs_of(definitions, definitions.indicators[name])
            for name in parts_behind(indicator.id, definitions.indicators)
            if name in definitions.indicators
        ]
        return Needs(frozenset(need for part in parts for need in part.counted))
    part = getattr(indicator.measure, "table", None)
    tables = _contracts(definitions, indicator.sources, part)
    counted = _all(tables, (*ALWAYS, *_read(indicator)))
    for place in filters_of(indicator):
        counted |= _all(_contracts(definitions, place.sources, place.part), _columns_in(place))
    if isinstance(indicator.measure, Ratio):
        below = _contracts(definitions, indicator.over_sources, indicator.measure.over.table)
        counted |= _all(below, ALWAYS)
    cuts = {
        breakdown.name: _all(tables, (breakdown.column or OFFENCE,))
        for breakdown in indicator.by
        if not breakdown.cross
    }
    for name in indicator.areas:
        areas = definitions.partnership.area_sets.get(name)
        if areas and areas.kind in (AreaKind.WARD, AreaKind.LSOA):
            cuts[areas.title] = _all(tables, (f"{areas.kind}_code",))
    return Needs(counted, cuts)


def _all(tables: Iterable[str], columns: Iterable[str]) -> frozenset[Need]:
    columns = list(columns)
    return frozenset(
        need
        for table in tables
        for need in (
            *(_need(table, name) for name in columns if name not in ALWAYS or _has(table, name)),
            *([Need(table, ROW)] * (table in PARTS)),
        )
    )


def _has(table: str, column: str) -> bool:
    return CONTRACTS[table].column(column) is not None


def _need(table: str, column: str) -> Need:
    """A part repeats the columns of the crime that it was split from."""
    whole = PARTS.get(table, table)
    return Need(whole if _has(whole, column) else table, column)


def _contracts(definitions: Definitions, sources: Iterable[str], part: str | None) -> list[str]:
    """The kinds of the tables that are read: of the sources, or of that part of each."""
    found = []
    for name in sources:
        source = definitions.sources.get(name)
        if source is not None and part is None:
            found.append(source.contract)
        elif source is not None and part in source.parts:
            found.append(source.parts[part].contract)
    return list(dict.fromkeys(found))


def _read(indicator: Indicator) -> Iterator[str]:
    """The columns that a measure reads beside its filters."""
    measure = indicator.measure
    if isinstance(measure, Repeat):
        yield from measure.entities
        if measure.report == "lookback":
            yield "recorded_on"
    elif isinstance(measure, Mean):
        yield measure.column
    elif isinstance(measure, Proportion) and measure.within_days is not None:
        yield from ("recorded_on", "outcome_on")


def _columns_in(place: FilterPlace) -> Iterator[str]:
    for _, column, condition in conditions_of(place.where):
        if column == KEYWORD and condition.any_of is not None:
            yield from map(str, condition.any_of)
        else:
            yield column


class Standing(StrEnum):
    """How far extracts carry a success measure."""

    WHOLE = "whole"  # every headline of it
    IN_PART = "in_part"  # some of its headlines, or only what stands beside them
    LACKING = "lacking"  # its headlines read such extracts, and columns are missing for all of them
    ELSEWHERE = "elsewhere"  # its headlines are of other sources


@dataclass(frozen=True, slots=True)
class Support:
    """How far extracts carry one success measure.

    `lacking` are the missing columns of each headline; `cuts` of those that are carried, the breakdowns
    that are lost, with what they lack; `others` the sources that its other headlines are of. `carried` are
    the indicators, headlines first, that can be counted.
    """

    group: str
    measure: str
    title: str
    standing: Standing
    carried: tuple[str, ...] = ()
    lacking: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    cuts: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def supports(
    definitions: Definitions, there: frozenset[Need], contracts: frozenset[str]
) -> tuple[Support, ...]:
    """How far extracts with these columns, of these kinds of tables, carry each success measure."""
    return tuple(
        _support(definitions, group, name, measure, there, contracts)
        for group, priority in definitions.priorities.items()
        for name, measure in priority.measures.items()
    )


def _support(
    definitions: Definitions,
    group: str,
    name: str,
    measure: SuccessMeasure,
    there: frozenset[Need],
    contracts: frozenset[str],
) -> Support:
    carried: list[str] = []
    lacking: dict[str, tuple[Need, ...]] = {}
    cuts: dict[str, tuple[Need, ...]] = {}
    others: dict[str, None] = {}
    headlines = 0
    of_headlines = 0
    for use in sorted(measure.uses, key=lambda use: not use.headline):
        indicator = definitions.indicators.get(use.use)
        if indicator is None:
            continue
        headlines += use.headline
        needs = needs_of(definitions, indicator)
        if not {need.contract for need in needs.counted} & contracts:
            others |= dict.fromkeys(indicator.sources) if use.headline else {}
            continue
        missing = tuple(sorted(need for need in needs.counted - there if need.contract in contracts))
        if missing:
            lacking |= {use.use: missing} if use.headline else {}
            continue
        carried.append(use.use)
        of_headlines += use.headline
        for cut, wanted in needs.cuts.items():
            lost = tuple(sorted(need for need in wanted - there if need.contract in contracts))
            cuts |= {f"{use.use} {cut}": lost} if lost and use.headline else {}
    if headlines and of_headlines == headlines:
        standing = Standing.WHOLE
    elif carried:
        standing = Standing.IN_PART
    else:
        standing = Standing.LACKING if lacking else Standing.ELSEWHERE
    return Support(group, name, measure.title, standing, tuple(carried), lacking, cuts, tuple(others))
