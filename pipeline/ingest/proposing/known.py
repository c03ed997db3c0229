"""Built-in mappings that a file fits, all of whose headers it has."""

import json
from collections.abc import Sequence
from functools import cache

from pydantic import ValidationError

from pipeline.definitions import built_in
from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping

FEWEST = 4  # headers that, together, are nobody else's by chance


def mapping_for(header: Sequence[str]) -> str | None:
    """The built-in mapping with the most headers, all of which are there; None where there is none."""
    fitting: list[tuple[int, str]] = []
    for name, mapping in _mappings():
        source = mapping.source
        wanted = [header for header in mapping.headers if not header.startswith("=")]
        if len(wanted) < FEWEST or any(sheet.sheet or sheet.constants for sheet in source.sheets):
            continue
        try:
            mapping.positions(header, name)
        except ExtractError:
            continue
        fitting.append((len(wanted), name))
    return max(fitting)[1] if fitting else None


@cache
def _mappings() -> tuple[tuple[str, Mapping], ...]:
    found = []
    for name in built_in.names():
        written = {"id": name, "supplier": "none", "files": ["none"], **built_in.written(name)}
        try:
            source = Source.model_validate_json(
                json.dumps(written), strict=True, by_alias=True, by_name=False
            )
        except ValidationError:
            continue  # a mapping that only a source can complete
        found.append((name, Mapping(source)))
    return tuple(found)
