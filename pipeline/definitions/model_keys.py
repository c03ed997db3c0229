"""What a model allows at a place: the keys, and what each means. For messages about validation errors."""

import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel


def keys_allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand in the mapping at an error's location."""
    keys: dict[str, None] = {}
    for found in _models_at(model, location):
        for name, field in found.model_fields.items():
            keys[field.alias or name] = None
    return [key for key in keys if key != "id"]


def meaning_of(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
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
