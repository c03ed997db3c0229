"""Requiring: the sources that an ingest and the figures cannot do without."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.definitions.indicator import Rate
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.errors import ExtractError, HeldError
from pipeline.ingest.accepting import held_text
from pipeline.ingest.drop_folder import Search
from pipeline.ingest.receive import RawStore
from pipeline.model.delivery import Extract


def named(sources: Mapping[str, Source], name: str) -> Source:
    """The source of that id. Raises ExtractError where there is none."""
    if name not in sources:
        raise ExtractError(f"there is no source {name!r}; config/sources.yaml has: {', '.join(sources)}")
    return sources[name]


def require(
    definitions: Definitions,
    extracts: Sequence[Extract],
    received_from: Sequence[Path],
    searched: Search,
    raw: RawStore,
) -> None:
    """The main source, geographies to place by and populations to divide by must be there."""
    for name, reason in lacking(definitions, extracts).items():
        source = definitions.sources[name]
        if held := [one for one in raw.waiting() if one.source == name]:
            raw.keep()
            raise HeldError(f"{held_text(held)}\n\nThere is no other delivery of {name}, and {reason}.")
        places = ", ".join(map(str, received_from)) or "nowhere"
        raise ExtractError(
            f"source {name} has no delivery, and {reason}.\n"
            f"  expected: files whose path ends in {' or '.join(source.files)}\n"
            f"  searched: {places}\n"
            f"  found: {len(searched.found)} files of other sources, "
            f"{len(searched.others)} that no source asks for\n"
            f"{_of_others(raw)}"
            "  Next: put the file there, name its folder with --from, or correct `files:` in "
            "config/sources.yaml."
        )


def _of_others(raw: RawStore) -> str:
    """A line on deliveries of sources that are gone: the one that is lacking may have had their name."""
    named = ", ".join(f"{name} ({count})" for name, count in raw.undeclared().items())
    return f"  deliveries of sources that are declared no more: {named}\n" if named else ""


def lacking(definitions: Definitions, extracts: Sequence[Extract]) -> dict[str, str]:
    """The sources without a delivery that the figures cannot do without, and why each is needed."""
    delivered = {extract.source for extract in extracts}
    needed = {definitions.partnership.main_source: "it is the partnership's main source"}
    for source in definitions.sources.values():
        if source.geography and source.id in delivered:
            needed[source.geography] = f"{source.id} is placed in wards and districts by it"
    for indicator in definitions.indicators.values():
        if isinstance(indicator.measure, Rate) and delivered.intersection(indicator.sources):
            needed[indicator.measure.over.table] = f"the rates of {indicator.id} are divided by it"
    return {name: reason for name, reason in needed.items() if name not in delivered}
