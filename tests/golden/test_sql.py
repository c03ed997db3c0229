"""The SQL of four definitions, as text: a change of the compiler is read here before it is believed.

To accept a change, run this module: `python -m tests.golden.test_sql`, and read the difference.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.definitions.indicator import Indicator
from pipeline.query import CompiledQuery, Level, Place, Request, Span, Table, compile_indicator
from tests.small_partnership import TYPES, indicator

FOLDER = Path(__file__).parent / "sql"
DUCKDB = {"string": "VARCHAR", "date32[day]": "DATE", "int32": "INTEGER", "bool": "BOOLEAN"}
COLUMNS = {name: DUCKDB[str(kind)] for name, kind in TYPES.items()}
SURVEY = {"wave": "VARCHAR", "gender": "VARCHAR", "safe": "VARCHAR", "weight": "DOUBLE"}
OWN = Place("A", Level.DISTRICTS, ("A",), 2, ("A",))
FORCE = Place("F", Level.EVERYTHING, (), 1, ("A", "B", "C"))
NOWHERE = Place("F:not recorded", Level.UNLOCATED)
YEAR = Span("rolling_12:2022-01/2022-12", date(2022, 1, 1), date(2023, 1, 1), base_year=2021)
MONTH = Span("month:2022-12/2022-12", date(2022, 12, 1), date(2023, 1, 1), 1, base_year=2021)
WAVE = Span("wave:2022-01/2022-01", date(2022, 1, 1), date(2022, 2, 1), wave="2022-01")
CRIMES = (Table("crimes", COLUMNS, "A"),)

BANDS = [{"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}]
VIOLENCE = {"offence": {"in_codelist": "violence"}}
ALCOHOL = {"keyword": {"any_of": ["alcohol", "drugs"]}}


def request(asked: Indicator, *spans: Span, tables: tuple[Table, ...] = CRIMES) -> Request:
    places = (OWN,) if tables[0].name == "survey" else (OWN, FORCE, NOWHERE)
    return Request(asked, tables, places, spans, {"violence": ("1", "8N")})


def asked(measure: dict[str, Any], **more: Any) -> Indicator:
    return indicator(measure, **more)


REQUESTS = {
    "count_by_age": request(
        asked({"type": "count", "unit": "crimes", "where": VIOLENCE}, by=BANDS),
        YEAR,
        MONTH,
    ),
    "rate": request(
        asked({"type": "rate", "unit": "crimes", "over": {"column": "residents"}}), YEAR, MONTH
    ),
    "share_of_two_sources": request(
        asked({"type": "share", "where": ALCOHOL, "of": {"where": {"not": {"offence": {"in": ["99"]}}}}}),
        YEAR,
        tables=(*CRIMES, Table("others", {k: v for k, v in COLUMNS.items() if k != "quantity"}, "A")),
    ),
    "repeat_victims": request(asked({"type": "repeat", "entity": "victim_ref"}), YEAR),
    "survey": request(
        asked(
            {"type": "survey", "where": {"safe": {"in": ["no"]}}, "among": {"gender": {"in": ["Woman"]}}},
            window={"kind": "wave"},
        ),
        WAVE,
        tables=(Table("survey", SURVEY, "A"),),
    ),
}  # fmt: skip


def text(query: CompiledQuery) -> str:
    values = "".join(f"-- ${n} = {value!r}\n" for n, value in enumerate(query.params, 1))
    return f"{query.sql}\n\n{values}"


@pytest.mark.parametrize("name", REQUESTS)
def test_the_query_is_the_one_that_was_read(name: str) -> None:
    assert text(compile_indicator(REQUESTS[name])) == (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def test_no_value_of_a_definition_stands_in_the_text() -> None:
    for name, asked_for in REQUESTS.items():
        sql = compile_indicator(asked_for).sql
        for value in ("8N", "99", "U25", "25+", "Woman", "'no'", "E0", "2022"):
            assert value not in sql, f"{name} writes {value} into its SQL"


def test_every_golden_file_has_its_request() -> None:
    assert {file.stem for file in FOLDER.glob("*.sql")} == set(REQUESTS)


if __name__ == "__main__":
    for name, wanted in REQUESTS.items():
        (FOLDER / f"{name}.sql").write_text(text(compile_indicator(wanted)), encoding="utf-8")
