"""Filters: what they read, how they are told in words, how their values are bound."""

from datetime import date

import pytest

from pipeline.definitions.indicator import Filter
from pipeline.query.conditions import Bindings, Conditions, columns_of, describe

WHERE = Filter.model_validate(
    {
        "offence": {"in_codelist": "violence"},
        "age": {"between": [None, 24]},
        "keyword": {"any_of": ["alcohol", "drugs"]},
        "any": [{"place": {"in": ["public"]}}, {"hour": {"between": [20, 23.5]}, "knife": {"is": False}}],
        "not": {"hate": {"answered": True}, "outcome": {"not_in": ["1", "2"]}},
    }
)


def test_every_column_a_filter_reads_is_named() -> None:
    assert list(columns_of(WHERE)) == [
        *("offence", "age", "alcohol", "drugs", "place", "hour", "knife", "hate", "outcome")
    ]


def test_a_filter_in_words() -> None:
    assert describe(WHERE) == (
        "offence in code list violence",
        "age from any to 24",
        "keyword any of alcohol, drugs",
        "(place in public) or (hour from 20 to 23.5 and knife recorded as not flagged)",
        "not (hate recorded and outcome recorded and not in 1, 2)",
    )


def test_there_are_as_many_words_as_steps() -> None:
    conditions = Conditions({}, {"violence": ("8N",)}, {}, Bindings())
    assert len(list(conditions.steps(WHERE))) == len(describe(WHERE))
    assert describe(Filter()) == ()
    assert conditions.holds(Filter()).sql() == "TRUE"


def test_a_number_is_text_where_the_column_is() -> None:
    bindings = Bindings()
    where = Filter.model_validate({"offence": {"in": [104, "8N"]}, "age": {"in": [17]}})
    Conditions({"offence": "VARCHAR", "age": "INTEGER"}, {}, {}, bindings).holds(where)
    assert bindings.values == ("104", "8N", 17)


@pytest.mark.parametrize(
    ("bounds", "sql"),
    [
        ({}, "NOT offence IS NULL AND offence IN ($1, $2)"),
        (
            {"b": (date(2023, 4, 1), None)},
            "(NOT offence IS NULL AND offence IN ($1)) OR "
            "((NOT offence IS NULL AND offence IN ($2)) AND month >= $3)",
        ),
        (
            {"a": (None, date(2023, 4, 1)), "b": (None, date(2023, 4, 1))},
            "FALSE OR ((NOT offence IS NULL AND offence IN ($1, $2)) AND month < $3)",
        ),
    ],
)
def test_a_code_that_comes_or_goes_asks_for_the_month(
    bounds: dict[str, tuple[date | None, date | None]], sql: str
) -> None:
    bindings = Bindings()
    found = Conditions({}, {"list": ("a", "b")}, {"list": bounds}, bindings).listed("offence", "list")
    assert found.sql("duckdb") == sql
