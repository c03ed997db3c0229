"""Rules over places: can a source's areas be found in the geography that it names?"""

from collections.abc import Iterator

from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Derived, Source
from pipeline.definitions.words import unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue

NEWEST = "lsoa_2021_code"


def geographies(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A geography that is none, that leads nowhere, or that is asked for names without a place for them."""
    lookups = [name for name, source in definitions.sources.items() if source.contract == "geography"]
    for name, source in definitions.sources.items():
        path: Path_ = ("sources", name)
        if source.geography and source.geography not in lookups:
            if source.geography in places.ids["sources"] and source.geography not in definitions.sources:
                continue  # it is wrong in itself, and that is told
            message = f"{name}: {unknown('source of contract geography', source.geography, lookups)}"
            yield places.issue("sources", (*path, "geography"), message)
        elif source.geography and source.contract == "geography" and NEWEST not in source.columns:
            message = (
                f"{name}: a geography leads on to another by {NEWEST}, which is not among its columns; "
                "add the column, or take `geography` out"
            )
            yield places.issue("sources", (*path, "geography"), message)
        elif source.geography and source.contract == "geography":
            further = definitions.sources[source.geography]
            if further.geography:
                message = (
                    f"{name}: it leads on to {further.id}, which leads on to {further.geography}; "
                    "a geography leads on once"
                )
                yield places.issue("sources", (*path, "geography"), message)
        yield from _names(name, source, places)


def _names(name: str, source: Source, places: Places) -> Iterator[Issue]:
    for column, derived in source.columns.items():
        if not isinstance(derived, Derived) or not derived.by_name:
            continue
        path: Path_ = ("sources", name, "columns", column)
        if not source.geography:
            message = f"{name}: {column} is found by name; add the `geography` that has the names"
            yield places.issue("sources", path, message)
        elif derived.by_name == "ward" and "district_code" not in source.columns:
            message = (
                f"{name}: {column} is found by the name of a ward, and wards of several districts share "
                "names; add `district_code` to its columns"
            )
            yield places.issue("sources", path, message)
