"""Built-in mappings that a file fits: by its name, or by its headers alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.definitions import built_in
from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest.drop_folder import is_for
from pipeline.ingest.mapping import Mapping

FEWEST = 4  # headers that, together, are nobody else's by chance


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """How well a table fits a built-in mapping, all of whose headers it has; the greater the better.

    `is_sheet` says whether the mapping names the table's sheet, `headers` how many it reads, and
    `is_said` whether it says for a file of this name on which sheet and in which row its headers stand.
    """

    is_named: bool
    is_sheet: bool
    headers: int
    is_said: bool
    mapping: str


def fit_of(name: str, sheet: str | None, header: Sequence[str]) -> Fit | None:
    """The best fit of a file's table; None where no built-in mapping fits."""
    return max(fits_of(name, sheet, header), default=None)


def fits_of(name: str, sheet: str | None, header: Sequence[str]) -> list[Fit]:
    """Every built-in mapping that a file's table fits."""
    return [fit for known, mapping in _mappings() if (fit := _fit(known, mapping, name, sheet, header))]


def _fit(known: str, mapping: Mapping, name: str, sheet: str | None, header: Sequence[str]) -> Fit | None:
    source = mapping.source
    wanted = wanted_by(mapping)
    is_named = is_for(source, Path(name))
    have = {one.casefold() for one in header}
    if (len(wanted) < FEWEST and not is_named) or not {one.casefold() for one in wanted} <= have:
        return None
    try:
        mapping.positions(header, name)
    except ExtractError:
        return None
    of_name = [one for one in source.sheets if fnmatchcase(name, one.file)]
    is_said = "sheets" not in built_in.written(known) or (is_named and bool(of_name))
    is_sheet = sheet is not None and sheet.strip() in {one.sheet for one in source.sheets}
    return Fit(is_named, is_sheet, len(wanted), is_said, known)


def wanted_by(mapping: Mapping) -> tuple[str, ...]:
    """The headers of a file that a mapping reads, those of columns that become rows among them."""
    unpivoted = mapping.source.unpivot.items.values() if mapping.source.unpivot else ()
    return (*(name for name in mapping.headers if not name.startswith("=")), *unpivoted)


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
