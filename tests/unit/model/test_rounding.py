"""The one rounding function, against values worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.rounding import round_half_away


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (2.5, 0, "3"),  # Python's round gives 2
        (-2.5, 0, "-3"),
        (0.5, 0, "1"),
        (2.675, 2, "2.68"),  # in binary it lies just under
        (-0.04, 1, "0.0"),
        (100 * (3950 / 3964 - 1), 1, "-0.4"),  # the strategy prints -0.3
        (100 * (1011 / 1119 - 1), 1, "-9.7"),  # the strategy prints -9.6
        (1e15 + 0.5, 0, "1000000000000001"),
    ],
)
def test_halves_go_away_from_zero(value: float, places: int, rounded: str) -> None:
    assert str(round_half_away(value, places)) == rounded


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 3))
def test_the_rounded_value_is_the_nearest(value: Decimal, places: int) -> None:
    rounded = round_half_away(value, places)
    step = Fraction(1, 10**places)
    assert abs(Fraction(rounded) - Fraction(value)) <= step / 2
    assert (Fraction(rounded) / step).denominator == 1
