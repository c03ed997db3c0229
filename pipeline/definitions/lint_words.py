"""Doubts about words: reasons pasted from page to page, names that say nothing, two names for one thing.

All are warnings but the empty title: a sentence can be right and look wrong.
"""

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Priority, SuccessMeasure
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.comparison import Want
from pipeline.model.issue import Issue

ALIKE = 0.9
"""Two sentences of which so much is the same are one, with a word or two changed."""

_DIRECTION = re.compile(
    r"\b(reduc(e|es|ed|ing|tions?)|decreas(e|es|ed|ing)|increas(e|es|ed|ing)|fewer|lowering|rais(e|es|ed|ing)"
    r"|improv(e|es|ed|ing|ements?)|ris(e|es|ing)|falls?|falling|drops?|growth)\b",
    re.IGNORECASE,
)
_LESS = re.compile(r"reduc.*|decreas.*|fewer|lowering|falls?|falling|drops?", re.IGNORECASE)


def groups_of(definitions: Definitions) -> Iterator[tuple[str, str, Priority]]:
    """Priorities, then duties: the section, the id and the group."""
    for name, priority in definitions.priorities.items():
        yield "priorities", name, priority
    for name, duty in definitions.duties.items():
        yield "duties", name, duty


def empty_titles(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A title that says nothing."""
    titled: list[tuple[Path_, str]] = []
    titled += [(("indicators", name), found.title) for name, found in definitions.indicators.items()]
    for section, name, priority in groups_of(definitions):
        titled.append(((section, name), priority.title))
        for key, measure in priority.measures.items():
            titled.append(((section, name, "measures", key), measure.title))
    for path, title in titled:
        if not title.strip():
            yield places.issue("indicators", (*path, "title"), f"{path[-1]}: the title is empty")


def same_rationale(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A sentence that two priorities share: text pasted from one page to another looks like this."""
    seen: list[tuple[str, str, str]] = []  # the sentence in small letters, its priority, what it is
    for section, name, priority in groups_of(definitions):
        for key, what in (("why", "reason"), ("aims", "aim")):
            for index, sentence in enumerate(getattr(priority, key)):
                words = " ".join(re.findall(r"[\w%]+", sentence.lower()))
                first = next((s for s in seen if s[1] != name and s[2] == what and _alike(s[0], words)), None)
                if first is not None:
                    title = {**definitions.priorities, **definitions.duties}[first[1]].title
                    same = "also stands" if first[0] == words else "stands in almost the same words"
                    message = f"{name}: this {what} {same} under {title}; was it pasted?"
                    yield places.doubt("indicators", (section, name, key, index), message)
                seen.append((words, name, what))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    if shorter < 40 or shorter < ALIKE * longer:  # short sentences are alike by chance
        return False
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE


def directions(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A sentence that names a direction where none is wanted.

    A success measure that speaks of a reduction while each of its headlines wants neither way and none says
    why, or an indicator whose name has a direction in it: what is measured goes both ways, and which way
    is wanted belongs to the use.
    """
    for section, name, priority in groups_of(definitions):
        for key, measure in priority.measures.items():
            found = _DIRECTION.search(measure.title)
            if found and _wants_neither(measure):
                message = (
                    f"{key}: the sentence says '{found[0]}', but every headline wants neither direction; "
                    "say which way is wanted in `want`, or why neither is in `because`"
                )
                yield places.doubt("indicators", (section, name, "measures", key, "title"), message)
            yield from _against(places, (section, name, "measures", key), measure)
    for name, indicator in definitions.indicators.items():
        for key in ("title", "said_as"):
            found = _DIRECTION.search(getattr(indicator, key))
            if found:
                message = (
                    f"{name}: its {key.replace('_', ' ')} says '{found[0]}'; an indicator goes both ways, "
                    "and which way is wanted belongs to its use"
                )
                yield places.doubt("indicators", ("indicators", name, key), message)


def _against(places: Places, path: Path_, measure: SuccessMeasure) -> Iterator[Issue]:
    """A headline wanted up under a sentence that speaks of less and of nothing more.

    Not the other way round: an increase in safety may well be a share of people unsafe that is wanted down.
    """
    words = [found[0] for found in _DIRECTION.finditer(measure.title)]
    if not words or not all(_LESS.fullmatch(word) for word in words):
        return
    for index, use in enumerate(measure.uses):
        if use.headline and use.want is Want.UP and not use.because:
            message = (
                f"{path[-1]}: the sentence says '{words[0]}', but its headline {use.use} is wanted up; "
                "correct `want`, or say why in `because`"
            )
            yield places.doubt("indicators", (*path, "uses", index, "want"), message)


def _wants_neither(measure: SuccessMeasure) -> bool:
    deciding = [use for use in measure.uses if use.headline]
    return bool(deciding) and all(use.want is Want.NEITHER and not use.because for use in deciding)


def two_names(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Two indicators that measure the same thing under different names, or different things under one.

    The unit, the order of values and whether codes stand in a list or are written out make no difference.
    Two that have one area in common would print the same figure twice.
    """
    first: dict[object, str] = {}
    titles: dict[str, str] = {}
    for name, indicator in definitions.indicators.items():
        measured = _measured(indicator, definitions)
        same = next((first[measured, area] for area in indicator.areas if (measured, area) in first), None)
        if same is not None:
            message = f"{name}: measures the same as {same}; use one name for it"
            yield places.doubt("indicators", ("indicators", name, "measure"), message)
        for area in indicator.areas:
            first.setdefault((measured, area), name)
        title = " ".join(indicator.title.lower().split())
        if title in titles and title:
            message = f"{name}: has the same title as {titles[title]}; a reader could not tell them apart"
            yield places.doubt("indicators", ("indicators", name, "title"), message)
        titles.setdefault(title, name)


def _measured(indicator: Indicator, definitions: Definitions) -> str:
    plain = indicator.model_dump(mode="json", by_alias=True, include={"source", "measure", "window"})
    plain["measure"].pop("unit", None)
    return repr(_ordered(plain, definitions))


def _ordered(value: object, definitions: Definitions) -> object:
    """Plain values in one order of their own, each code list as its codes; what is null is left out."""
    if isinstance(value, dict):
        listed = value.get("in_codelist")
        dated = isinstance(listed, str) and definitions.codelist_validity.get(listed)
        if isinstance(listed, str) and not dated and value.get("in") is None:
            codes = definitions.codelists.get(listed, (listed,))
            value = {**value, "in_codelist": None, "in": list(codes)}
        kept = ((key, _ordered(inner, definitions)) for key, inner in value.items() if inner is not None)
        return tuple(sorted(kept))
    if isinstance(value, list):
        inner = [_ordered(item, definitions) for item in value]
        return (
            tuple(sorted(inner, key=repr)) if all(isinstance(i, str | int) for i in value) else tuple(inner)
        )
    return value


def past_review(definitions: Definitions, places: Places, as_at: date) -> Iterator[Issue]:
    """A definition whose next review has passed."""
    for name, indicator in definitions.indicators.items():
        due = indicator.govern.next_review
        if due is not None and due < as_at:
            message = f"{name}: its review was due on {due.isoformat()} ({indicator.govern.owner})"
            path: Path_ = ("indicators", name, "govern", "next_review")
            yield places.doubt("indicators", path, message)
