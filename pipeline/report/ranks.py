"""Ranks in words that say which end they count from, as wide as chance makes them."""

from __future__ import annotations

from pipeline.model.comparison import Comparison
from pipeline.report import figures, numbers
from pipeline.report.text import Text


def position(rank: int, of: int, lowest_first: bool = True) -> str:
    """A rank as words that say which end they count from: `second lowest of seven`.

    >>> position(2, 7), position(7, 7), position(4, 7)
    ('second lowest of seven', 'highest of seven', 'fourth lowest of seven')
    """
    low, high = ("lowest", "highest") if lowest_first else ("highest", "lowest")
    behind = of - rank + 1
    end, place = (low, rank) if rank <= behind else (high, behind)
    return f"{'' if place == 1 else numbers.ordinal(place) + ' '}{end} of {numbers.word(of)}"


def standing(comparison: Comparison, of: int, lowest_first: bool = True) -> Text:
    """A rank for a title, as wide as chance makes it: `lowest or second lowest of seven`."""
    assert comparison.reference_value is not None
    rank = round(comparison.reference_value)
    if comparison.lower is None or comparison.upper is None or comparison.lower == comparison.upper:
        said = position(rank, of, lowest_first)
        return (figures.figure(said, figures.comparison_id(comparison, "reference_value")),)
    could = could_be(round(comparison.lower), round(comparison.upper), of, lowest_first)
    said = f"{could.removeprefix('could be ')} of {numbers.word(of)}"
    return (figures.figure(said, figures.comparison_id(comparison, "lower,upper")),)


def could_be(best: int, worst: int, of: int, lowest_first: bool = True) -> str:
    """The ranks it could have, counted from the same end: `could be second to fourth lowest`."""
    low, high = ("lowest", "highest") if lowest_first else ("highest", "lowest")
    if best == worst:
        return f"clearly {position(best, of, lowest_first).split(' of ')[0]}"
    if best > of - worst + 1:
        first, last, end = of - worst + 1, of - best + 1, high
    else:
        first, last, end = best, worst, low
    join = "or" if last - first == 1 else "to"
    lead = end if first == 1 else numbers.ordinal(first)
    return f"could be {lead} {join} {numbers.ordinal(last)} {end}"
