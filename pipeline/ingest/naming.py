"""Naming: areas by their names, and names against codes, in the geography that a source names."""

from collections.abc import Collection

from pipeline.definitions.source import Source
from pipeline.ingest.casting import MappedColumn, literal, quoted, recorded
from pipeline.store import Store

ROW = "r"  # what the SELECT of the mapped rows calls the row whose columns are derived
LEVELS = ("lsoa", "ward", "district", "force")


def names_table(geography: str) -> str:
    """The table of a geography's areas: level, code, folded name, and the district that holds the area."""
    return f"names:{geography}"


def make(store: Store, source: Source) -> None:
    """Make that table of a geography that is loaded."""
    columns = store.columns(source.id)
    district = "district_code" if "district_code" in columns else "NULL::VARCHAR"
    areas = " UNION ".join(
        f"SELECT {literal(level)} AS level, {level}_code AS code, {folded(f'{level}_name')} AS name, "
        f"{'NULL' if level == 'force' else district} AS district_code "
        f"FROM {quoted(source.id)} WHERE {level}_code IS NOT NULL AND {level}_name IS NOT NULL"
        for level in LEVELS
        if {f"{level}_code", f"{level}_name"} <= columns.keys()
    )
    nothing = "SELECT NULL::VARCHAR AS level, NULL::VARCHAR AS code, NULL::VARCHAR AS name, "
    nothing += "NULL::VARCHAR AS district_code WHERE false"
    table = quoted(names_table(source.id))
    store.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {areas or nothing}")


def make_none(store: Store, geography: str) -> None:
    """The same table without an area, to try a mapping where no geography is loaded."""
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(names_table(geography))} AS SELECT NULL::VARCHAR AS level, "
        "NULL::VARCHAR AS code, NULL::VARCHAR AS name, NULL::VARCHAR AS district_code WHERE false"
    )


def folded(name: str) -> str:
    """The SQL of a name without what people write in several ways: case, apostrophes, dots, `&`."""
    plain = f"replace(replace(replace(lower({name}), '&', ' and '), '''', ''), chr(8217), '')"
    return f"trim(regexp_replace({plain}, '[^[:alnum:]]+', ' ', 'g'))"


def code_of(source: Source, column: MappedColumn) -> str:
    """The SQL of the code of an area named in a row; null where its district has not one area so named."""
    level = column.derived.by_name or ""
    inside = f" AND n.district_code = {ROW}.district_code" if level == "ward" else ""
    return (
        "(SELECT CASE WHEN count(DISTINCT n.code) = 1 THEN min(n.code) END "
        f"FROM {quoted(names_table(source.geography or ''))} n "
        f"WHERE n.level = {literal(level)} AND n.name = {folded(recorded(column.derived))}{inside})"
    )


def is_checked(source: Source, columns: Collection[str]) -> bool:
    """Whether the source's rows have codes and names that its geography must have for one area."""
    code = source.columns.get("area_code")
    by_name = not isinstance(code, str) and code is not None and bool(code.by_name)
    named = {"area_code", "area_name"} <= set(columns)
    return bool(source.geography) and named and not by_name and not source.roll_up


def known(source: Source, columns: Collection[str]) -> str:
    """The SQL that is true of a row whose code the geography has, or whose name in the row's district."""
    table = quoted(names_table(source.geography or ""))
    code = f"area_code IN (SELECT code FROM {table})"
    if "district_code" not in columns:
        return code
    name = f"(district_code, {folded('area_name')}) IN (SELECT (district_code, name) FROM {table})"
    return f"({code} OR coalesce({name}, false))"


def at_odds(source: Source, columns: Collection[str]) -> str:
    """The SQL that is true of a row whose code and name the geography does not have for one area."""
    table = quoted(names_table(source.geography or ""))
    together = f"(area_code, {folded('area_name')}) IN (SELECT (code, name) FROM {table})"
    return f"area_name IS NOT NULL AND {known(source, columns)} AND NOT coalesce({together}, false)"
