"""What of a file goes with a person: their own values, and not a byte of anybody else's."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.redacting import Form, redacted
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.purging.scan import BLOCK_BYTES, Search

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


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files on their way."""
    return tmp_path_factory.mktemp("passing")


def without(passing: Path, text: str, reference: str, source: dict[str, Any] = CRIMES) -> str:
    """The text of a file without the person, who must be in it."""
    mapping = Mapping(Source(id="crimes", **source))
    form = Form("crimes.csv", mapping, Keeping.by([mapping]))
    new = redacted(text.encode(), form, Search(Reference(reference), passing)).content
    assert new is not None
    assert list(passing.iterdir()) == []
    return new.decode()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_reference_is_found_in_any_encoding_and_not_in_a_longer_one(encoding: str) -> None:
    reference = Reference("Vé-1234")
    assert reference.in_bytes.search("1,Vé-1234,x".encode(encoding))
    for longer in ("1,Vé-12345,x", "1,AVé-1234,x"):
        assert not reference.in_bytes.search(longer.encode(encoding))
        assert reference.anywhere_in_bytes.search(longer.encode(encoding))


@pytest.mark.parametrize("written", ["JOSÉ-12", "josé-12", "JOSE\u0301-12", "Jos\u200bé-12"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_bytes_and_texts_are_searched_for_the_same(written: str, encoding: str) -> None:
    reference = Reference("José-12")
    assert reference.is_in(f"a,{written},b")
    if written.encode(encoding, errors="ignore").decode(encoding) == written:
        assert reference.in_bytes.search(f"a,{written},b".encode(encoding))
    assert reference.in_bytes.search(b"<v>Jos&#xE9;-12</v>")
    assert reference.in_bytes.search(json.dumps([written.replace("\u200b", "")]).encode())


@pytest.mark.parametrize(("after", "is_there"), [(b",", True), (b"5", False)])
@pytest.mark.parametrize("begun", range(-8, 2))
def test_a_reference_across_two_blocks_is_found_and_a_longer_one_is_not(
    passing: Path, begun: int, after: bytes, is_there: bool
) -> None:
    content = b"," * (BLOCK_BYTES + begun) + b"V-1234" + after + b"," * 100
    assert Search(Reference("V-1234"), passing).holds(content) is is_there


def test_the_values_about_the_victim_go_and_what_is_not_stored(passing: Path) -> None:
    assert without(passing, HEADER + ROW, "v-1234") == HEADER + "c1,2024-01,,,,1,S-7777,Male\n"


def test_the_values_about_the_suspect_go_and_the_victim_stays(passing: Path) -> None:
    assert without(passing, HEADER + ROW, "S-7777") == HEADER + "c1,2024-01,V-1234,34,,1,,\n"


def test_where_it_stands_in_a_note_the_note_goes(passing: Path) -> None:
    text = HEADER + ROW.replace("Jane Doe", "sister of Q-4321")
    assert without(passing, text, "Q-4321") == HEADER + "c1,2024-01,V-1234,34,,1,S-7777,Male\n"


def test_an_answer_to_a_survey_goes_whole_and_its_line_stays(passing: Path) -> None:
    survey: dict[str, Any] = {
        "title": "Survey", "supplier": "Council", "files": ["*"], "contract": "responses",
        "columns": {"respondent": "Id", "wave": "Wave", "safe": "Safe"},
    }  # fmt: skip
    text = "Id,Wave,Safe\nR-1001,2024,yes\nR-1002,2024,no\n"
    assert without(passing, text, "R-1002", survey) == "Id,Wave,Safe\nR-1001,2024,yes\n,,\n"


def test_titles_above_the_header_and_values_over_several_lines(passing: Path) -> None:
    row = ROW.replace("Jane Doe", '"Jane\nDoe, ""Jo"""')
    text = f"Crimes of the force\n\n{HEADER}{row}{row.replace('V-1234', 'V-12345')}"
    source = CRIMES | {"sheets": [{"header_row": 3}]}
    assert without(passing, text, "V-1234", source) == (
        f"Crimes of the force\n\n{HEADER}c1,2024-01,,,,1,S-7777,Male\n{row.replace('V-1234', 'V-12345')}"
    )


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ('c1,2024-01,V-1234,34,"Jane "Jo" Doe,1,S-7777,Male\n', 'x,x,x,x,"x"x"x,x,x,x\n'),
        ("c1,2024-01,V-1234,34,Doe, Jane,1,S-7777,Male\n", "x,x,x,x,x,x,x,x,x\n"),
    ],
)
def test_of_a_line_that_is_refused_its_form_stays(passing: Path, refused: str, left: str) -> None:
    other = ROW.replace("V-1234", "V-2")
    assert without(passing, HEADER + refused + other, "V-1234") == HEADER + left + other


def test_a_value_of_sixty_lines_goes_with_its_record_and_tears_nothing(passing: Path) -> None:
    note = '"' + "".join(f"line {number}, of V-1234\n" for number in range(60)) + '"'
    other = ROW.replace("V-1234", "V-2").replace("Jane Doe", '"' + "so it went\n" * 60 + '"')
    text = HEADER + other + ROW.replace("Jane Doe", note) + other
    assert without(passing, text, "V-1234") == HEADER + other + "c1,2024-01,,,,1,S-7777,Male\n" + other


def test_a_reference_in_the_header_is_refused(passing: Path) -> None:
    source = CRIMES | {"ignored": ["V-1234"]}
    with pytest.raises(ExtractError, match="in the header"):
        without(passing, HEADER.replace("Victim Name", "V-1234") + ROW, "V-1234", source)


CELL = st.text(st.sampled_from("ab ,;\"'\nÉ=1-"), max_size=6)


@given(
    rows=st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=8),
    hit=st.integers(0, 7),
    column=st.sampled_from([2, 4, 6]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_other_record_stays_byte_for_byte(
    passing: Path, rows: list[list[str]], hit: int, column: int, end: str
) -> None:
    hit %= len(rows)
    rows[hit][0], rows[hit][column] = "c1", "V-1234"
    lines = StringIO()
    writer = csv.writer(lines, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER.strip().split(","))
    before = [lines.getvalue()]
    for row in rows:
        lines = StringIO()
        csv.writer(lines, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(row)
        before.append(lines.getvalue())
    new = without(passing, "".join(before), "V-1234")
    assert "V-1234" not in new
    start, rest = "".join(before[: hit + 1]), "".join(before[hit + 2 :])
    assert new.startswith(start)
    assert new.endswith(rest)
    (left,) = csv.reader(StringIO(new[len(start) : len(new) - len(rest)], newline=""))
    assert all(value in ("", was) for value, was in zip(left, rows[hit], strict=True))
