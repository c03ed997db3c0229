"""What the definitions say about each other: rules over the resolved value, with positions in the files.

A rule is a generator of issues: errors, which stop a run, and warnings, which do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from pipeline.definitions.indicator import Breakdown, Compare, Indicator
from pipeline.definitions.lint_codes import counted_twice, declared_codes, same_lists, unknown_codes
from pipeline.definitions.lint_columns import columns_and_values
from pipeline.definitions.lint_corrections import corrections_named
from pipeline.definitions.lint_mappings import (
    headers_twice,
    keyless,
    keys,
    mapped_columns,
    same_files,
    text_sheets,
    written_dates,
    written_values,
)
from pipeline.definitions.lint_measures import answers, pairs, references, units, young_outcomes
from pipeline.definitions.lint_places import geographies
from pipeline.definitions.lint_rare import multi_year_only
from pipeline.definitions.lint_returns import owed_items, owed_periods, unexpected_items
from pipeline.definitions.lint_sources import (
    denominators,
    months_decided_twice,
    other_forces,
    unfit_sources,
    unknown_contracts,
    unknown_sources,
)
from pipeline.definitions.lint_targets import published_periods, targets, targets_over
from pipeline.definitions.lint_words import (
    directions,
    empty_titles,
    groups_of,
    past_review,
    same_rationale,
    two_names,
)
from pipeline.definitions.parts import derived_measures, units_of_ratios, unranked
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions, Member
from pipeline.definitions.words import did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue
from pipeline.model.observation import CROSSED, OTHER, UNKNOWN

REST_OF_FORCE = "rest_of_force"
RESERVED = (UNKNOWN, OTHER, "all")
_TAKEN = f"'{UNKNOWN}' is of rows with no value, '{OTHER}' of values in no category, 'all' the total"
PARTNERSHIP_SETS = ("partnership", "force")

Rule = Callable[[Definitions, Places], Iterator[Issue]]


def lint(
    definitions: Definitions, places: Places, as_at: date | None, *, areas_known: bool = True
) -> list[Issue]:
    """Everything that is wrong or doubtful in definitions that are well formed one by one.

    `as_at` decides what is past its review; without it nothing is. Where the areas are not known, because
    partnership.yaml is wrong, nothing is said of them nor of that file.
    """
    rules = RULES if areas_known else tuple(rule for rule in RULES if rule not in OF_AREAS)
    found = [_named(issue, rule) for rule in rules for issue in rule(definitions, places)]
    if not areas_known:
        found = [issue for issue in found if issue.file != places.documents["partnership"].file]
    if as_at is not None:
        for dated in (past_review, targets_over):
            found += [_named(issue, dated) for issue in dated(definitions, places, as_at)]
    return found


def _named(issue: Issue, rule: Callable[..., Iterator[Issue]]) -> Issue:
    return replace(issue, rule=rule.__name__)


# --- Areas, windows, bands ---------------------------------------------------------------------


def areas_twice(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An area that stands twice in one set, under its code; in an area set, with two spans that overlap."""
    partnership = definitions.partnership
    seen: dict[str, str] = {}
    for index, area in enumerate(partnership.force.districts):
        if area.code in seen:
            message = f"the code {area.code} stands twice in this set: {seen[area.code]} and {area.name}"
            yield places.issue("partnership", ("force", "districts", index, "code"), message)
        seen.setdefault(area.code, area.name)
    for name, area_set in partnership.area_sets.items():
        for index, member in enumerate(area_set.members):
            before = area_set.members[:index]
            first = next((m for m in before if m.code == member.code and _meet(m, member)), None)
            if first is not None:
                message = f"the code {member.code} stands twice in this set: {first.name} and {member.name}"
                inside: Path_ = ("file",) if area_set.file else ("members", index, "code")
                yield places.issue("partnership", ("area_sets", name, *inside), message)


def _meet(one: Member, other: Member) -> bool:
    """Whether two memberships share a day."""
    joined = max(member.from_ or date.min for member in (one, other))
    left = min(member.until or date.max for member in (one, other))
    return joined <= left


