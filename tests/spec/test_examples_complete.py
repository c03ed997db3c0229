"""Every word of the definition language, every state, mark, verdict and rule has a worked example.

The words come from the models themselves, so that a new one without an example fails here.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.assess import RULES
from pipeline.definitions.indicator import Breakdown, Compare, Condition, Filter, Indicator, Measure, Window
from pipeline.definitions.resolved import AreaSet
from pipeline.definitions.strategy import Priority
from pipeline.model.comparison import Verdict
from pipeline.model.observation import Mark, State
from tests.spec.pages import FOLDER, OUTPUTS, PAGES, Example, examples
from tests.spec.worked import load_only

EXAMPLES = [example for page in PAGES for example in examples(page)]
Uses = Callable[[Example, str], bool]


def _cells(example: Example, column: str) -> set[str]:
    """The words in one column of what an example shows to come out."""
    tables = [table for table in example.tables if table.name in OUTPUTS]
    return {word for table in tables for row in table.rows for word in row.get(column, "").split()}


def _shows(column: str) -> Uses:
    return lambda example, word: word in _cells(example, column)


def _writes(example: Example, word: str) -> bool:
    return word in example.written


def _says(key: str) -> Uses:
    """Whether the definition says `key: word`."""
    return lambda example, word: any(
        re.search(rf"\b{key}: {re.escape(word)}\b(?!_)", text)
        for text in (file.text for file in example.files)
    )


def _literals(model: type[BaseModel], key: str) -> tuple[str, ...]:
    return get_args(model.model_fields[key].annotation)


def _names(model: type[BaseModel], *but: str) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items() if name not in but)


MEASURES = tuple(_literals(kind, "type")[0] for kind in get_args(get_args(Measure)[0]))
ENDINGS = tuple(re.findall(r"latest\w*", str(Window.model_fields["ending"].metadata)))

LISTS: dict[str, tuple[tuple[str, ...], Uses, str]] = {
    # what: the words, what an example of one has in it, the page
    "measure": (MEASURES, _says("type"), "measures"),
    "condition": ((*_names(Condition), *_names(Filter)), _writes, "filters"),
    "breakdown": (_names(Breakdown, "name", "unknown"), _writes, "breakdowns"),
    "window": (_literals(Window, "kind"), _says("kind"), "windows"),
    "ending": (ENDINGS, _says("ending"), "windows"),
    "comparator": (_literals(Compare, "to"), _shows("comparator"), "comparators"),
    "state": (tuple(State), _shows("state"), "states"),
    "mark": (tuple(Mark), _shows("marks"), "states"),
    "verdict": (tuple(Verdict), _shows("verdict"), "verdicts"),
}
NOT_MADE_YET: dict[object, str] = {
    State.SUPPRESSED: "needs the protection of small numbers; until then figures that need it are refused",
    Mark.REVISED: "needs figures of the last edition beside those of this one",
}
"""States and marks that the language has and nothing gives yet. Their sections say so."""


def _words() -> Iterator[Any]:
    for what, (words, _, page) in LISTS.items():
        for word in words:
            yield pytest.param(what, str(word), page, id=f"{what} {word}")


@pytest.mark.parametrize(("what", "word", "page"), list(_words()))
def test_a_word_has_an_example_of_its_own(what: str, word: str, page: str) -> None:
    uses = LISTS[what][1]
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    assert re.search(rf"^##.*`{word}`", text, re.MULTILINE), f"{page}.md has no heading with `{word}`"
    if word in NOT_MADE_YET:
        return
    headed = [example for example in EXAMPLES if example.page == page and word in example.words]
    assert any(uses(example, word) for example in headed), f"no example under `{word}` has it"


def test_what_is_not_made_yet_is_nowhere_shown() -> None:
    shown = {
        word for example in EXAMPLES for column in ("state", "marks") for word in _cells(example, column)
    }
    assert not shown & set(NOT_MADE_YET)


def test_every_rule_gives_a_verdict_somewhere() -> None:
    seen = {rule for example in EXAMPLES for rule in _cells(example, "rule")}
    assert {rule.name for rule in RULES} == seen


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}: {example.title}")
def test_an_example_says_what_it_is_for_and_does_the_sum(example: Example) -> None:
    assert example.blocks.startswith("p"), "a sentence stands before the definition"
    assert example.blocks.endswith("p"), "a sentence with the sum stands at the end"
    assert re.search(r"\d|\b(?:one|none|all)\b", example.last, re.IGNORECASE)


def test_every_key_and_every_choice_of_the_language_is_used(tmp_path: Path) -> None:
    written: set[Key] = set()
    made: set[tuple[Key, object]] = set()
    for number, example in enumerate(EXAMPLES):
        if example.refusal:
            continue
        definitions = load_only(example, tmp_path / str(number))
        sets = definitions.partnership.area_sets
        for value in (*definitions.indicators.values(), *definitions.priorities.values(), *sets.values()):
            for key, chosen, is_set in _walk(value):
                made.add((key, chosen))
                if is_set:
                    written.add(key)
    known = {
        _key(name, field): (f"{model.__name__}.{name}", set(_choices(field.annotation)))
        for model in (*_models(Indicator), *_models(Priority), *_models(AreaSet))
        for name, field in model.model_fields.items()
    }
    unwritten = [name for key, (name, _) in known.items() if key not in written]
    assert not unwritten, f"no example writes {', '.join(unwritten)}"
    unmade = [
        f"{name}: {choice}"
        for key, (name, choices) in known.items()
        for choice in choices
        if (key, choice) not in made
    ]
    assert not unmade, f"no example chooses {', '.join(unmade)}"


Key = tuple[str, str | None]
"""A key and its meaning: the same key with the same meaning in two models is one word."""


def _key(name: str, field: FieldInfo) -> Key:
    return name, field.description


def _walk(value: Any) -> Iterator[tuple[Key, object, bool]]:
    """Every key in a resolved value, what it is set to, and whether it was written or is a default."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            found = getattr(value, name)
            chosen = found if isinstance(found, str | int | float) else None
            yield _key(name, field), chosen, name in value.model_fields_set
            yield from _walk(found)
        yield from _walk(value.__pydantic_extra__ or {})
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _walk(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation reaches."""
    seen: set[type[BaseModel]] = set()
    waiting = [annotation]
    while waiting:
        found = waiting.pop()
        if isinstance(found, type) and issubclass(found, BaseModel) and found not in seen:
            seen.add(found)
            yield found
            waiting += [field.annotation for field in found.model_fields.values()]
            waiting.append(found.__annotations__.get("__pydantic_extra__"))
        waiting += get_args(found)


def _choices(annotation: Any) -> Iterator[object]:
    """The closed choices in an annotation."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from annotation
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)
