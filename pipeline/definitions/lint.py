"""What the definitions say about each other: rules over the resolved value, with positions in the files.

A rule is a generator of issues: errors, which stop a run, and warnings, which do not.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from pipeline.definitions.indicator import Compare
from pipeline.definitions.lint_columns import columns_and_values
from pipeline.definitions.lint_sources import (
    denominators,
    unfit_sources,
    unknown_contracts,
    unknown_sources,
)
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions, NamedArea
from pipeline.definitions.strategy import Priority
from pipeline.definitions.words import did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue
from pipeline.model.observation import UNKNOWN

REST_OF_FORCE = "rest_of_force"
PARTNERSHIP_SETS = ("partnership", "force")

Rule = Callable[[Definitions, Places], Iterator[Issue]]


def lint(definitions: Definitions, places: Places, as_at: date | None) -> list[Issue]:
    """Everything that is wrong or doubtful in definitions that are well formed one by one.

    `as_at` decides what is past its review; without it nothing is.
    """
    found = [issue for rule in RULES for issue in rule(definitions, places)]
    return found if as_at is None else [*found, *past_review(definitions, places, as_at)]


# --- Areas, windows, bands ---------------------------------------------------------------------


def areas_twice(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An area that stands twice in one set, under its code."""
    partnership = definitions.partnership
    sets: list[tuple[Path_, tuple[NamedArea, ...]]] = [(("force", "districts"), partnership.force.districts)]
    sets += [(("area_sets", name, "members"), found.members) for name, found in partnership.area_sets.items()]
    for path, members in sets:
        seen: dict[str, str] = {}
        for index, area in enumerate(members):
            if area.code in seen:
                message = f"the code {area.code} stands twice in this set: {seen[area.code]} and {area.name}"
                yield places.issue("partnership", (*path, index, "code"), message)
            seen.setdefault(area.code, area.name)


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
        size = len(found.members) if found else 1
        if size < 3:
            yield ("of",), f"a rank among {size} says nothing; it needs at least 3 areas"


def bands(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Bands that overlap, leave a gap or run backwards; a breakdown that is cut in two ways or in none."""
    for indicator in definitions.indicators.values():
        for index, breakdown in enumerate(indicator.by):
            path: Path_ = ("indicators", indicator.id, "by", index)
            if breakdown.column is None and not breakdown.groups:
                message = f"{indicator.id}: the breakdown '{breakdown.name}' needs `column`"
                yield places.issue("indicators", path, message)
            if breakdown.bands and breakdown.groups:
                message = f"{indicator.id}: '{breakdown.name}' has both bands and groups; choose one"
                yield places.issue("indicators", path, message)
            for category, message in _band_faults(breakdown.bands or {}):
                yield places.issue("indicators", (*path, "bands", category), f"{indicator.id}: {message}")


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
            continue  # its categories are whatever the column holds
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


def _groups(definitions: Definitions) -> Iterator[tuple[str, str, Priority]]:
    for name, priority in definitions.priorities.items():
        yield "priorities", name, priority
    for name, duty in definitions.duties.items():
        yield "duties", name, duty


def uses(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A use or chart of an unknown indicator; a measure with nothing; uses of which none is the headline."""
    known = places.ids["indicators"]
    for section, name, priority in _groups(definitions):
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


def empty_titles(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A title that says nothing."""
    titled: list[tuple[Path_, str]] = []
    titled += [(("indicators", name), found.title) for name, found in definitions.indicators.items()]
    for section, name, priority in _groups(definitions):
        titled.append(((section, name), priority.title))
        for key, measure in priority.measures.items():
            titled.append(((section, name, "measures", key), measure.title))
    for path, title in titled:
        if not title.strip():
            yield places.issue("indicators", (*path, "title"), f"{path[-1]}: the title is empty")


# --- Warnings ----------------------------------------------------------------------------------


def same_rationale(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A sentence that two priorities share: text pasted from one page to another looks like this."""
    first: dict[str, tuple[str, str]] = {}
    for section, name, priority in _groups(definitions):
        for index, sentence in enumerate(priority.why):
            key = " ".join(sentence.lower().split())
            if key in first and first[key][0] != name:
                message = f"{name}: this reason also stands under {first[key][1]}; was it pasted?"
                yield places.doubt("indicators", (section, name, "why", index), message)
            first.setdefault(key, (name, priority.title))


def two_names(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Two indicators that measure the same thing under different names."""
    first: dict[object, str] = {}
    for name, indicator in definitions.indicators.items():
        measured = indicator.model_dump_json(include={"source", "measure", "window", "areas"})
        if measured in first:
            message = f"{name}: measures the same as {first[measured]}; use one name for it"
            yield places.doubt("indicators", ("indicators", name, "measure"), message)
        first.setdefault(measured, name)


def past_review(definitions: Definitions, places: Places, as_at: date) -> Iterator[Issue]:
    """A definition whose next review has passed."""
    for name, indicator in definitions.indicators.items():
        due = indicator.govern.next_review
        if due is not None and due < as_at:
            message = f"{name}: its review was due on {due.isoformat()} ({indicator.govern.owner})"
            path: Path_ = ("indicators", name, "govern", "next_review")
            yield places.doubt("indicators", path, message)


RULES: tuple[Rule, ...] = (
    unknown_contracts,
    unknown_sources,
    unfit_sources,
    denominators,
    columns_and_values,
    areas_twice,
    unknown_areas,
    bands,
    published_categories,
    uses,
    empty_titles,
    same_rationale,
    two_names,
)
