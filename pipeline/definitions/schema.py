"""The JSON Schema of `config/indicators.yaml`, from the models: completion and hover in editors.

It says what may be written, so it knows that `defaults` may hold any part of an indicator, and that an
indicator may leave to the defaults whatever they supply. What a schema cannot say (unknown columns,
overlapping bands, ...) `assessment check` says.
"""

import json
from copy import deepcopy
from typing import Any

from pydantic.json_schema import models_json_schema

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.load import VERSION
from pipeline.definitions.strategy import Priority

FILE_NAME = "indicators.schema.json"
_PART = "Part"  # what the name of a definition ends in where every key of it may be left to the defaults

# What an indicator itself must say, whatever the defaults hold.
_OWN = ["title", "measure"]

_SECTIONS = {
    "version": "the version of this language",
    "defaults": "merged into every indicator, key by key",
    "indicators": "what is measured, by id",
    "priorities": "the strategy: priorities, their success measures and the indicators used for them",
    "duties": "the statutory duties, in the form of priorities",
}

Schema = dict[str, Any]


def indicators_schema() -> Schema:
    """The schema as a value; the same models always give the same schema."""
    _, generated = models_json_schema([(Indicator, "validation"), (Priority, "validation")], by_alias=True)
    definitions: Schema = generated["$defs"]
    for definition in definitions.values():
        _tidy(definition)
    indicator = definitions["Indicator"]
    indicator["properties"].pop("id")  # the key above it
    for name in _reachable(indicator, definitions):
        definitions[name + _PART] = _part(definitions[name])
    written = _part(indicator)
    definitions["Indicator"] = {**written, "required": _OWN}
    # A measure is written whole, so that an editor can say what its type still needs.
    definitions["Indicator"]["properties"] = {
        **written["properties"],
        "measure": indicator["properties"]["measure"],
    }
    definitions["Defaults"] = written
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Indicators and the strategy they serve",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "indicators"],
        "properties": {
            "version": {"const": VERSION, "description": _SECTIONS["version"]},
            "defaults": {"$ref": "#/$defs/Defaults", "description": _SECTIONS["defaults"]},
            "indicators": _by_id("Indicator", _SECTIONS["indicators"]),
            "priorities": _by_id("Priority", _SECTIONS["priorities"]),
            "duties": _by_id("Priority", _SECTIONS["duties"]),
        },
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it is written to the file."""
    return json.dumps(indicators_schema(), indent=2, ensure_ascii=False) + "\n"


def _by_id(definition: str, description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }


def _tidy(schema: Schema) -> None:
    """Take out the titles that pydantic makes from names: an editor would show them instead of the text."""
    schema.pop("title", None)
    for inner in schema.get("properties", {}).values():
        inner.pop("title", None)


def _reachable(schema: Any, definitions: Schema) -> set[str]:
    """The names of the definitions that a schema refers to, at any depth."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).removeprefix("#/$defs/")
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _part(schema: Any) -> Any:
    """A copy in which nothing is required and every reference is to such a copy."""
    if isinstance(schema, list):
        return [_part(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy: Schema = {}
    for key, value in schema.items():
        if key == "required" and isinstance(value, list):
            continue
        if key == "$ref":
            copy[key] = value + _PART
        elif key == "discriminator":
            continue
        elif key == "oneOf":  # parts of two forms may look alike
            copy["anyOf"] = _part(value)
        else:
            copy[key] = deepcopy(value) if key in ("enum", "default", "const") else _part(value)
    return copy
