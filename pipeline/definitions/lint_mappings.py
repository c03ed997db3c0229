"""Rules over mappings: could the files of a source become rows of its table, whatever is in them?"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Derived, Source
from pipeline.definitions.words import describe, listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.contract import CONTRACTS, Column, Contract
from pipeline.model.issue import Issue

USUAL_KEYS = {
    "returns": ("item", "area_code", "period_start", "period_end"),
    "population": ("area_code", "year"),
    "geography": ("lsoa_code",),
    "boundaries": ("area_code",),
}
DIRECTIVES = "abcdfghjmnpuwxyzABGHIMSTUVWXYZ%"  # as DuckDB's strptime has them
TEXTS = (".csv", ".txt", ".tsv")
_DIRECTIVE = re.compile(r"%-?(.?)", re.DOTALL)
_YEAR, _MONTH = re.compile(r"%-?[yYcxG]"), re.compile(r"%-?[mbBhcxjUWV]")
_HOUR = re.compile(r"%-?[HIcXT]")


def mapped_columns(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A curated column that tables of the source's kind do not have, and that no file can fill."""
    for source in definitions.sources.values():
        contract = CONTRACTS.get(source.contract)
        if contract is None:
            continue
        yield from _unknown(source, contract, source.columns, ("columns",), places)
        for name, part in source.parts.items():
            if part.contract in CONTRACTS:
                inner: Path_ = ("parts", name, "columns")
                yield from _unknown(source, CONTRACTS[part.contract], part.columns, inner, places)
        for index, form in enumerate(source.formats):
            for name in form.columns:
                if name not in source.columns:
                    message = f"{source.id}: {unknown('column of the source:', name, source.columns)}"
                    here: Path_ = ("sources", source.id, "formats", index, "columns", name)
                    yield places.issue("sources", here, message, at_key=True)


def _unknown(
    source: Source, contract: Contract, columns: Mapping[str, object], inner: Path_, places: Places
) -> Iterator[Issue]:
    known = [column.name for column in contract.columns]
    for name in columns if not contract.open_columns else ():
        if name not in known:
            message = f"{source.id}: {unknown(f'column of {contract.name} tables:', name, known)}"
            yield places.issue("sources", ("sources", source.id, *inner, name), message, at_key=True)


