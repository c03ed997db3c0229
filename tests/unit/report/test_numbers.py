"""How numbers look in print."""

import pytest

from pipeline.report import numbers


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (3950, 0, "3,950"),
        (-0.353, 1, "−0.4"),
        (1234567.5, 0, "1,234,568"),
        (-0.04, 1, "0.0"),
        (8.05, 1, "8.1"),
    ],
)
def test_a_number_has_commas_and_a_true_minus(value: float, places: int, printed: str) -> None:
    assert numbers.number(value, places) == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(7.1, "+7.1"), (-9.65, "−9.7"), (0.02, "0.0"), (-0.02, "0.0")]
)
def test_a_change_that_rounds_to_nothing_has_no_sign(value: float, printed: str) -> None:
    assert numbers.signed(value) == printed


def test_a_range_is_written_with_a_word_between_its_ends() -> None:
    assert numbers.span(-4.6, 4.1) == "−4.6 to +4.1"
    assert numbers.span(1.3, 9.3, sign=False) == "1.3 to 9.3"


@pytest.mark.parametrize(
    ("lower", "upper", "printed"),
    [
        (-29.6, -0.04, "−29.6 to −0.04"),
        (-0.001, 0.6, "−0.0 to +0.6"),  # no third decimal among ones: the sign alone
        (0.002, 0.6, "+0.0 to +0.6"),
        (0.0, 3.0, "0.0 to +3.0"),
    ],
)
def test_an_end_off_zero_never_reads_as_zero(lower: float, upper: float, printed: str) -> None:
    assert numbers.span(lower, upper) == printed


@pytest.mark.parametrize(("value", "arrow"), [(0.4, "↑"), (-3, "↓"), (0.04, "→"), (-0.04, "→")])
def test_the_arrow_goes_the_way_of_the_printed_number(value: float, arrow: str) -> None:
    assert numbers.direction(value) == arrow


@pytest.mark.parametrize(
    ("unit", "value", "places"),
    [("crimes", 3950.0, 0), ("%", 8.0, 1), ("crimes per 1,000 residents", 8.0, 1), ("months", 2.5, 1)],
)
def test_counts_have_no_decimals_and_rates_have_one(unit: str, value: float, places: int) -> None:
    assert numbers.places_of(unit, value) == places


def test_small_numbers_are_words_and_large_ones_are_digits() -> None:
    assert [numbers.word(n) for n in (0, 7, 20, 21)] == ["none", "seven", "twenty", "21"]
    assert [numbers.ordinal(n) for n in (1, 5, 21)] == ["first", "fifth", "rank 21"]
