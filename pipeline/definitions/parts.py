"""Derived indicators and their parts: what they take over from them, and rules over how they are made."""

from collections.abc import Iterator, Mapping

from pipeline.definitions.indicator import Count, DerivedMeasure, Indicator, Mean, Ratio, Reported, Survey
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import did_you_mean
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue


def resolved_from_parts(indicators: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """The indicators, each derived one with the sources, tags and breaks of all its parts.

    Its own source, if any, gives way; tags and breaks add up, and what is `only_multi_year` of one part is so
    of the whole. So a derived figure is under every disclosure policy, and touched by every break, that its
    parts are. Parts that are not declared, or that lead back
    to themselves, add nothing; rules tell of them.
    """
    return {
        name: _resolved(indicator, indicators) if isinstance(indicator.measure, DerivedMeasure) else indicator
        for name, indicator in indicators.items()
    }


def _resolved(indicator: Indicator, indicators: Mapping[str, Indicator]) -> Indicator:
    behind = [indicators[part] for part in parts_behind(indicator.id, indicators) if part in indicators]
    counted = [part for part in behind if not isinstance(part.measure, DerivedMeasure)]
    everyone = [indicator, *behind]
    taken_over = {
        "source": tuple(dict.fromkeys(source for part in counted for source in part.all_sources)),
        "tags": tuple(dict.fromkeys(tag for one in everyone for tag in one.tags)),
        "breaks": tuple(dict.fromkeys(found for one in everyone for found in one.breaks)),
        "only_multi_year": any(one.only_multi_year for one in everyone),
    }
    return indicator.model_copy(update=taken_over)


def parts_behind(name: str, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """The ids of every part of an indicator and of its parts, each once, itself only where it leads back."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        indicator = indicators.get(waiting.pop(0))
        if indicator is None or not isinstance(indicator.measure, DerivedMeasure):
            continue
        waiting += [part for part in indicator.measure.parts if part not in found]
        found |= dict.fromkeys(indicator.measure.parts)
    return tuple(found)


def derived_measures(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Parts that cannot be added: unknown, leading back, of other windows, of surveys; breakdowns."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if not isinstance(measure, DerivedMeasure):
            continue
        path: Path_ = ("indicators", indicator.id)
        for key in ("sum", "less", "over"):
            for index, part in enumerate(getattr(measure, key)):
                for message in _part_faults(definitions, places, indicator, part):
                    yield places.issue("indicators", (*path, "measure", key, index), message)
        for message in (*_whole_faults(measure), *_mixed(definitions, measure)):
            yield places.issue("indicators", (*path, "measure"), f"{indicator.id}: {message}")
        if indicator.by:
            message = f"{indicator.id}: a derived figure has no breakdown; declare it on its parts"
            yield places.issue("indicators", (*path, "by"), message)


def _part_faults(definitions: Definitions, places: Places, indicator: Indicator, part: str) -> Iterator[str]:
    if part not in definitions.indicators:
        if part not in places.ids["indicators"]:
            hint = did_you_mean(part, definitions.indicators)
            yield f"{indicator.id}: unknown indicator '{part}'{hint}"
        return
    if part == indicator.id or indicator.id in parts_behind(part, definitions.indicators):
        yield f"{indicator.id}: '{part}' is made of {indicator.id} itself"
        return
    other = definitions.indicators[part]
    if isinstance(other.measure, Survey):
        yield f"{indicator.id}: '{part}' is a survey, whose figures are not added to others"
    elif (its := _window(other)) != (mine := _window(indicator)):
        yield f"{indicator.id}: '{part}' has the window {its}, and the whole {mine}; give both the same"


def _whole_faults(measure: DerivedMeasure) -> Iterator[str]:
    if twice := sorted(set(measure.sum) & set(measure.less)):
        yield f"{twice[0]} is added and taken away"
    if measure.independent and (shared := sorted({*measure.sum, *measure.less} & set(measure.over))):
        yield f"{shared[0]} stands above and below the line, so the parts are not independent"
    if measure.per != 1 and not measure.over:
        yield "`per` belongs to `over`; a sum is not multiplied"


def _mixed(definitions: Definitions, measure: DerivedMeasure) -> Iterator[str]:
    """Figures of different kinds put together, or of a kind that has no sum."""
    for line, names in (("sum and less", (*measure.sum, *measure.less)), ("over", measure.over)):
        kinds: dict[str, str] = {}
        for part in _addable(definitions, names):
            kinds.setdefault(_kind(part), part.id)
        if len(kinds) > 1:
            (one, first), (other, second) = list(kinds.items())[:2]
            yield f"`{line}` adds {one} ({first}) and {other} ({second}); only figures of one kind add up"
    for names in (measure.sum, measure.over):
        for part in _addable(definitions, names) if len(names) > 1 else ():
            if isinstance(part.measure, Mean | Ratio) or _kind(part) == _PERCENTAGES:
                yield f"{part.id} is a {part.measure.type}, and those have no sum; add what they divide"


def _addable(definitions: Definitions, names: tuple[str, ...]) -> list[Indicator]:
    """The parts that there are, without surveys: those are refused wherever they stand."""
    found = [definitions.indicators[name] for name in names if name in definitions.indicators]
    return [part for part in found if not isinstance(part.measure, Survey)]


_PERCENTAGES = "percentages"


def _kind(part: Indicator) -> str:
    """What kind of figure a part is, in words: numbers of whatever are one kind, other units each its own."""
    measure = part.measure
    counts = measure.type == "count" or (isinstance(measure, DerivedMeasure) and not measure.over)
    if measure.unit == "%" or (isinstance(measure, Reported) and measure.of is not None):
        return _PERCENTAGES
    return "numbers" if counts or isinstance(measure, Reported) else measure.unit


def _window(indicator: Indicator) -> str:
    window = indicator.window
    length = f" of {window.months} months" if window.kind == "rolling" else ""
    return f"{window.kind}{length}, ending {window.ending}"


def units_of_ratios(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A ratio called a percentage; one that divides rows by all rows of their own table, which is a share."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if isinstance(measure, Ratio) and measure.unit == "%":
            message = (
                f"{indicator.id}: found '%' for a ratio; allowed: what is counted for what, e.g. victims per "
                "crime; for a part of a whole use `proportion` or `share`"
            )
            yield places.issue("indicators", ("indicators", indicator.id, "measure", "unit"), message)
        elif isinstance(measure, Ratio) and _is_share(indicator, measure):
            message = f"{indicator.id}: these rows are divided by rows they are a part of; use `share`"
            yield places.issue("indicators", ("indicators", indicator.id, "measure", "over"), message)


def _is_share(indicator: Indicator, measure: Ratio) -> bool:
    same = indicator.over_sources == indicator.sources and measure.table == measure.over.table
    whole = measure.over.where
    return same and not (whole.columns or whole.any_ or whole.not_)


def unranked(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A rank of figures whose places chance cannot be told from, or that size decides; a mean of one area."""
    for indicator in definitions.indicators.values():
        if isinstance(indicator.measure, Count):
            yield from _raw_counts(definitions, places, indicator)
        if not isinstance(indicator.measure, Mean | DerivedMeasure):
            continue
        for index, compare in enumerate(indicator.compare):
            if compare.to == "rank":
                message = (
                    f"{indicator.id}: a {indicator.measure.type} figure is not ranked, because how far its "
                    "place could be chance is known for counts and parts of counts only; use `average`"
                )
                yield places.issue(
                    "indicators", ("indicators", indicator.id, "compare", index, "to"), message
                )


def _raw_counts(definitions: Definitions, places: Places, indicator: Indicator) -> Iterator[Issue]:
    """Counts beside those of areas of another size."""
    for index, compare in enumerate(indicator.compare):
        path: Path_ = ("indicators", indicator.id, "compare", index)
        if compare.to == "average" and compare.of == "force":
            message = (
                f"{indicator.id}: the average of counts is their mean per area, and the force is one area; "
                "use a rate, or an area set"
            )
            yield places.issue("indicators", (*path, "of"), message)
        if compare.to == "rank":
            message = f"{indicator.id}: a rank of counts is mostly one of the areas' sizes; use a rate"
            yield places.doubt("indicators", (*path, "to"), message)