def written_dates(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A format of dates or times that nothing can be read by, and a month of what is no date."""
    for source in definitions.sources.values():
        columns = supplied_columns(source) or {}
        for path, name, derived in _all_columns(source):
            for key, has, needed in (
                ("date_format", (_YEAR, _MONTH), "a year and a month, e.g. %d/%m/%Y"),
                ("time_format", (_HOUR,), "an hour, e.g. %H:%M"),
            ):
                written = getattr(derived, key)
                if written is None:
                    continue
                bad = [found for found in _DIRECTIVE.findall(written) if not found or found not in DIRECTIVES]
                if bad:
                    message = (
                        f"{name}: %{bad[0]} is no part of a date or time; allowed: {' '.join(DIRECTIVES)}"
                    )
                elif not all(part.search(written) for part in has) and not derived.year_from:
                    message = f"{name}: found '{written}'; allowed: a format with {needed}"
                else:
                    continue
                yield places.issue("sources", (*path, key), f"{source.id}: {message}")
            if derived.month_of is not None:
                dates = [n for n, column in columns.items() if column.type == "DATE" and n in source.columns]
                if derived.month_of not in dates:
                    message = f"{source.id}: {unknown('date of the source:', derived.month_of, dates)}"
                    yield places.issue("sources", (*path, "month_of"), message)


def text_sheets(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Sheets, and last rows, of files whose names say that they are text: they have one table, to its end."""
    for source in definitions.sources.values():
        if not all(name.lower().removesuffix(".gz").endswith(TEXTS) for name in source.files):
            continue
        seen: set[str] = set()
        for index, sheet in enumerate(source.sheets):
            path: Path_ = ("sources", source.id, "sheets", index)
            if sheet.last_row is not None:
                message = f"{source.id}: last_row: a text file is read to its end; declare `footer:` instead"
                yield places.issue("sources", (*path, "last_row"), message)
            if sheet.file in seen:
                message = f"{source.id}: a text file has one table; found a second sheet for {sheet.file}"
                yield places.issue("sources", path, message)
            seen.add(sheet.file)


def _all_columns(source: Source) -> Iterator[tuple[Path_, str, Derived]]:
    here: Path_ = ("sources", source.id)
    groups: list[tuple[Path_, Mapping[str, Derived | str]]] = [((*here, "columns"), source.columns)]
    groups += [((*here, "parts", name, "columns"), part.columns) for name, part in source.parts.items()]
    groups += [((*here, "formats", n, "columns"), form.columns) for n, form in enumerate(source.formats)]
    for path, columns in groups:
        for name, derived in columns.items():
            if isinstance(derived, Derived):
                yield (*path, name), name, derived


def written_values(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A value that `values`, or a constant, would write into a column that cannot have it."""
    for source in definitions.sources.values():
        for path, name, derived in _all_columns(source):
            in_part = path[2] == "parts"
            contract = CONTRACTS.get(source.parts[str(path[3])].contract if in_part else source.contract)
            column = contract.column(name) if contract else None
            if column is None:
                continue
            for text, value in (derived.values or {}).items():
                fault = "" if value is None else _misfit(column, value)
                if fault:
                    message = f"{source.id}: {name}: found {describe(value)}; allowed: {fault}"
                    yield places.issue("sources", (*path, "values", text), message)
            fault = "" if derived.constant is None else _misfit(column, derived.constant)
            if fault:
                message = f"{source.id}: {name}: found {describe(derived.constant)}; allowed: {fault}"
                yield places.issue("sources", (*path, "constant"), message)


def _misfit(column: Column, value: object) -> str:
    """What the column may have, where it is not that value."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if column.type == "BOOLEAN":
        return "" if isinstance(value, bool) else "true or false"
    if column.type in ("INTEGER", "DOUBLE"):
        return "" if is_number else "a number"
    if column.type == "DATE":
        return "" if _is_day(str(value)) else "a date written YYYY-MM-DD"
    return "" if not column.values or value in column.values else listed(column.values)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def keyless(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source without a key where it needs one: for its grain, or as nothing else tells its rows apart."""
    for source in definitions.sources.values():
        if source.key:
            continue
        here: Path_ = ("sources", source.id)
        if source.grain:
            message = f"{source.id}: `grain` tells records of one key apart, and the source has no `key`"
            yield places.issue("sources", (*here, "grain"), message)
        elif source.contract in USUAL_KEYS:
            message = (
                f"{source.id}: it has no `key`, so a row that stands twice in a file counts twice; usual for "
                f"{source.contract}: [{', '.join(USUAL_KEYS[source.contract])}]"
            )
            yield places.doubt("sources", (*here, "contract"), message)


def keys(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A key of columns that the source does not have: its rows would all be alike, or have none."""
    for source in definitions.sources.values():
        columns = supplied_columns(source)
        if source.contract not in CONTRACTS or columns is None:
            continue
        for index, name in enumerate(source.key):
            if name not in columns:
                message = f"{source.id}: {unknown('column of the source:', name, columns)}"
                yield places.issue("sources", ("sources", source.id, "key", index), message)


def headers_twice(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A heading that is stored and said to be ignored."""
    for source in definitions.sources.values():
        used = {
            name.casefold()
            for derived in source.columns.values()
            for name in ([derived] if isinstance(derived, str) else derived.headers)
        }
        for index, name in enumerate(source.ignored):
            if name.casefold() in used:
                message = f"{source.id}: '{name}' is under `columns` too, and is stored"
                yield places.doubt("sources", ("sources", source.id, "ignored", index), message)


def same_files(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Files that two sources of one kind both take: their rows would be counted twice."""
    sources = list(definitions.sources.values())
    for number, second in enumerate(sources):
        for first in sources[:number]:
            if first.contract != second.contract or first.rows or second.rows:
                continue
            for index, pattern in enumerate(second.files):
                other = next((one for one in first.files if _overlap(one, pattern)), None)
                if other is not None and not _apart(first, second):
                    message = (
                        f"{second.id}: '{pattern}' fits files of {first.id} ('{other}') too; both are "
                        f"{second.contract}, and a row that both take is counted in each"
                    )
                    yield places.doubt("sources", ("sources", second.id, "files", index), message)


def _overlap(first: str, second: str) -> bool:
    """Whether some name fits both patterns, as far as one is a case of the other."""
    short, long = sorted((first.split("/"), second.split("/")), key=len)
    ends = zip(short, long[-len(short) :], strict=True)
    return all(fnmatchcase(a, b) or fnmatchcase(b, a) for a, b in ends)


def _apart(first: Source, second: Source) -> bool:
    """Whether they read different sheets of such files, or different columns."""
    sheets = [{sheet.sheet for sheet in source.sheets} for source in (first, second)]
    return not (sheets[0] & sheets[1])
