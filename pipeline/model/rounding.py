"""The one rounding function: decimal, half away from zero. Printed figures are rounded once, at the end."""

from decimal import ROUND_HALF_UP, Decimal


def round_half_away(value: float | Decimal, places: int) -> Decimal:
    """`value` to `places` decimals, halves away from zero; never a negative zero.

    A float is taken at its shortest decimal form, so 2.675 rounds to 2.68 as it is written.

    >>> round_half_away(-0.35318, 1), round_half_away(2.5, 0), round_half_away(-0.04, 1)
    (Decimal('-0.4'), Decimal('3'), Decimal('0.0'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded
