"""A resolved definition written out as YAML, for `explain`: what a person would have had to write."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.definitions.indicator import Model
from pipeline.definitions.load import load
from pipeline.definitions.words import did_you_mean
from pipeline.definitions.yaml_nodes import is_plain_text
from pipeline.errors import DefinitionError


def merged(config: Path, indicator: str) -> str:
    """One indicator with the defaults merged in, as YAML. Raises DefinitionError where there is none."""
    indicators = load(config).indicators
    if indicator not in indicators:
        hint = did_you_mean(indicator, indicators)
        raise DefinitionError(f"unknown indicator '{indicator}'{hint}; `assessment check` lists them")
    return written_out(indicators[indicator])


def merged_source(config: Path, name: str) -> str | None:
    """One source with the defaults and its built-in mapping merged in, as YAML; None where there is none."""
    source = load(config).sources.get(name)
    if source is None:
        return None
    head = f"# begins with the built-in mapping {source.like}\n" if source.like else ""
    return head + written_out(source)


def written_out(model: Model) -> str:
    """The model as YAML, defaults included, what is empty left out. It reads back to the same model."""
    plain = model.model_dump(mode="json", by_alias=True, exclude={"id", "like"})
    return "\n".join(_lines(_without_empty(plain), 0)) + "\n"


def in_one_line(value: Any) -> str:
    """A plain value as YAML on one line, in quotes where it would be misread without."""
    return _flow(value)


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