def unknown_areas(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An area set that partnership.yaml does not declare; a rank of fewer than three areas."""
    sets = [*PARTNERSHIP_SETS, *definitions.partnership.area_sets]
    for indicator in definitions.indicators.values():
        path: Path_ = ("indicators", indicator.id)
        for index, name in enumerate(indicator.areas):
            if name not in sets:
                message = f"{indicator.id}: {unknown('area set', name, sets)}"
                yield places.issue("indicators", (*path, "areas", index), message)
        for index, compare in enumerate(indicator.compare):
            for inner, message in _comparator_faults(definitions, compare, [*sets, REST_OF_FORCE]):
                here = (*path, "compare", index, *inner)
                yield places.issue("indicators", here, f"{indicator.id}: {message}")


def _comparator_faults(
    definitions: Definitions, compare: Compare, sets: list[str]
) -> Iterator[tuple[Path_, str]]:
    """Each fault of one comparator, with the key it is told at."""
    if compare.to in ("period", "baseline") and compare.ending is None:
        yield (), f"a comparison with a {compare.to} needs `ending: YYYY-MM`, its last month"
    if compare.to not in ("rank", "average", "change_of"):
        return
    if compare.of is None:
        yield (), f"`{compare.to}` needs `of`, an area set; allowed: {listed(sets)}"
    elif compare.of not in sets:
        yield ("of",), unknown("area set", compare.of, sets)
    elif compare.to == "rank":
        found = definitions.partnership.area_sets.get(compare.of)
        size = min((len(m.codes) for m in found.memberships), default=0) if found else 1
        if size < 3:
            yield ("of",), f"a rank among {size} says nothing; it needs at least 3 areas"


def bands(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Bands that overlap, leave a gap or run backwards; a breakdown that is cut in two ways or in none."""
    for indicator in definitions.indicators.values():
        for index, breakdown in enumerate(indicator.by):
            path: Path_ = ("indicators", indicator.id, "by", index)
            if breakdown.cross:
                for inner, message in _cross_faults(indicator, breakdown):
                    yield places.issue("indicators", (*path, *inner), f"{indicator.id}: {message}")
                continue
            if breakdown.column is None and not breakdown.groups:
                message = f"{indicator.id}: the breakdown '{breakdown.name}' needs `column`"
                yield places.issue("indicators", path, message)
            if breakdown.bands and breakdown.groups:
                message = f"{indicator.id}: '{breakdown.name}' has both bands and groups; choose one"
                yield places.issue("indicators", path, message)
            for key in ("bands", "groups"):
                for category in getattr(breakdown, key) or {}:
                    if category.casefold() in RESERVED:
                        message = f"{indicator.id}: a category cannot be called '{category}': {_TAKEN}"
                        yield places.issue("indicators", (*path, key, category), message)
            for category, message in _band_faults(breakdown.bands or {}):
                yield places.issue("indicators", (*path, "bands", category), f"{indicator.id}: {message}")


def _cross_faults(indicator: Indicator, breakdown: Breakdown) -> Iterator[tuple[Path_, str]]:
    """Each fault of a crossed breakdown with the key it is told at."""
    plain = {found.name: found for found in indicator.by if not found.cross}
    if breakdown.column or breakdown.bands or breakdown.groups:
        yield (), f"'{breakdown.name}' crosses other breakdowns; it has no column, bands or groups of its own"
    if len(set(breakdown.cross)) < 2 or len(set(breakdown.cross)) < len(breakdown.cross):
        yield ("cross",), f"'{breakdown.name}' needs two breakdowns or more to cross, each of them once"
    for index, name in enumerate(breakdown.cross):
        if name not in plain:
            yield ("cross", index), unknown("breakdown beside it:", name, plain)
            continue
        for label in (*(plain[name].bands or {}), *(plain[name].groups or {})):
            if CROSSED in label:
                yield ("cross", index), f"'{label}' cannot be crossed: its name holds a comma"


def _band_faults(bands: dict[str, tuple[int | None, int | None]]) -> Iterator[tuple[str, str]]:
    """Each fault with the band it is told at."""
    ends = {
        name: (float("-inf") if low is None else low, float("inf") if high is None else high)
        for name, (low, high) in bands.items()
    }
    for name, (low, high) in ends.items():
        if high < low:
            yield name, f"the band {name} runs backwards, from {low:g} to {high:g}"
    in_order = sorted(ends, key=lambda name: ends[name])
    for before, after in pairwise(in_order):
        reached, begins = ends[before][1], ends[after][0]
        if begins <= reached:
            yield after, f"the bands {before} and {after} overlap: both hold {begins:g}"
        elif begins > reached + 1:
            yield after, f"between the bands {before} and {after} nothing holds {reached + 1:g}"


def published_categories(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A published figure for a category that the indicator does not have."""
    for indicator in definitions.indicators.values():
        categories = ["all", UNKNOWN]
        for breakdown in indicator.by:
            categories += [*(breakdown.bands or {}), *(breakdown.groups or {})]
        if any(not breakdown.bands and not breakdown.groups for breakdown in indicator.by):
            continue  # its categories are whatever the column holds, or crossed
        for index, published in enumerate(indicator.published):
            here: Path_ = ("indicators", indicator.id, "published", index)
            for inner in [
                *((name,) for name in published.values),
                *(("changes", n) for n in published.changes),
            ]:
                if inner[-1] not in categories:
                    message = f"{indicator.id}: {unknown('category', inner[-1], categories)}"
                    yield places.issue("indicators", (*here, *inner), message, at_key=True)


# --- Priorities, measures, uses ----------------------------------------------------------------


def uses(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A use or chart of an unknown indicator; a measure with nothing; uses of which none is the headline."""
    known = places.ids["indicators"]
    for section, name, priority in groups_of(definitions):
        for index, chart in enumerate(priority.chart):
            if chart not in known:
                message = f"unknown indicator '{chart}'{did_you_mean(chart, known)}"
                yield places.issue("indicators", (section, name, "chart", index), message)
        for measure_id, measure in priority.measures.items():
            path: Path_ = (section, name, "measures", measure_id)
            for index, use in enumerate(measure.uses):
                if use.use not in known:
                    message = f"{measure_id}: unknown indicator '{use.use}'{did_you_mean(use.use, known)}"
                    yield places.issue("indicators", (*path, "uses", index, "use"), message)
            for awaited in measure.awaited:
                fills = awaited.fills
                if fills is not None and fills not in known:
                    message = f"{measure_id}: unknown indicator '{fills}'{did_you_mean(fills, known)}"
                    yield places.issue("indicators", (*path, "awaiting"), message)
            if not measure.uses and not measure.awaited:
                message = f"{measure_id}: needs `uses`, its indicators, or `awaiting`, a return"
                yield places.issue("indicators", path, message, at_key=True)
            if measure.uses and not measure.awaited and not any(use.headline for use in measure.uses):
                message = f"{measure_id}: none of its uses is the headline; add `headline: true` to one"
                yield places.issue("indicators", (*path, "uses"), message, at_key=True)


OF_AREAS: tuple[Rule, ...] = (areas_twice, unknown_areas)
RULES: tuple[Rule, ...] = (
    unknown_contracts,
    mapped_columns,
    text_sheets,
    written_dates,
    written_values,
    keys,
    keyless,
    headers_twice,
    same_files,
    geographies,
    unknown_sources,
    unfit_sources,
    months_decided_twice,
    other_forces,
    denominators,
    owed_items,
    owed_periods,
    unexpected_items,
    corrections_named,
    columns_and_values,
    derived_measures,
    units,
    units_of_ratios,
    unranked,
    pairs,
    references,
    answers,
    young_outcomes,
    multi_year_only,
    areas_twice,
    unknown_areas,
    bands,
    published_categories,
    published_periods,
    uses,
    targets,
    empty_titles,
    declared_codes,
    unknown_codes,
    same_lists,
    counted_twice,
    same_rationale,
    directions,
    two_names,
)
