"""The value that the compiler hands to the store."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """One SQL statement and the values bound to its `$1`, `$2`, ... in order, never in its text."""

    sql: str
    params: tuple[object, ...] = ()
