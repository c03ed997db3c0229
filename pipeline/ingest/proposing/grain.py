"""Key and grain: which columns tell a file's rows apart, found by counting distinct combinations."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from pipeline.ingest.proposing.meanings import words_of
from pipeline.model.contract import CONTRACTS

PEOPLE = {
    "victims": ("victim", "injured", "aggrieved"),
    "suspects": ("suspect", "offender", "accused", "defendant"),
}
NUMBERED = re.compile(r"^(number|no|num|seq|sequence|id|ref|reference|urn|uprn|nominal|person)$")
KEYS = {
    "crimes": ("crime_ref", "offence"),
    "incidents": ("incident_ref",),
    "responses": ("wave", "respondent"),
    "returns": ("item", "area_code", "period_start", "period_end"),
    "case_reviews": ("application_ref",),
    "actions": ("action_ref",),
    "population": ("area_code", "year"),
    "geography": ("lsoa_code",),
    "boundaries": ("area_code",),
}
MOST_TRIED = 12

Rows = Sequence[Mapping[str, str]]  # by header


@dataclass(frozen=True, slots=True)
class Grain:
    """What tells rows apart. `key` are curated columns; `further` are headers that, with it, tell records
    apart where several stand for one row of the main table; `parts` has, of victims and suspects, the
    header that numbers them. `evidence` says what was counted; `is_sure` whether every row has its own.
    """

    key: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""
    is_sure: bool = True


def grain_of(contract: str, headers: Mapping[str, str], constant: Sequence[str], rows: Rows) -> Grain:
    """The key and grain of rows whose curated columns stand under `headers`.

    `constant` are curated columns with one value for the whole file, or made of others.
    """
    wanted = [name for name in KEYS[contract] if name in headers or name in constant]
    named = [headers[name] for name in wanted if name in headers]
    reference = headers.get(KEYS[contract][0]) if contract != "responses" else headers.get("respondent")
    if not named or reference is None or len(wanted) < len(KEYS[contract]) - (contract == "crimes"):
        told = "no column tells its rows apart"
        of_months = CONTRACTS[contract].column("month") is not None
        later = ": a later delivery of a month replaces that month" if of_months else ""
        return Grain(evidence=told + later)
    keyed = [row for row in rows if row[reference]]
    if not keyed:
        return Grain(evidence=f"{reference} is empty in every row")
    without = f"; {len(rows) - len(keyed):,} without one" if len(keyed) < len(rows) else ""
    if contract == "crimes" and "offence" in headers and _distinct(keyed, [reference]) == len(keyed):
        wanted, named = ["crime_ref"], [reference]
    distinct = _distinct(keyed, named)
    counted = f"{len(keyed):,} rows, {distinct:,} distinct by {' and '.join(named)}{without}"
    if distinct == len(keyed):
        return Grain(tuple(wanted), evidence=counted)
    parts = people(keyed) if contract == "crimes" else {}
    whole = _distinct(keyed, list(keyed[0]))
    further = list(parts.values()) or _telling_apart(keyed, named, whole)
    apart = _distinct(keyed, [*named, *further])
    if further:
        counted += f", {apart:,} with {' and '.join(further)}"
    if whole < len(keyed):
        counted += f"; {len(keyed) - whole:,} repeat a whole row"
    return Grain(tuple(wanted), tuple(further), parts, counted, apart >= whole)


def people(rows: Rows) -> dict[str, str]:
    """Of victims and suspects, the header that numbers them, where the file has such columns."""
    found = {}
    for part, called in PEOPLE.items():
        about = [name for name in rows[0] if set(words_of(name)) & set(called)]
        numbered = [name for name in about if any(map(NUMBERED.match, words_of(name)[1:] or words_of(name)))]
        filled = [name for name in numbered if any(row[name] for row in rows)]
        plain = [name for name in filled if "address" not in words_of(name)]
        if plain:
            found[part] = min(plain, key=lambda name: (_rank(name), len(name)))
    return found


def _rank(header: str) -> int:
    """A number within the crime tells apart people without a reference too."""
    return 0 if {"number", "no", "num", "seq", "sequence"} & set(words_of(header)) else 1


def _telling_apart(rows: Rows, named: Sequence[str], whole: int) -> list[str]:
    """The fewest further headers by which as many rows differ as differ at all."""
    others = [name for name in rows[0] if name not in named]
    by_gain = sorted(others, key=lambda name: -_distinct(rows, [*named, name]))[:MOST_TRIED]
    for size in (1, 2, 3):
        for chosen in combinations(by_gain, size):
            if _distinct(rows, [*named, *chosen]) == whole:
                return list(chosen)
    return []


def _distinct(rows: Rows, headers: Sequence[str]) -> int:
    return len({tuple(row[name] for name in headers) for row in rows})
