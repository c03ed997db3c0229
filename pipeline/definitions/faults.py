"""Validation errors as sentences: where in the file, what was found, what is allowed, what was meant."""

import json
import re
import types
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.definitions.yaml_nodes import Document, Path_, Position
from pipeline.model.issue import Issue

Shape = TypeVar("Shape", bound=BaseModel)

_EXPECTED = {
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
_KIND_ONLY = frozenset(_EXPECTED)


def did_you_mean(found: object, allowed: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or nothing where nothing is close."""
    close = get_close_matches(str(found), list(allowed), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def listed(names: Iterable[str], most: int = 40) -> str:
    """Names for a message: `a, b, c`; a long list ends in how many more there are."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "none"


def build(
    model: type[Shape], plain: Any, document: Document, path: Path_, origin: "Origin | None" = None
) -> tuple[Shape | None, list[Issue]]:
    """`plain` as a model, or None with everything wrong with it.

    `path` says where `plain` stands in the document; `origin` maps places inside it that were merged in
    from elsewhere. Values are taken strictly: '12' is no number and 1 is no flag.
    """
    try:
        # JSON, because only there does strict mode take a list for a tuple and text for a date.
        return model.model_validate_json(json.dumps(plain), strict=True, by_alias=True, by_name=False), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
        return None, list(_issues(model, plain, errors, document, path, origin or Origin()))


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


def _issues(
    model: type[BaseModel],
    plain: Any,
    errors: Sequence[ErrorDetails],
    document: Document,
    path: Path_,
    origin: Origin,
) -> Iterator[Issue]:
    placed = [(_place(plain, error["loc"]), error) for error in errors]
    by_place: dict[Path_, list[ErrorDetails]] = {}
    for place, error in placed:
        by_place.setdefault(place, []).append(error)
    for place, group in by_place.items():
        deeper = any(len(other) > len(place) and other[: len(place)] == place for other in by_place)
        kind_only = all(error["type"] in _KIND_ONLY for error in group)
        if deeper and kind_only and isinstance(_value(plain, place), dict | list):
            continue  # one form of several was not met; the error inside the form that was meant says more
        where = origin.of(path, place)
        for position, message in _messages(model, plain, place, group, document, where):
            yield Issue(document.file, position.line, position.column, message)


def _messages(
    model: type[BaseModel],
    plain: Any,
    place: Path_,
    group: list[ErrorDetails],
    document: Document,
    where: Path_,
) -> Iterator[tuple[Position, str]]:
    kind_only = [error for error in group if error["type"] in _KIND_ONLY]
    if kind_only:
        allowed = " or ".join(dict.fromkeys(_EXPECTED[error["type"]] for error in kind_only))
        value = _value(plain, place)
        extra = ""
        shapes = [error["loc"] for error in kind_only if error["type"].startswith("model")]
        if shapes:
            keys = _keys_allowed(model, shapes[0])
            extra = f" with {listed(keys)}" if keys else ""
        name = _name(where)
        yield document.value_at(where), f"{name}: found {describe(value)}; allowed: {allowed}{extra}"
    for error in group:
        kind = error["type"]
        context = error.get("ctx", {})
        if kind in _KIND_ONLY:
            continue
        if kind == "missing":
            key = str(error["loc"][-1])
            meaning = _meaning(model, error["loc"])
            meaning = f" ({meaning})" if meaning else ""
            yield document.key_at(where), f"{_name(where)}: '{key}' is missing{meaning}"
        elif kind == "extra_forbidden":
            keys = _keys_allowed(model, error["loc"][:-1])
            yield document.key_at(where), unknown(f"key in {_name(where[:-1])}:", place[-1], keys)
        elif kind in ("literal_error", "enum"):
            choices = _choices(context["expected"])
            found = _value(plain, place)
            hint = did_you_mean(found, choices)
            yield (
                document.value_at(where),
                f"{_name(where)}: found {describe(found)}; allowed: {listed(choices)}{hint}",
            )
        elif kind == "union_tag_invalid":
            choices = _choices(context["expected_tags"])
            yield (
                document.value_at((*where, "type")),
                f"type: found {describe(context['tag'])}; allowed: {listed(choices)}"
                f"{did_you_mean(context['tag'], choices)}",
            )
        elif kind == "union_tag_not_found":
            yield document.key_at(where), f"{_name(where)}: 'type' is missing"
        elif kind == "value_error":
            yield document.value_at(where), f"{_name(where)}: {context['error']}"
        else:
            meaning = _meaning(model, error["loc"])
            allowed = meaning or error["msg"].removeprefix("Input should ").strip()
            yield (
                document.value_at(where),
                f"{_name(where)}: found {describe(_value(plain, place))}; allowed: {allowed}",
            )


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """`unknown source 'x'; allowed: a, b; did you mean 'b'?`"""
    known = list(known)
    return f"unknown {kind} '{name}'; allowed: {listed(known)}{did_you_mean(name, known)}"


def describe(value: Any) -> str:
    """A value for a message: its kind and, where short, itself."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "a mapping"


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


def _choices(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text)


def _keys_allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    keys: dict[str, None] = {}
    for found in _models_at(model, location):
        for name, field in found.model_fields.items():
            keys[field.alias or name] = None
    return [key for key in keys if key != "id"]


def _meaning(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """The description of the field that an error is about."""
    for found in _models_at(model, location[:-1]):
        for name, field in found.model_fields.items():
            if (field.alias or name) == location[-1]:
                return field.description or ""
    return ""


def _models_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """The models that may stand at an error's location, whose steps are keys, indices and form names."""
    candidates: list[Any] = [model]
    for step in location:
        inner: list[Any] = []
        for candidate in candidates:
            inner += _step(candidate, step)
        if not inner:  # the step names a form: keep the candidates that answer to it
            named = [c for c in candidates if _answers_to(c, step)]
            inner = named or candidates
        candidates = inner
    return [c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)]


def _step(candidate: Any, step: int | str) -> list[Any]:
    """What stands under one key or index of a model, a dict or a tuple."""
    if isinstance(candidate, type) and issubclass(candidate, BaseModel):
        for name, field in candidate.model_fields.items():
            if (field.alias or name) == step:
                return _forms(field.annotation)
        extra = _extra_type(candidate)
        return _forms(extra) if extra is not None and isinstance(step, str) else []
    if get_origin(candidate) is dict and isinstance(step, str):
        return _forms(get_args(candidate)[1])
    if get_origin(candidate) is tuple and isinstance(step, int):
        inner = [argument for argument in get_args(candidate) if argument is not Ellipsis]
        return _forms(inner[min(step, len(inner) - 1)])
    return []


def _forms(annotation: Any) -> list[Any]:
    """The members of a union, without `Annotated` around it."""
    if hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return [form for member in get_args(annotation) for form in _forms(member)]
    return [annotation]


def _answers_to(candidate: Any, tag: int | str) -> bool:
    if not (isinstance(candidate, type) and issubclass(candidate, BaseModel)):
        return False
    kind = candidate.model_fields.get("type")
    if kind is not None and get_origin(kind.annotation) is Literal:
        return tag in get_args(kind.annotation)
    return candidate.__name__ == tag


@cache
def _extra_type(model: type[BaseModel]) -> Any:
    """What undeclared keys of the model hold, or None where they are forbidden."""
    if model.model_config.get("extra") != "allow":
        return None
    return get_args(get_type_hints(model)["__pydantic_extra__"])[1]
