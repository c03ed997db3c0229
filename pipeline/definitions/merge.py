"""Defaults merged under what a definition says itself, with the place that each value came from."""

from typing import Any

from pipeline.definitions.yaml_nodes import Path_


def deep_merge(defaults: dict[str, Any], own: dict[str, Any]) -> tuple[dict[str, Any], dict[Path_, Path_]]:
    """`own` over `defaults`: mappings merge key by key, anything else replaces.

    Also where in the document each merged-in value comes from, by its place in the result. A measure of
    another type replaces the default measure whole.
    """
    places: dict[Path_, Path_] = {}

    def merge(under: dict[str, Any], over: dict[str, Any], inner: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key in (*under, *(key for key in over if key not in under)):
            here = (*inner, key)
            if key not in over:
                result[key] = under[key]
                places[here] = ("defaults", *here)
            elif _mergeable(under.get(key), over[key]):
                result[key] = merge(under[key], over[key], here)
            else:
                result[key] = over[key]
        return result

    return merge(defaults, own, ()), places


def _mergeable(under: Any, over: Any) -> bool:
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return False
    return "type" not in over or under.get("type", over["type"]) == over["type"]
