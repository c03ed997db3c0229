"""For any file: every record and every line is accounted for, and a clean file is never quarantined."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

FREE_TEXT = {
    **CRIMES,
    "columns": {**CRIMES["columns"], "category": "Category"},
}
values = st.text(alphabet="abc ,;\"'é\n", max_size=8)
references = st.sampled_from(["", "a", "b", "c"])
months = st.sampled_from(["2024-01", "2024-02", "2024-03"])
records = st.lists(st.tuples(references, months, values, values), min_size=1, max_size=12)


def fresh(tmp_path_factory: pytest.TempPathFactory) -> Drop:
    return Drop(Path(tmp_path_factory.mktemp("accounting")) / "workspace", {"crimes": FREE_TEXT})


@given(rows=records, ending=st.sampled_from(["\n", "\r\n"]), everything_quoted=st.booleans())
def test_clean_file_is_never_quarantined_and_its_values_arrive(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str, str]],
    ending: str,
    everything_quoted: bool,
) -> None:
    drop = fresh(tmp_path_factory)
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, lineterminator=ending, quoting=csv.QUOTE_ALL if everything_quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(HEADER.split(","))
    writer.writerows(rows)
    content = text.getvalue().encode()
    drop.put("crimes.csv", content)

    accounting = drop.account()

    assert accounting.closes
    assert (accounting.read, accounting.quarantined) == (len(rows), 0)
    expected: dict[object, tuple[str | None, ...]] = {}
    for number, row in enumerate(rows):
        expected[row[0] or number] = tuple(value.strip(" ") or None for value in row)
    loaded = drop.rows("SELECT crime_ref, strftime(month, '%Y-%m'), category, district_code FROM crimes")
    assert sorted(map(str, expected.values())) == sorted(str(tuple(row.values())) for row in loaded)


faulty_lines = st.text(alphabet='ab,"\n\r\0 -0124', max_size=30)
good_lines = st.tuples(references, months, st.just("Burglary"), st.just("D1")).map(",".join)


@given(
    lines=st.lists(st.one_of(good_lines, faulty_lines), max_size=15),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_a_file_holds_its_records_and_lines_add_up(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ending: str
) -> None:
    drop = fresh(tmp_path_factory)
    drop.put("crimes.csv", ending.join([HEADER, "z,2024-01,Burglary,D1", *lines]))
    try:
        accounting = drop.account()
    except ExtractError as error:
        pytest.fail(f"one good record is enough to go on: {error}")
    assert accounting.closes
    parts = (accounting.loaded, accounting.quarantined, accounting.identical, accounting.conflicting)
    assert accounting.read == sum(parts)
    assert accounting.loaded == drop.rows("SELECT count(*) AS n FROM crimes")[0]["n"]
    quarantined = drop.rows("SELECT count(DISTINCT line) AS n FROM quarantine")[0]["n"]
    assert quarantined == accounting.quarantined
