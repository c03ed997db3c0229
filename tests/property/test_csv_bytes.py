"""Whatever bytes a text file is made of: its records and lines add up, and a clean one is taken whole."""

import csv
import gzip
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.errors import ExtractError
from pipeline.model.delivery import Accounting
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

FREE_TEXT = {**CRIMES["columns"], "category": "Category"}
FIRST, LATER = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)

Record = tuple[str, str, str, str]
references = st.sampled_from(["", "a", "b", "c", "d"])
months = st.sampled_from(["2024-01", "2024-02"])
values = st.text(alphabet="ab ,;\t|\"'é£\n", max_size=6)
records = st.lists(st.tuples(references, months, values, values), min_size=1, max_size=10)


@dataclass(frozen=True)
class Form:
    """How a file is written: the source says as much, and nothing of it changes what the file says."""

    encoding: str
    delimiter: str
    line_end: str
    quoting: Literal[0, 1]  # of csv: QUOTE_MINIMAL, QUOTE_ALL
    preamble: int
    blank_lines: int
    has_footer: bool
    ends: bool
    packed: bool

    def source(self) -> dict[str, Any]:
        """The source that declares it."""
        declared: dict[str, Any] = {
            **CRIMES,
            "columns": FREE_TEXT,
            "delimiter": self.delimiter,
            "encoding": self.encoding.removesuffix("-sig"),
        }
        if self.preamble:
            declared["sheets"] = [{"header_row": self.preamble + 1}]
        if self.has_footer:
            declared["footer"] = {"starts_with": ["Total"], "records": "Month"}
        return declared

    def content(self, rows: list[Record]) -> tuple[bytes, dict[str, int]]:
        """The file, and the lines of it as `Accounting` counts them."""
        text = io.StringIO(newline="")
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.line_end, quoting=self.quoting
        )
        text.write(f"Title{self.line_end}" * self.preamble)
        writer.writerow(HEADER.split(","))
        lines = {"preamble": self.preamble, "header": 1, "blank": 0, "record": 0, "footer": 0}
        for row in rows:
            start = text.tell()
            writer.writerow([value.replace("\n", self.line_end) for value in row])
            lines["record"] += len(re.findall(r"\r\n|\r|\n", text.getvalue()[start:]))
            text.write(self.line_end * self.blank_lines)
            lines["blank"] += self.blank_lines
        if self.has_footer:
            writer.writerow(["Total", len(rows), "", ""])
            lines["footer"] = 1
        whole = text.getvalue() if self.ends else text.getvalue().removesuffix(self.line_end)
        if not self.ends and self.blank_lines and not self.has_footer:
            lines["blank"] -= 1  # what stands behind the last line end is no line
        content = whole.encode(self.encoding)
        return gzip.compress(content, mtime=0) if self.packed else content, lines


forms = st.builds(
    Form,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    preamble=st.integers(0, 2),
    blank_lines=st.integers(0, 1),
    has_footer=st.booleans(),
    ends=st.booleans(),
    packed=st.booleans(),
)


def fresh(tmp_path_factory: pytest.TempPathFactory, source: dict[str, Any]) -> Drop:
    return Drop(Path(tmp_path_factory.mktemp("bytes")) / "workspace", {"crimes": source})


def parts(accounting: Accounting) -> int:
    return (
        accounting.loaded
        + accounting.unchanged
        + accounting.quarantined
        + accounting.identical
        + accounting.conflicting
    )


BYTE_ORDER_MARK_AND_NO_NEWLINE = Form("utf-8-sig", ",", "\r", csv.QUOTE_MINIMAL, 0, 0, False, True, False)


@given(rows=records, form=forms)
@example(rows=[("a", "2024-01", "é", "")], form=BYTE_ORDER_MARK_AND_NO_NEWLINE)
def test_clean_file_is_taken_whole_however_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Record], form: Form
) -> None:
    drop = fresh(tmp_path_factory, form.source())
    content, lines = form.content(rows)
    drop.put("crimes.csv", content)

    accounting = drop.account()

    assert (accounting.read, accounting.quarantined) == (len(rows), 0)
    found = {name: getattr(accounting, f"{name}_lines") for name in lines}
    assert found == lines
    assert accounting.physical_lines == sum(lines.values())
    last: dict[object, tuple[str | None, ...]] = {}
    for number, row in enumerate(rows):
        last[row[0] or number] = tuple(value.strip(" ") or None for value in row)
    loaded = drop.rows("SELECT crime_ref, strftime(month, '%Y-%m'), category, district_code FROM crimes")
    given_back = [tuple(_seen(value) for value in row.values()) for row in loaded]
    assert sorted(map(str, given_back)) == sorted(str(tuple(map(_seen, row))) for row in last.values())


def _seen(value: str | None) -> str | None:
    """A value whatever its line ends are: the database keeps them, read record by record they are alike."""
    return re.sub(r"\r\n|\r", "\n", value) if value else value


