"""A person is taken out, and nobody else: neither whose reference is like theirs, nor what is of others."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest

from pipeline.errors import ExtractError
from pipeline.ingest.purging import Outcome, Reference, purge_person
from pipeline.ingest.references import hash_of
from pipeline.model.acceptance import Decision
from tests.integration.faults.made import workbook
from tests.unit.ingest.drop import Drop

Form = Literal["NFC", "NFD"]
WHEN = datetime(2024, 6, 1, tzinfo=UTC)
DECISION = Decision("", "A. Analyst", date(2024, 6, 1), "request 14 of the register")
SOURCE: dict[str, Any] = {
    "title": "Crimes", "supplier": "Police", "files": ["crimes*"], "contract": "crimes",
    "columns": {
        "crime_ref": "Reference",
        "month": {"from": "Month", "date_format": "%Y-%m"},
        "district_code": "District",
        "victim_ref": {"from": "Victim", "hashed": True},
        "victim_age_years": "Age",
    },
    "key": ["crime_ref"],
    "ignored": ["Name", "Note"],
}  # fmt: skip
SURVEY: dict[str, Any] = {
    "title": "Survey", "supplier": "Council", "files": ["survey*"], "contract": "responses",
    "columns": {
        "respondent": "Id", "wave": "Wave", "district_code": "District",
        "safe": "Safe", "worry": "What worries you?",
    },
    "key": ["wave", "respondent"],
}  # fmt: skip
HEADER = "Reference,Month,District,Victim,Age,Name,Note\n"
AGES = "SELECT crime_ref, victim_age_years AS age FROM crimes ORDER BY crime_ref"


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """A workspace whose own drop folder is dropped into."""
    drop = Drop(tmp_path / "workspace", {"crimes": SOURCE})
    drop.incoming = drop.workspace.private_folder(drop.workspace.incoming)
    drop.workspace.make_secret()
    return drop


def purge(drop: Drop, reference: str, only_say: bool = False) -> Outcome:
    asked = Reference(reference, (hash_of(drop.workspace.secret(), reference),))
    return purge_person(drop.workspace, drop.definitions, asked, DECISION, WHEN, only_say=only_say)


def given(drop: Drop, *rows: str) -> None:
    drop.put("crimes_1.csv", HEADER + "".join(f"{row}\n" for row in rows))
    drop.ingest()


def taken_out(drop: Drop, reference: str) -> tuple[dict[str, int | None], dict[str, int]]:
    """The ages by crime after a purge that left nothing, and how many values stay by column."""
    outcome = purge(drop, reference)
    assert outcome.scan is not None
    assert (outcome.not_rebuilt, outcome.scan.found, outcome.scan.unread) == ("", (), ())
    ages = {str(row["crime_ref"]): row["age"] for row in drop.rows(AGES)}
    return ages, {one.column: one.values for one in outcome.staying}


def files(drop: Drop) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(drop.root.rglob("*")) if path.is_file()}


def test_a_reference_that_goes_on_is_somebody_elses(drop: Drop) -> None:
    others = ("V-100-2", "V-100/A", "V-100_B", "V-100.7", "2/V-100")
    given(
        drop,
        "c0,2024-01,D1,v-100 ,20,Ann,",
        *(f"c{n},2024-01,D1,{other},{20 + n},Bob," for n, other in enumerate(others, 1)),
    )
    ages, staying = taken_out(drop, "V-100")
    assert ages == {"c0": None, "c1": 21, "c2": 22, "c3": 23, "c4": 24, "c5": 25}
    assert staying == {"Victim": 5}  # somebody may mean the same person by them, so they are told


def test_letters_outside_ascii_go_on_too(drop: Drop) -> None:
    given(drop, "c1,2024-01,D1,ÉVA1,20,Ann,", "c2,2024-01,D1,ÖÉVA1,30,Cy,", "c3,2024-01,D1,ÉVA1Ž,40,Di,")
    assert taken_out(drop, "ÉVA1") == ({"c1": None, "c2": 30, "c3": 40}, {})


@pytest.mark.parametrize(("asked", "written"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_composed_letters_and_others_are_the_same(drop: Drop, asked: Form, written: Form) -> None:
    assert normalize(asked, "JOSÉ-1") != normalize(written, "JOSÉ-1")
    given(drop, f"c1,2024-01,D1,{normalize(written, 'José-1')},20,Ann,", "c2,2024-01,D1,P-77,30,Bob,")
    assert taken_out(drop, normalize(asked, "JOSÉ-1")) == ({"c1": None, "c2": 30}, {})


def test_the_key_of_another_crime_stays(drop: Drop) -> None:
    given(drop, "5001,2024-01,D1,7001,20,Ann,", "7001,2024-01,D1,7002,30,Bob,", "5002,2024-01,D1,7003,40,,")
    before = files(drop)
    shown = purge(drop, "7001", only_say=True)
    assert dict(shown.records) == {"crimes-0001": 1}
    assert [(one.file, one.column, one.values) for one in shown.staying] == [("crimes-0001", "Reference", 1)]
    assert files(drop) == before
    assert taken_out(drop, "7001") == ({"5001": None, "5002": 40, "7001": 30}, {"Reference": 1})


def test_the_months_of_other_crimes_stay(drop: Drop) -> None:
    given(drop, "5001,2024-01,D1,7001,20,Ann,", "5002,2024-01,D1,2024,40,Cy,", "5003,2024-02,D1,7002,30,Bob,")
    assert taken_out(drop, "2024") == ({"5001": 20, "5002": None, "5003": 30}, {"Month": 3})


def test_in_a_note_of_another_record_only_the_note_goes(drop: Drop) -> None:
    given(drop, "c1,2024-01,D1,V-100,20,Ann,", "c2,2024-01,D1,V-200,30,Bob,knows V-100.")
    assert taken_out(drop, "V-100") == ({"c1": None, "c2": 30}, {})
    assert [
        row["victim_ref"] is None for row in drop.rows("SELECT victim_ref FROM crimes ORDER BY crime_ref")
    ]
    (stored,) = drop.workspace.raw.glob("*/crimes_1.csv")
    assert stored.read_text().splitlines()[1:] == ["c1,2024-01,D1,,,,", "c2,2024-01,D1,V-200,30,Bob,"]


def test_of_free_text_that_is_stored_it_is_told(drop: Drop) -> None:
    drop.sources = {"crimes": SOURCE, "survey": SURVEY}
    drop.put(
        "survey_1.csv",
        "Id,Wave,District,Safe,What worries you?\nR-1,2024,D1,yes,my neighbour V-100\nR-2,2024,D1,no,\n",
    )
    given(drop, "c1,2024-01,D1,V-100,20,Ann,")
    outcome = purge(drop, "V-100")
    told = [(one.file, one.column, one.values, one.in_free_text) for one in outcome.staying]
    assert told == [("survey-0001", "What worries you?", 1, 1)]
    assert dict(outcome.records) == {"crimes-0001": 1}


def test_a_survey_that_only_they_answered_has_to_go_whole(drop: Drop) -> None:
    drop.sources = {"crimes": SOURCE, "survey": SURVEY}
    drop.put("survey_1.csv", "Id,Wave,District,Safe,What worries you?\nR-1001,2024,D1,yes,nothing\n")
    given(drop, "c1,2024-01,D1,V-100,20,Ann,")
    before = files(drop)
    with pytest.raises(ExtractError, match=r"none would be left.*Nothing was changed.*--delivery"):
        purge(drop, "R-1001")
    assert files(drop) == before


def test_a_reference_that_makes_the_record_count_is_not_emptied(drop: Drop) -> None:
    drop.sources = {"crimes": {**SOURCE, "present": ["Victim"]}}
    given(drop, "c1,2024-01,D1,V-100,20,Ann,", "c2,2024-01,D1,V-200,30,Bob,")
    before = files(drop)
    with pytest.raises(ExtractError, match=r"'victim', without which.*Nothing was changed"):
        purge(drop, "V-100")
    assert files(drop) == before


def test_where_nobody_is_found_nothing_changes(drop: Drop) -> None:
    given(drop, "c1,2024-01,D1,V-100,20,Ann,", "c2,2024-01,D1,V-200,30,Bob,")
    before = files(drop)
    outcome = purge(drop, "NOBODY-99")
    assert (outcome.deliveries, outcome.removed, outcome.not_rebuilt) == ((), (), "")
    assert files(drop) == before
    purge(drop, "V-100")
    before = files(drop)
    assert purge(drop, "V-100").deliveries == ()
    assert files(drop) == before


def test_an_extract_whose_line_of_the_ledger_is_lost_stays(drop: Drop) -> None:
    given(drop, "c1,2024-01,D1,V-100,20,Ann,")
    drop.put("crimes_2.csv", HEADER + "d1,2024-02,D1,V-300,20,Eve,\n")
    drop.ingest()
    ledger = drop.workspace.raw / "ledger.jsonl"
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:-1]))
    before = files(drop)
    for reference in ("NOBODY-99", "V-100"):
        with pytest.raises(
            ExtractError, match=r"crimes_2\.csv: a file that no delivery.*Nothing was changed"
        ):
            purge(drop, reference)
    assert files(drop) == before


def test_in_a_workbook_numbers_of_rows_and_of_other_things_stay(drop: Drop) -> None:
    """The reference is the number of a row, of another crime, and a text that two cells share."""
    drop.sources = {"crimes": {**SOURCE, "sheets": [{"sheet": "Data"}]}}
    rows = [[f"{n}", "2024-01", "D1", f"V-{n}", "30", "Bob", ""] for n in range(1001, 2010)]
    rows[3][3], rows[4][6] = "1004", "about 1004"
    workbook(drop.incoming / "crimes.xlsx", HEADER.strip().split(","), *rows)
    drop.ingest()
    outcome = purge(drop, "1004")
    assert outcome.scan is not None
    assert (dict(outcome.records), outcome.scan.found) == ({"crimes-0001": 2}, ())
    assert [(one.column, one.values) for one in outcome.staying] == [("Reference", 1)]
    rows_left = drop.rows("SELECT count(*) AS crimes, count(victim_ref) AS victims FROM crimes")
    assert rows_left == [{"crimes": 1009, "victims": 1008}]
