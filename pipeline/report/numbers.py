"""How numbers look: one rounding, a true minus, commas in thousands, points apart from per cent.

Nothing here knows what a number means; `pipeline.report.figures` does.
"""

from __future__ import annotations

from decimal import Decimal

from pipeline.model.rounding import round_half_away

MINUS = "−"
SMALL_COUNT = 50
"""Where either of two counts is under this, a change is told in counts and never in per cent."""

# fmt: off
_WORDS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)
# fmt: on


def number(value: float | Decimal, places: int = 0) -> str:
    """`value` to `places` decimals: `−1,234.5`."""
    rounded = round_half_away(value, places)
    return f"{rounded:,.{places}f}".replace("-", MINUS)


def signed(value: float | Decimal, places: int = 1) -> str:
    """`value` with its sign; a change that rounds to nothing has none: `+1.2`, `−0.4`, `0.0`."""
    rounded = round_half_away(value, places)
    return ("+" if rounded > 0 else "") + number(value, places)


def percent(value: float | Decimal, places: int = 1) -> str:
    """`8.1%`."""
    return number(value, places) + "%"


def points(value: float | Decimal, places: int = 1) -> str:
    """Percentage points: `0.3 pp`."""
    return number(value, places) + " pp"


def span(lower: float, upper: float, places: int = 1, sign: bool = True) -> str:
    """A range as words, so that its ends keep their signs: `−4.6 to +4.1`.

    An end that lies off zero is not printed as zero: it gets one more decimal, or else its sign alone,
    which shows on which side it is.
    """
    write = signed if sign else number
    ends = [_off_zero(end, places) if sign and end else write(end, places) for end in (lower, upper)]
    return f"{ends[0]} to {ends[1]}"


def _off_zero(value: float, places: int) -> str:
    """A number that is not zero, so that it does not read as zero: `+1.2`, `−0.04`, `−0.0`."""
    finer = next((more for more in (places, places + 1) if round_half_away(value, more)), None)
    if finer is None:
        return ("+" if value > 0 else MINUS) + number(0, places)
    return signed(value, finer)


def direction(value: float, places: int = 1) -> str:
    """An arrow the way the printed number goes: `↑`, `↓`, or `→` where it rounds to nothing."""
    rounded = round_half_away(value, places)
    return "↑" if rounded > 0 else "↓" if rounded < 0 else "→"


def places_of(unit: str, value: float) -> int:
    """How many decimals a value of this unit is printed with: none for counts, one for the rest.

    Two for what is less than one, and no percentage: a ratio of 0.04 is not 0.0.
    """
    if unit == "%" or value == 0:
        return 1 if unit == "%" or " per " in f" {unit} " else 0
    if abs(value) < 1:
        return 2
    return 1 if " per " in f" {unit} " or value != int(value) else 0


def word(count: int) -> str:
    """A small number as a word, for titles: `seven`; from 21 on, digits."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else number(count)


def ordinal(position: int) -> str:
    """A rank as a word: `second`; from 21 on `rank 21`."""
    return _ORDINALS[position - 1] if 0 < position <= len(_ORDINALS) else f"rank {position}"