@given(earlier=records, later=records, form=forms)
def test_records_of_a_delivery_and_of_its_revision_add_up(
    tmp_path_factory: pytest.TempPathFactory, earlier: list[Record], later: list[Record], form: Form
) -> None:
    drop = fresh(tmp_path_factory, form.source())
    drop.put("crimes_1.csv", form.content(earlier)[0])
    drop.ingest(FIRST)
    drop.put("crimes_2.csv", form.content(later)[0])
    found = drop.ingest(LATER).accounting
    delivered = (earlier, later) if form.content(earlier)[0] != form.content(later)[0] else (earlier,)
    assert [accounting.read for accounting in found] == [len(rows) for rows in delivered]
    for accounting in found:
        assert accounting.closes
        assert accounting.read == parts(accounting)
        assert accounting.quarantined == 0
    current = sum(accounting.loaded - accounting.superseded for accounting in found)
    assert current == drop.rows("SELECT count(*) AS n FROM crimes")[0]["n"]


OLDER = "2023-12"
broken_records = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "c"]),
        st.sampled_from(["2024-01", "2024-02", "2024-01", "2024-02", "2024-13", "31/02/2024", "2024", ""]),
        st.sampled_from(["Burglary", "Robbery", "Burglary", "Robbery", "Burglry"]),
        st.sampled_from(["D1", "D2"]),
    ),
    min_size=1,
    max_size=14,
)


@dataclass(frozen=True)
class Counted:
    """What becomes of the records of one file, counted by hand: it shares no code with what it judges."""

    loaded: int
    quarantined: tuple[int, ...]  # the lines
    identical: int
    conflicting: int


def by_hand(rows: list[Record], lines: list[int], rule: str) -> Counted:
    """A record is refused for its month or its category; of the rest, one of each reference stays."""
    sound = [
        n
        for n, row in enumerate(rows)
        if row[1] in ("2024-01", "2024-02") and row[2] in ("Burglary", "Robbery")
    ]
    refused = [n for n in range(len(rows)) if n not in sound]
    loaded = [n for n in sound if not rows[n][0]]
    identical = conflicting = 0
    for reference in {rows[n][0] for n in sound} - {""}:
        same = [n for n in sound if rows[n][0] == reference]
        if rule == "quarantine" and len({rows[n] for n in same}) > 1:
            refused += same
            continue
        kept = same[0] if rule == "keep_first" else same[-1]
        loaded.append(kept)
        alike = sum(rows[n] == rows[kept] for n in same) - 1
        identical += alike
        conflicting += len(same) - 1 - alike
    return Counted(len(loaded), tuple(sorted(lines[n] for n in refused)), identical, conflicting)


@given(
    rows=broken_records,
    form=forms,
    rule=st.sampled_from(["keep_first", "keep_last", "quarantine"]),
)
def test_what_is_refused_repeated_or_in_conflict_is_counted_as_by_hand(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Record], form: Form, rule: str
) -> None:
    rows = [("sound", "2024-01", "Burglary", "D1"), *rows]  # a file without one is refused whole
    declared = form.source() | {"columns": CRIMES["columns"], "conflicts": rule}
    drop = fresh(tmp_path_factory, declared)
    drop.put("crimes_0.csv", form.content([("before", OLDER, "Burglary", "D1")])[0])
    drop.ingest(FIRST)
    drop.put("crimes_1.csv", form.content(rows)[0])

    _, accounting = drop.ingest(LATER).accounting

    each = 1 + form.blank_lines
    expected = by_hand(rows, [form.preamble + 2 + each * n for n in range(len(rows))], rule)
    assert accounting.closes
    assert accounting.read == len(rows) == parts(accounting)
    assert accounting.loaded == expected.loaded
    assert (accounting.identical, accounting.conflicting) == (expected.identical, expected.conflicting)
    told = drop.rows("SELECT DISTINCT line FROM quarantine ORDER BY line")
    assert tuple(row["line"] for row in told) == expected.quarantined
    assert accounting.quarantined == len(expected.quarantined)
    assert drop.rows("SELECT count(*) AS n FROM crimes")[0]["n"] == 1 + expected.loaded


@given(content=st.binary(max_size=120) | st.text(alphabet='ab,"\n\r\0 -0124\ufeff\u200b\xa0', max_size=60))
def test_any_bytes_are_accounted_for_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    drop = fresh(tmp_path_factory, {**CRIMES, "columns": FREE_TEXT})
    written = content.encode() if isinstance(content, str) else content
    drop.put("crimes.csv", f"{HEADER}\nz,2024-01,Burglary,D1\n".encode() + written)
    is_utf8 = not isinstance(content, bytes) or _is_utf8(content)
    if not is_utf8:
        with pytest.raises(ExtractError, match=r"^crimes\.csv: byte \d+ is not UTF-8"):
            drop.ingest()
        return
    accounting = drop.account()
    assert accounting.closes
    assert accounting.read == parts(accounting)
    quarantined = drop.rows("SELECT count(DISTINCT line) AS n FROM quarantine")[0]["n"]
    assert quarantined == accounting.quarantined


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
