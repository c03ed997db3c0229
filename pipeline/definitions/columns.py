"""Which columns the curated tables of a source have, by what its mapping supplies."""

from pipeline.definitions.source import Derived, Source
from pipeline.model.contract import CONTRACTS, Column

# A mapping that names a small area may leave the larger ones to the geography source.
_PLACED_BY_GEOGRAPHY = ("ward_code", "district_code")


def supplied_columns(source: Source, part: str | None = None) -> dict[str, Column] | None:
    """The columns of the source's main table, or of one of its parts; None where it has no such part.

    A column's `values` are the closed set that may stand in it: the contract's, or those that the
    mapping writes; empty where anything may.
    """
    if part is None:
        return _columns(source, source.contract, source.columns)
    if part not in source.parts:
        return None
    declared = source.parts[part]
    # A part repeats the columns of the row it was split from.
    return _columns(source, declared.contract, {**source.columns, **declared.columns})


def closed_values(source: Source, part: str | None, column: str) -> tuple[str, ...]:
    """The only values that the column may have; nothing where it may have any, or is not there."""
    found = (supplied_columns(source, part) or {}).get(column)
    return found.values if found else ()


def _columns(source: Source, contract_name: str, mapping: dict[str, Derived | str]) -> dict[str, Column]:
    contract = CONTRACTS.get(contract_name)
    if contract is None:
        return {}
    constants = {name for sheet in source.sheets for name in sheet.constants}
    placed = _PLACED_BY_GEOGRAPHY if source.geography else ()
    unpivoted = {source.unpivot.name_to, source.unpivot.value_to} if source.unpivot else set()
    found: dict[str, Column] = {}
    for column in contract.columns:
        if column.required or column.name in {*mapping, *constants, *placed, *unpivoted}:
            values = column.values or _written_values(mapping.get(column.name))
            found[column.name] = Column(column.name, column.type, column.meaning, column.required, values)
    if contract.open_columns:
        for name, derived in mapping.items():
            if name not in found:
                kind = derived.type if isinstance(derived, Derived) and derived.type else "VARCHAR"
                found[name] = Column(name, kind, "question", values=_written_values(derived))
    return found


def _written_values(derived: Derived | str | None) -> tuple[str, ...]:
    if not isinstance(derived, Derived):
        return ()
    if not derived.values:
        return derived.allowed
    return tuple(dict.fromkeys(str(value) for value in derived.values.values() if value is not None))
