"""A draft that begins with a built-in mapping: what a source must say besides."""

import re
from dataclasses import replace
from typing import Any

from pipeline.definitions import built_in
from pipeline.definitions.resolved import Definitions
from pipeline.ingest.proposing import draft, table
from pipeline.ingest.proposing.derivation import DECIDE
from pipeline.ingest.proposing.known import Fit, fits_of
from pipeline.ingest.proposing.looking import NOT_READ, Look

_CODE = re.compile(r"[EW]\d{8}")


def source_of(fit: Fit, seen: Look, definitions: Definitions) -> tuple[dict[str, Any], dict[str, str]]:
    """What the draft says over the mapping, and the comments beside its keys."""
    mapping = built_in.written(fit.mapping)
    by = "its name and its headers" if fit.is_named else "all its headers"
    notes = {"like": f"known by {by}; what is written here goes over it"}
    others = [
        one.mapping
        for one in fits_of(seen.name, seen.sheet, seen.found.header)
        if one.is_named and one.mapping != fit.mapping
    ]
    if others:
        notes["like"] += f". {', '.join(others)} reads other columns of it"
    source: dict[str, Any] = {"files": [draft.pattern_of(seen.name)]}
    if "sheets" in mapping and fit.is_said:
        source = {"files": [draft.as_pattern(seen.name)]}
    elif "sheets" in mapping:
        source = {"files": [draft.as_pattern(seen.name)], "sheets": [_sheet(seen, mapping)]}
        notes["sheets"] = f"{DECIDE}what is fixed for the whole table, such as its period, as its title says"
    else:
        source |= draft.sheets_of(seen)
    _add_rows(source, notes, fit, seen, definitions)
    geographies = [one.id for one in definitions.sources.values() if one.contract == "geography"]
    columns = mapping.get("columns", {})
    is_by_name = any(isinstance(one, dict) and "by_name" in one for one in columns.values())
    needs_geography = is_by_name or ("lsoa_code" in columns and "district_code" not in columns)
    if needs_geography and mapping["contract"] != "geography" and len(geographies) == 1:
        source["geography"] = geographies[0]
        if is_by_name:
            notes["geography"] = (
                f"{DECIDE}has it these areas? Their names are looked up by `ingest`, not yet here"
            )
    return source, notes


def without_sheets(seen: Look) -> Look:
    """The look at a file of whose sheets the mapping says itself which are read."""
    return replace(seen, notes=tuple(note for note in seen.notes if not note.startswith(NOT_READ)))


def _sheet(seen: Look, mapping: dict[str, Any]) -> dict[str, Any]:
    """The sheet of a file of another edition; the constants are those of the mapping's own, to be changed."""
    sheet: dict[str, Any] = dict(draft.sheets_of(seen).get("sheets", [{}])[0])
    fixed = {name: draft.NOT_SAID for one in mapping["sheets"] for name in one.get("constants", {})}
    return sheet | ({"constants": fixed} if fixed else {})


def _add_rows(
    source: dict[str, Any], notes: dict[str, str], fit: Fit, seen: Look, definitions: Definitions
) -> None:
    """Which rows are the partnership's, where the files of the mapping are of many forces."""
    header = built_in.rows_by(fit.mapping)
    place = next((at for at, name in table.columns_of(seen.found) if name == header), None)
    if header is None or place is None:
        return
    values = {row[place].strip() for row in seen.found.rows if place < len(row)} - {""}
    force = definitions.partnership.force
    own = force.code if any(map(_CODE.fullmatch, values)) else force.name
    source["rows"] = {header: [own]}
    others = len(values - {own})
    if own in values:
        notes["rows"] = (
            f"{DECIDE}{others:,} others stand in the file; without this line their rows are read too"
        )
    else:
        notes["rows"] = f"{DECIDE}it is none of the {others:,} seen in the file; which one is wanted?"
