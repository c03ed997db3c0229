"""The false discovery rate against Benjamini and Hochberg's own example and statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from pipeline.statistics import Discovery, benjamini_hochberg, expected_by_chance


def test_the_example_of_1995_finds_four() -> None:
    # Benjamini and Hochberg 1995, section 4: 15 endpoints, the first four found at 5 %
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    found = [test.found for test in benjamini_hochberg(p_values)]
    assert found == [True] * 4 + [False] * 11


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_values_agree_with_statsmodels(p_values: list[float]) -> None:
    found, adjusted, _, _ = multipletests(p_values, alpha=0.05, method="fdr_bh")
    tests = benjamini_hochberg(p_values)
    assert [test.adjusted for test in tests] == pytest.approx(adjusted.tolist())
    assert [test.p_value for test in tests] == p_values
    for test, expected in zip(tests, found.tolist(), strict=True):
        assert test.adjusted is not None
        if abs(test.adjusted - 0.05) > 1e-9:
            assert test.found == expected


def test_tests_that_could_not_be_made_do_not_count() -> None:
    tests = benjamini_hochberg([0.03, None, 0.9])
    assert tests[1] == Discovery(None, None, False)
    assert tests[0].adjusted == pytest.approx(0.06)
    assert benjamini_hochberg([None]) == (Discovery(None, None, False),)
    assert benjamini_hochberg([]) == ()


def test_a_value_on_the_rate_is_found() -> None:
    assert benjamini_hochberg([0.05])[0].found


def test_one_in_twenty_would_look_like_a_change_anyway() -> None:
    assert expected_by_chance(40) == pytest.approx(2)
    assert expected_by_chance(0) == 0


def test_impossible_arguments_are_refused() -> None:
    for p in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="a p value lies from 0 to 1"):
            benjamini_hochberg([p])
    with pytest.raises(ValueError, match="level"):
        benjamini_hochberg([0.5], rate=5)
    with pytest.raises(ValueError, match="tests must be 0 or more"):
        expected_by_chance(-1)
