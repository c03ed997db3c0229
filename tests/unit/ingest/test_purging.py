"""What of a file goes with a person: their own values, and not a byte of anybody else's."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.definitions.source import Source
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.redacting import Form, redacted
from pipeline.ingest.purging.reference import Reference

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
CRIMES: dict[str, Any] = {
    "title": "Crimes", "supplier": "Police", "files": ["*"], "contract": "crimes",
    "columns": {
        "crime_ref": "Reference",
        "month": {"from": "Month", "date_format": "%Y-%m"},
        "victim_ref": {"from": "Victim", "hashed": True},
        "victim_age_years": "Victim Age",
    },
    "parts": {
        "suspects": {
            "contract": "suspects",
            "columns": {"suspect_ref": {"from": "Suspect", "hashed": True}, "suspect_sex": "Suspect Sex"},
            "key": ["Suspect Number"],
        }
    },
    "key": ["crime_ref"],
}  # fmt: skip
HEADER = "Reference,Month,Victim,Victim Age,Victim Name,Suspect Number,Suspect,Suspect Sex\n"
ROW = "c1,2024-01,V-1234,34,Jane Doe,1,S-7777,Male\n"


def form_of(source: dict[str, Any]) -> Form:
    return Form("crimes.csv", "utf-8", ",", Keeping.by(Mapping(Source(id="crimes", **source))), Path())


def without(text: str, reference: str, source: dict[str, Any] = CRIMES) -> str:
    """The text of a file without the person, who must be in it."""
    new = redacted(text.encode(), form_of(source), Reference(reference)).content
    assert new is not None
    return new.decode()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_reference_is_found_in_any_encoding_and_not_in_a_longer_one(encoding: str) -> None:
    reference = Reference("Vé-1234")
    assert reference.in_bytes.search("1,Vé-1234,x".encode(encoding))
    for longer in ("1,Vé-12345,x", "1,AVé-1234,x"):
        assert not reference.in_bytes.search(longer.encode(encoding))
        assert reference.anywhere_in_bytes.search(longer.encode(encoding))


def test_the_values_about_the_victim_go_and_what_is_not_stored() -> None:
    assert without(HEADER + ROW, "v-1234") == HEADER + "c1,2024-01,,,,1,S-7777,Male\n"


def test_the_values_about_the_suspect_go_and_the_victim_stays() -> None:
    assert without(HEADER + ROW, "S-7777") == HEADER + "c1,2024-01,V-1234,34,,1,,\n"


def test_where_it_stands_in_a_note_everybody_goes() -> None:
    text = HEADER + ROW.replace("Jane Doe", "sister of Q-4321")
    assert without(text, "Q-4321") == HEADER + "c1,2024-01,,,,1,,\n"


def test_an_answer_to_a_survey_goes_whole_and_its_line_stays() -> None:
    survey: dict[str, Any] = {
        "title": "Survey", "supplier": "Council", "files": ["*"], "contract": "responses",
        "columns": {"respondent": "Id", "wave": "Wave", "safe": "Safe"},
    }  # fmt: skip
    text = "Id,Wave,Safe\nR-1001,2024,yes\nR-1002,2024,no\n"
    assert without(text, "R-1002", survey) == "Id,Wave,Safe\nR-1001,2024,yes\n,,\n"


def test_titles_above_the_header_and_values_over_several_lines() -> None:
    row = ROW.replace("Jane Doe", '"Jane\nDoe, ""Jo"""')
    text = f"Crimes of the force\n\n{HEADER}{row}{row.replace('V-1234', 'V-12345')}"
    assert without(text, "V-1234") == (
        f"Crimes of the force\n\n{HEADER}c1,2024-01,,,,1,S-7777,Male\n{row.replace('V-1234', 'V-12345')}"
    )


def test_a_line_that_cannot_be_told_apart_goes_whole() -> None:
    text = HEADER + 'c1,2024-01,V-1234,34,"Jane "Jo" Doe,1,S-7777,Male\n' + ROW.replace("V-1234", "V-2")
    assert without(text, "V-1234") == HEADER + "\n" + ROW.replace("V-1234", "V-2")


CELL = st.text(st.sampled_from("ab ,;\"'\nÉ=1-"), max_size=6)


@given(
    rows=st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=8),
    hit=st.integers(0, 7),
    column=st.integers(0, 7),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_other_record_stays_byte_for_byte(
    rows: list[list[str]], hit: int, column: int, end: str
) -> None:
    hit %= len(rows)
    rows[hit][column] = "V-1234"
    lines = StringIO()
    writer = csv.writer(lines, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER.strip().split(","))
    before = [lines.getvalue()]
    for row in rows:
        lines = StringIO()
        csv.writer(lines, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(row)
        before.append(lines.getvalue())
    new = without("".join(before), "V-1234")
    assert "V-1234" not in new
    start, rest = "".join(before[: hit + 1]), "".join(before[hit + 2 :])
    assert new.startswith(start)
    assert new.endswith(rest)
    (left,) = csv.reader(StringIO(new[len(start) : len(new) - len(rest)], newline=""))
    assert all(value in ("", was) for value, was in zip(left, rows[hit], strict=True))
