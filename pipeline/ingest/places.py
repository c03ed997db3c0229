"""Places: what a small area's code says of the ward and district that hold it, and what it cannot say.

A geography may have several rows for one code: an area of 2011 that was divided stands there once for each
of its parts of 2021. Of such a code only what all of its parts share is known. Nothing is shared out: there
is no honest part of a count.
"""

from collections.abc import Sequence

from pipeline.definitions.source import Source, places_table
from pipeline.ingest import naming
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED, Reading, RefusedError
from pipeline.store import Store

MOST_AT_ODDS = 0.5  # of the rows that can be checked
LEVELS = ("ward", "district", "force")
NEWEST = "lsoa_2021_code"


def make(store: Store, source: Source) -> None:
    """Make that table of a geography that is loaded; with the areas of the one that it leads on to.

    So codes of 2011 and of 2021 are told apart: what stands in the lookup of 2011 is read as such, and
    another code as one of 2021.
    """
    naming.make(store, source)
    columns = store.columns(source.id)
    if "lsoa_code" not in columns:
        return
    shared = [
        _shared(name) for level in LEVELS for name in (f"{level}_code", f"{level}_name") if name in columns
    ]
    further = places_table(source.geography) if source.geography else ""
    leads_on = bool(further) and NEWEST in columns and bool(store.columns(further))
    if leads_on:
        fits = "bool_and(change IS DISTINCT FROM 'irregular')" if "change" in columns else "true"
        shared.append(f"CASE WHEN {fits} THEN {_only(NEWEST)} END AS {NEWEST}")
    select = (
        f"SELECT lsoa_code, {', '.join((*shared, f'{literal(source.id)} AS listed_in'))} "
        f"FROM {quoted(source.id)} GROUP BY lsoa_code"
    )
    if leads_on:
        select += (
            f" UNION ALL BY NAME SELECT *, lsoa_code AS {NEWEST} FROM {quoted(further)} "
            f"WHERE lsoa_code NOT IN (SELECT lsoa_code FROM {quoted(source.id)})"
        )
    store.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(places_table(source.id))} AS {select}")


def _shared(name: str) -> str:
    return f"{_only(name)} AS {name}"


def _only(name: str) -> str:
    """The SQL of the one value that all rows of a group have; null where one has another, or none."""
    return f"CASE WHEN count({name}) = count(*) AND min({name}) = max({name}) THEN min({name}) END"


def require(store: Store, mapping: Mapping, deliveries: Sequence[str]) -> None:
    """Raise RefusedError where rows are named or checked by a geography that has not come."""
    source = mapping.source
    if mapping.needs_names and not store.columns(naming.names_table(source.geography or "")):
        reason = f"the areas of {source.id} are those of {source.geography}, which has no delivery yet"
        raise RefusedError(dict.fromkeys(deliveries, f"{reason}; receive {source.geography} first"))


def check_names(store: Store, mapping: Mapping, readings: Sequence[Reading]) -> None:
    """Raise RefusedError for a delivery of which most codes are not those of the names beside them.

    A few such rows are quarantined. Where they are many the column is corrupt, and none of it is used.
    """
    source = mapping.source
    columns = [column.name for column in mapping.main]
    if not naming.is_checked(source, columns):
        return
    good = "NOT _aside" if mapping.source.rows or mapping.source.present else "true"
    counted = store.rows(
        f"SELECT _delivery AS d, count(*) AS n, count(*) FILTER (WHERE {naming.at_odds(source, columns)}) "
        f"AS wrong FROM {MAPPED} WHERE {good} AND {naming.known(source, columns)} GROUP BY d"
    )
    headers = {column.name: column.header for column in mapping.main}
    wrong = {row["d"]: row for row in counted if row["wrong"] > MOST_AT_ODDS * row["n"]}
    reasons = {
        reading.file.extract.delivery: (
            f"{reading.file.extract.file_name}: the codes under {headers['area_code']!r} are not those of "
            f"the names under {headers['area_name']!r}: of {wrong[number]['n']:,} rows with an area that "
            f"{source.geography} has, {wrong[number]['wrong']:,} have the code or the name of another. Do "
            "not use the codes: find the areas by name (`area_code: {from: "
            f"{headers['area_name']}, by_name: ward}}`, with `district_code`), or ask the supplier for the "
            "file again."
        )
        for reading in readings
        if (number := reading.file.number) in wrong
    }
    if reasons:
        raise RefusedError(reasons)
