"""Codes in the data that no list holds, with the indicators that may miss their rows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.definitions.resolved import Definitions
from pipeline.editions.doubts import code_doubts
from pipeline.quality import Found, UnknownCode, UnlistedColumn, unknown_codes
from pipeline.store import Store
from tests.small_partnership import crimes, definitions, indicator, source

LISTS = {"violence": ("8N", "8P"), "burglary": ("28E",), "every": ("8N", "8P", "28E", "45")}


def counting(name: str, codelist: str, **more: Any) -> Any:
    where = {"offence": {"in_codelist": codelist}}
    return indicator({"type": "count", "unit": "crimes", "where": where, **more}, id=name, title=name)


def known(declared: bool = True, validity: Mapping[str, Any] | None = None) -> Definitions:
    codes = {"offence": ["every"]} if declared else {}
    everything = indicator({"type": "count", "unit": "crimes"}, id="everything", title="everything")
    return definitions(
        everything,
        counting("homes", "burglary"),
        counting("assaults", "violence"),
        sources=[source(codes=codes)],
        codelists=LISTS,
        validity=validity or {},
    )


def found(settings: Definitions, *rows: Mapping[str, Any], part: pa.Table | None = None) -> tuple[Found, ...]:
    tables = {"crimes": crimes([{"month": "2022-03", **row} for row in rows])}
    if part is not None:
        tables["crimes_victims"] = part
    with Store.in_memory(tables) as store:
        return unknown_codes(store, settings)


def test_known_codes_and_rows_without_one_are_no_doubt() -> None:
    assert found(known(), {"offence": "8N"}, {"offence": "45"}, {"offence": None}) == ()


def test_a_code_in_no_list_names_who_may_miss_it_the_likeliest_first() -> None:
    rows: list[dict[str, Any]] = [{"offence": "8Q", "month": "2022-05", "quantity": 3}, {"offence": "8Q"}]
    assert found(known(), *rows) == (
        UnknownCode(
            source="crimes",
            table="crimes",
            column="offence",
            code="8Q",
            rows=4,
            first_month=date(2022, 3, 1),
            last_month=date(2022, 5, 1),
            indicators=("assaults", "homes"),
            likely=1,
        ),
    )


def test_the_most_rows_come_first() -> None:
    codes = [code.code for code in found(known(), {"offence": "9"}, {"offence": "7", "quantity": 2})
             if isinstance(code, UnknownCode)]  # fmt: skip
    assert codes == ["7", "9"]


def test_a_code_outside_its_months_is_told() -> None:
    until = {"burglary": {"28E": (None, date(2022, 4, 1))}, "every": {"28E": (None, date(2022, 4, 1))}}
    rows: list[dict[str, Any]] = [
        {"offence": "28E", "month": month} for month in ("2022-03", "2022-04", "2022-06")
    ]
    (code,) = found(known(validity=until), *rows)
    assert isinstance(code, UnknownCode)
    assert (code.code, code.rows, code.span, code.ended) == ("28E", 2, "2022-04 to 2022-06", True)
    assert found(known(validity={"burglary": until["burglary"]}), *rows) == ()  # the other list holds it


def test_a_value_that_may_be_a_slipped_cell_is_counted_and_not_said() -> None:
    rows: list[dict[str, Any]] = [{"offence": "Ambridge Lane"}, {"offence": "J Smith", "quantity": 2}]
    (code,) = found(known(), *rows)
    assert isinstance(code, UnknownCode)
    assert (code.code, code.rows) == ("", 3)
    (said,) = code_doubts((code,))
    assert "Ambridge" not in said
    assert "Smith" not in said


def test_a_word_in_many_rows_is_a_code() -> None:
    (code,) = found(known(), {"offence": "Fraud", "quantity": 8})
    assert isinstance(code, UnknownCode)
    assert code.code == "Fraud"


def test_where_nobody_said_which_codes_there_are_the_column_is_told_once() -> None:
    rows: list[dict[str, Any]] = [{"offence": "8N"}, {"offence": "45"}, {"offence": "46", "quantity": 5}]
    assert found(known(declared=False), *rows) == (
        UnlistedColumn(source="crimes", table="crimes", column="offence", codes=2, rows=6),
    )


def test_a_column_that_no_list_is_asked_of_is_not_looked_at() -> None:
    written = indicator({"type": "count", "unit": "crimes", "where": {"category": {"in": ["a"]}}})
    assert found(definitions(written), {"category": "b"}) == ()


def test_codes_written_out_and_groups_are_known_codes() -> None:
    settings = definitions(
        indicator(
            {"type": "count", "unit": "crimes", "where": {"offence": {"not_in": ["8Q"]}}},
            by=[{"name": "kind", "groups": {"Homes": "burglary", "Other": ["9"]}}],
        ),
        sources=[source(codes={"offence": ["every"]})],
        codelists=LISTS,
    )
    assert found(settings, {"offence": "8Q"}, {"offence": "9"}, {"offence": "28E"}) == ()


def test_a_part_is_looked_at_in_the_table_it_was_split_from() -> None:
    settings = definitions(
        counting("victims", "violence", table="victims"),
        sources=[source(codes={"offence": ["every"]}, parts={"victims": {"contract": "victims"}})],
        codelists=LISTS,
    )
    part = crimes([{"offence": "7", "month": "2022-03"}])
    assert found(settings, {"offence": "8N"}, part=part) == ()


def test_a_part_with_a_column_of_its_own_is_looked_at_itself() -> None:
    where = {"kind": {"in_codelist": "burglary"}}
    settings = definitions(
        indicator({"type": "count", "unit": "victims", "table": "victims", "where": where}),
        sources=[source(codes={"kind": ["every"]}, parts={"victims": {"contract": "victims"}})],
        codelists=LISTS,
    )
    part = pa.table({"kind": ["28E", "28E", "3A"]})
    (code,) = found(settings, {"offence": "8N"}, part=part)
    assert isinstance(code, UnknownCode)
    assert (code.table, code.code, code.rows, code.span) == ("crimes_victims", "3A", 1, "")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [{"offence": "8Q", "month": "2022-05"}],
            "crimes.offence: the code 8Q (1 row, 2022-05) is in no list; it may be missing from assaults "
            "and 1 more that reads this column",
        ),
        (
            [{"offence": "7", "quantity": 1200}],
            "crimes.offence: the code 7 (1,200 rows, 2022-03) is in no list; it may be missing from homes, "
            "assaults",
        ),
        (
            [{"offence": "x y"}],
            "crimes.offence: 1 row hold values that do not look like codes and are in no list; it may be "
            "missing from homes, assaults",
        ),
    ],
)
def test_what_is_told_of_a_code(rows: list[dict[str, Any]], told: str) -> None:
    assert code_doubts(found(known(), *rows)) == (told,)


def test_what_is_told_of_a_column_without_a_list() -> None:
    (told,) = code_doubts(found(known(declared=False), {"offence": "45"}))
    assert told.startswith(
        "crimes.offence: 1 code (1 row) in no list that an indicator reads. Name the lists"
    )
    assert "`codes: {offence: [...]}` under crimes in sources.yaml" in told


def test_a_column_of_closed_values_needs_no_list() -> None:
    where = {"offence": {"in_codelist": "burglary"}}
    closed = {"from": "Code", "allowed": ["28E", "45"]}
    settings = definitions(
        indicator({"type": "count", "unit": "crimes", "where": where}),
        sources=[source(columns={"offence": closed})],
        codelists=LISTS,
    )
    assert found(settings, {"offence": "45"}) == ()
