"""A resolved definition written out as YAML, for `explain`: what a person would have had to write."""

import json
from collections.abc import Iterator
from typing import Any

from pipeline.definitions.indicator import Model
from pipeline.definitions.yaml_nodes import is_plain_text


def written_out(model: Model) -> str:
    """The model as YAML, defaults included, what is empty left out. It reads back to the same model."""
    plain = model.model_dump(mode="json", by_alias=True, exclude={"id"})
    return "\n".join(_lines(_without_empty(plain), 0)) + "\n"


def _without_empty(value: Any, key: str = "") -> Any:
    if key == "examples":  # there an empty cell is a value
        return value
    if isinstance(value, dict):
        kept = {name: _without_empty(inner, name) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(inner) if isinstance(inner, dict) else inner for inner in value]
    return value


def _lines(mapping: dict[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield f"{indent}{_scalar(key)}:"
            yield from _lines(value, depth + 1)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield f"{indent}{_scalar(key)}:"
            for item in value:
                yield f"{indent}  - {_flow(item)}"
        else:
            yield f"{indent}{_scalar(key)}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return value if is_plain_text(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)
