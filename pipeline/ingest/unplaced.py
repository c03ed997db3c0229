"""Unplaced: what area codes there are that a geography cannot place, and of which year they are."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pipeline.definitions.source import Source, places_table
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.places import NEWEST
from pipeline.ingest.reading import MAPPED
from pipeline.store import Store

MOST_SHOWN = 5
CODE = "[A-Z][0-9]{8}"

Row = dict[str, Any]


def told(store: Store, mapping: Mapping) -> dict[int, tuple[str, ...]]:
    """By delivery number: what its area codes are that its geography cannot place, and of which year.

    Codes are shown, where they have the form of one: an area's code is nobody's.
    """
    source = mapping.source
    table = places_table(source.geography or "")
    columns = store.columns(table)
    if not columns or mapping.contract.name == "geography":
        return {}
    found: dict[int, list[str]] = {}
    small = "area_code" if source.roll_up else "lsoa_code"
    if any(column.name == small for column in mapping.main):
        codes = store.rows(_small_areas(mapping, small, columns))
        for number, of_delivery in _by_delivery(codes).items():
            sentences = _of_small_areas(source, of_delivery, NEWEST in columns)
            found.setdefault(number, []).extend(sentences)
    if "ward_code" in columns and any(column.name == "ward_code" for column in mapping.main):
        wards = store.rows(
            f"SELECT d, code, n FROM ({_counted(mapping, 'ward_code')}) "
            f"WHERE code NOT IN (SELECT ward_code FROM {quoted(table)} WHERE ward_code IS NOT NULL) "
            "ORDER BY ALL"
        )
        for number, of_delivery in _by_delivery(wards).items():
            found.setdefault(number, []).append(
                f"{_rows(of_delivery)} with a ward that {source.geography} does not have, such as a ward "
                f"of another year ({_listed(of_delivery)}). A ward that was drawn anew has no counterpart by "
                "its code: they count for the ward of their small area, and without one for no ward"
            )
    return {number: tuple(sentences) for number, sentences in found.items() if sentences}


def _small_areas(mapping: Mapping, column: str, columns: Collection[str]) -> str:
    """The SELECT of the codes of small areas that something is to be said of; most have their place."""
    source = mapping.source
    divided = f"g.{NEWEST} IS NULL" if NEWEST in columns else "false"
    cut = f"g.{source.roll_up}_code IS NULL" if source.roll_up else "false"
    return (
        f"SELECT d, code, n, listed_in, divided, cut FROM (SELECT m._delivery AS d, m.{column} AS code, "
        f"count(*) AS n, g.listed_in, {divided} AS divided, {cut} AS cut FROM {MAPPED} m "
        f"LEFT JOIN {quoted(places_table(source.geography or ''))} g ON g.lsoa_code = m.{column} "
        f"WHERE {_counts(mapping)} AND m.{column} IS NOT NULL "
        f"AND (g.listed_in IS DISTINCT FROM {literal(source.geography)} OR {divided} OR {cut}) "
        f"GROUP BY ALL HAVING regexp_full_match(code, '{CODE}')) ORDER BY ALL"
    )


def _counted(mapping: Mapping, column: str) -> str:
    """Rows by delivery and code, of codes that have the form of one."""
    counted = (
        f"SELECT _delivery AS d, {column} AS code, count(*) AS n FROM {MAPPED} "
        f"WHERE {_counts(mapping)} GROUP BY ALL"
    )
    return f"SELECT * FROM ({counted}) WHERE regexp_full_match(code, '{CODE}')"


def _counts(mapping: Mapping) -> str:
    """The SQL that is true of mapped rows that are records of the source, and sound."""
    aside = " AND NOT _aside" if mapping.source.rows or mapping.source.present else ""
    return f"{mapping.faultless}{aside}"


def _of_small_areas(source: Source, codes: Sequence[Row], leads_on: bool) -> Iterator[str]:
    """The sentences about the small areas of one delivery."""
    unknown = [row for row in codes if row["listed_in"] is None]
    if unknown:
        yield (
            f"{_rows(unknown)} with an LSOA that {source.geography} does not have ({_listed(unknown)}), so "
            "that it places them nowhere. Codes of another year need the lookup of that year: see "
            "docs/how-to/place-crimes-in-wards.md"
        )
    if source.roll_up:
        cut = [row for row in codes if row["listed_in"] and row["cut"]]
        if cut:
            yield (
                f"{_rows(cut)} in {_areas(cut)} that lie{'s' if len(cut) == 1 else ''} in several "
                f"{source.roll_up}s ({_listed(cut)}). They cannot be shared out, so the "
                f"{source.roll_up}s that hold a part have no sum"
            )
        return
    divided = [row for row in codes if row["listed_in"] and row["divided"]]
    if divided and leads_on:
        yield (
            f"{_rows(divided)} in {_areas(divided)} of 2011 that were divided by 2021 "
            f"({_listed(divided)}). They count for what all of their parts lie in, and for no LSOA of 2021"
        )
    later = [row for row in codes if row["listed_in"] not in (None, source.geography)]
    if later:
        yield (
            f"{_rows(later)} with a code that only {later[0]['listed_in']} has: areas that "
            f"{source.geography} did not have yet"
        )


def _by_delivery(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["d"], []).append(row)
    return found


def _rows(codes: Sequence[Row]) -> str:
    count = sum(row["n"] for row in codes)
    return f"{count:,} row{'' if count == 1 else 's'}"


def _areas(codes: Sequence[Row]) -> str:
    return f"{len(codes):,} area{'' if len(codes) == 1 else 's'}"


def _listed(codes: Sequence[Row]) -> str:
    """The codes with most rows first."""
    ordered = sorted(codes, key=lambda row: (-row["n"], row["code"]))
    shown = ", ".join(row["code"] for row in ordered[:MOST_SHOWN])
    return shown + (f" and {len(codes) - MOST_SHOWN} more" if len(codes) > MOST_SHOWN else "")
