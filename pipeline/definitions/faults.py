"""Validation errors as sentences: where in the file, what was found, what is allowed, what was meant."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.definitions.model_keys import keys_allowed, meaning_of
from pipeline.definitions.words import describe, did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Document, Path_, Position
from pipeline.model.issue import Issue

Shape = TypeVar("Shape", bound=BaseModel)

# What was expected where a value is of the wrong kind, by the type of pydantic's error.
_KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date written YYYY-MM-DD",
    "date_parsing": "a date written YYYY-MM-DD",
    "date_from_datetime_parsing": "a date written YYYY-MM-DD",
    "datetime_parsing": "a date and time written YYYY-MM-DDTHH:MM",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "none_required": "null",
}
# What a number outside its range must be, by the type of pydantic's error: the words, the key of the bound.
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


class Origin:
    """Where merged values came from: places of the document by place inside the merged value."""

    def __init__(self, places: dict[Path_, Path_] | None = None) -> None:
        self.places = places or {}

    def of(self, path: Path_, inner: Path_) -> Path_:
        """The place in the document of `inner`, a place in a value that stands at `path`."""
        for length in range(len(inner), 0, -1):
            if inner[:length] in self.places:
                return (*self.places[inner[:length]], *inner[length:])
        return (*path, *inner)


def build(
    model: type[Shape], plain: Any, document: Document, path: Path_, origin: Origin | None = None
) -> tuple[Shape | None, list[Issue]]:
    """`plain` as a model, or None with everything wrong with it.

    `path` says where `plain` stands in the document; `origin` maps places inside it that were merged in
    from elsewhere. Values are taken strictly: '12' is no number and 1 is no flag.
    """
    try:
        # JSON, because only there does strict mode take a list for a tuple and text for a date.
        return model.model_validate_json(json.dumps(plain), strict=True, by_alias=True, by_name=False), []
    except ValidationError as error:
        faults = _Faults(model, plain, document, path, origin or Origin())
        return None, list(faults.issues(error.errors(include_url=False)))


@dataclass(frozen=True, slots=True)
class _Faults:
    """The errors of one value, told at their places in the document."""

    model: type[BaseModel]
    plain: Any
    document: Document
    path: Path_
    origin: Origin

    def issues(self, errors: list[ErrorDetails]) -> Iterator[Issue]:
        by_place: dict[Path_, list[ErrorDetails]] = {}
        for error in errors:
            by_place.setdefault(_place(self.plain, error["loc"]), []).append(error)
        for place, group in by_place.items():
            of_kind = [error for error in group if error["type"] in _KINDS]
            others = [error for error in group if error["type"] not in _KINDS]
            deeper = any(len(other) > len(place) and other[: len(place)] == place for other in by_place)
            # Of several forms that a value may have, the one that was meant has its error further inside.
            told = [] if deeper and isinstance(_value(self.plain, place), dict | list) else of_kind
            where = self.origin.of(self.path, place)
            found = [self.wrong_kind(place, where, told)] if told else []
            found += [self.wrong(place, where, error) for error in others]
            for position, message in found:
                yield Issue(self.document.file, position.line, position.column, message)

    def wrong_kind(self, place: Path_, where: Path_, errors: list[ErrorDetails]) -> tuple[Position, str]:
        """A value of the wrong kind, told once for all the kinds that it may have."""
        allowed = " or ".join(dict.fromkeys(_KINDS[error["type"]] for error in errors))
        mapping = next((error["loc"] for error in errors if error["type"].startswith("model")), None)
        keys = keys_allowed(self.model, mapping) if mapping is not None else []
        with_keys = f" with {listed(keys)}" if keys else ""
        return self.at_value(where, _value(self.plain, place), allowed + with_keys)

    def wrong(self, place: Path_, where: Path_, error: ErrorDetails) -> tuple[Position, str]:
        """Any other error: position and message."""
        location, context = error["loc"], error.get("ctx", {})
        match error["type"]:
            case "missing":
                meaning = meaning_of(self.model, location)
                text = f"{_name(where)}: '{location[-1]}' is missing" + (f" ({meaning})" if meaning else "")
                return self.document.key_at(where), text
            case "extra_forbidden":
                keys = keys_allowed(self.model, location[:-1])
                text = unknown(f"key in {_name(where[:-1])}:", place[-1], keys)
                if _value(self.plain, place) is None:  # {note: one thing, or another}
                    text += ". If it is the rest of a text with a comma in it, put the text in quotes"
                return self.document.key_at(where), text
            case "union_tag_not_found":
                return self.document.key_at(where), f"{_name(where)}: 'type' is missing"
            case "union_tag_invalid":
                return self.outside((*where, "type"), context["tag"], context["expected_tags"])
            case "literal_error" | "enum":
                return self.outside(where, _value(self.plain, place), context["expected"])
            case kind if kind in _BOUNDS:
                words, bound = _BOUNDS[kind]
                meaning = meaning_of(self.model, location)
                allowed = f"{words} {context[bound]:g}" + (f" ({meaning})" if meaning else "")
                return self.at_value(where, _value(self.plain, place), allowed)
            case "finite_number":
                return self.at_value(where, _value(self.plain, place), "a finite number")
            case _:
                allowed = meaning_of(self.model, location) or error["msg"].removeprefix("Input should ")
                return self.at_value(where, _value(self.plain, place), allowed)

    def outside(self, where: Path_, found: Any, expected: str) -> tuple[Position, str]:
        """A value outside a closed list, which pydantic writes as `'a', 'b' or 'c'`."""
        choices = re.findall(r"'([^']*)'", expected)
        return self.at_value(where, found, listed(choices), did_you_mean(found, choices))

    def at_value(self, where: Path_, found: Any, allowed: str, hint: str = "") -> tuple[Position, str]:
        text = f"{_name(where)}: found {describe(found)}{hint}; allowed: {allowed}"
        return self.document.value_at(where), text


def _name(place: Path_) -> str:
    """What a message calls a place: its path, or `the file` for the root."""
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text or "the file"


def _place(plain: Any, location: tuple[int | str, ...]) -> Path_:
    """The place in the plain value that an error is about, without the names of the forms tried."""
    place: list[int | str] = []
    value = plain
    for step in location:
        if (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            value = value[step]  # type: ignore[index]
            place.append(step)
    return tuple(place)


def _value(plain: Any, place: Path_) -> Any:
    for step in place:
        plain = plain[step]
    return plain


def error_text(errors: list[Issue]) -> str:
    """Errors as the user reads them: a blank line between files, each line `file:line:column: message`."""
    files = list(dict.fromkeys(issue.file for issue in errors))
    count = f"{len(errors)} error{'s' if len(errors) != 1 else ''}"
    lines = [f"{count} in {listed(files)}"]
    for file in files:
        lines += ["", *(str(issue) for issue in errors if issue.file == file)]
    return "\n".join(lines)
