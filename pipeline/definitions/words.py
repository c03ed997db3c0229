"""The words that messages about definitions share."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


def did_you_mean(found: object, allowed: Iterable[str]) -> str:
    """` (did you mean 'x'?)`, or nothing where nothing is close."""
    close = get_close_matches(str(found), list(allowed), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""


def listed(names: Iterable[str], most: int = 40) -> str:
    """Names for a message: `a, b, c`; a long list ends in how many more there are."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "none"


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """`unknown source 'x' (did you mean 'xy'?); allowed: a, xy`."""
    known = list(known)
    return f"unknown {kind} '{name}'{did_you_mean(name, known)}; allowed: {listed(known)}"


def describe(value: Any) -> str:
    """A value for a message: its kind and, where short, itself."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "a mapping"
