"""Duplicates within a file, deliveries that repeat, revise or overlap earlier ones."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import CRIMES, RECEIVED, Drop, crimes

LATER = datetime(2024, 6, 1, tzinfo=UTC)
LATEST = datetime(2024, 7, 1, tzinfo=UTC)


def table(drop: Drop) -> list[tuple[str, ...]]:
    rows = drop.rows("SELECT crime_ref, strftime(month, '%Y-%m'), category FROM crimes ORDER BY ALL")
    return [tuple(str(value) for value in row.values()) for row in rows]


def parts(drop: Drop, name: str) -> dict[str, int]:
    """The accounting of one file, what is not zero."""
    (found,) = [a for a in drop.ingest(LATEST).accounting if a.file_name == name]
    names = ("read", "loaded", "unchanged", "quarantined", "identical", "conflicting", "superseded")
    return {part: getattr(found, part) for part in names if getattr(found, part)}


TWICE = crimes(
    "a,2024-01,Burglary,D1", "a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1", "b,2024-01,Robbery,D1"
)


@pytest.mark.parametrize(("rule", "category"), [("keep_first", "Burglary"), ("keep_last", "Robbery")])
def test_identical_rows_count_once_and_conflicting_ones_by_the_declared_rule(
    drop: Drop, rule: str, category: str
) -> None:
    drop.sources = {"crimes": {**CRIMES, "conflicts": rule}}
    drop.put("crimes.csv", TWICE)
    assert parts(drop, "crimes.csv") == {"read": 4, "loaded": 2, "identical": 1, "conflicting": 1}
    assert table(drop) == [("a", "2024-01", "Burglary"), ("b", "2024-01", category)]


def test_conflicting_rows_can_both_be_quarantined(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "conflicts": "quarantine"}}
    drop.put("crimes.csv", TWICE)
    assert parts(drop, "crimes.csv") == {"read": 4, "loaded": 1, "quarantined": 2, "identical": 1}
    assert [row["line"] for row in drop.rows("SELECT line FROM quarantine ORDER BY line")] == [4, 5]


def test_rows_without_a_key_are_never_duplicates(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(*[",2024-01,Anti-social behaviour,D1"] * 3))
    assert parts(drop, "crimes.csv") == {"read": 3, "loaded": 3}


def test_same_bytes_under_another_name_are_recognised_and_noted_once(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    drop.put("crimes_again.csv", crimes("a,2024-01,Burglary,D1"))
    for _ in range(2):
        again = drop.ingest(LATER)
        assert (again.new, again.recognised_files, again.rebuilt) == ((), 2, False)
    ledger = (drop.workspace.raw / "ledger.jsonl").read_text().splitlines()
    assert [line.split('"')[3] for line in ledger] == ["received", "duplicate"]


def test_raw_store_is_private(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    for path in [drop.workspace.raw, *drop.workspace.raw.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_same_month_again_is_a_revision_with_everything_that_can_happen(drop: Drop) -> None:
    drop.put(
        "crimes_1.csv",
        crimes("same,2024-01,Burglary,D1", "changed,2024-01,Burglary,D1", "gone,2024-01,Burglary,D1",
               ",2024-01,Anti-social behaviour,D1", "february,2024-02,Burglary,D1"),
    )  # fmt: skip
    drop.ingest()
    drop.put(
        "crimes_2.csv",
        crimes("same,2024-01,Burglary,D1", "changed,2024-01,Robbery,D1", "added,2024-01,Burglary,D1",
               ",2024-01,Anti-social behaviour,D1", ",2024-01,Anti-social behaviour,D1"),
    )  # fmt: skip
    drop.ingest(LATER)
    assert table(drop) == [
        ("added", "2024-01", "Burglary"),
        ("changed", "2024-01", "Robbery"),
        ("february", "2024-02", "Burglary"),
        ("same", "2024-01", "Burglary"),
        ("None", "2024-01", "Anti-social behaviour"),
        ("None", "2024-01", "Anti-social behaviour"),
    ]
    assert parts(drop, "crimes_1.csv") == {"read": 5, "loaded": 5, "superseded": 3}
    assert parts(drop, "crimes_2.csv") == {"read": 5, "loaded": 4, "unchanged": 1}


def test_as_at_leaves_later_deliveries_out(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    drop.put("crimes_2.csv", crimes("a,2024-01,Robbery,D1"))
    drop.ingest(LATER)
    assert table(drop) == [("a", "2024-01", "Robbery")]
    drop.ingest(LATER, as_at=RECEIVED)
    assert table(drop) == [("a", "2024-01", "Burglary")]


def test_crime_that_goes_and_returns_counts_again(drop: Drop) -> None:
    for number, rows in enumerate((("a", "b"), ("b",), ("a", "b")), 1):
        drop.put(
            f"crimes_{number}.csv", crimes(*[f"{ref},2024-0{1},Burglary,D1" for ref in rows]) + "\n" * number
        )
        drop.ingest(datetime(2024, 6, number, tzinfo=UTC))
        assert [row[0] for row in table(drop)] == sorted(rows)
    assert parts(drop, "crimes_3.csv") == {"read": 2, "loaded": 1, "unchanged": 1}


def test_overlapping_extracts_do_not_double_count(drop: Drop) -> None:
    months = [f"2024-0{n}" for n in range(1, 7)]
    drop.put("crimes_1.csv", crimes(*[f"{m},{m},Burglary,D1" for m in months[:4]]))
    drop.ingest()
    drop.put("crimes_2.csv", crimes(*[f"{m},{m},Burglary,D1" for m in months[2:]]))
    drop.ingest(LATER)
    assert [row[0] for row in table(drop)] == months
    assert parts(drop, "crimes_2.csv") == {"read": 4, "loaded": 2, "unchanged": 2}


def test_district_delivered_apart_does_not_displace_another(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes(",2024-01,Burglary,D1"))
    drop.put("crimes_2.csv", crimes(",2024-01,Burglary,D2"))
    drop.ingest()
    assert len(table(drop)) == 2


def test_single_rows_are_added_to_what_is_there(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "redelivers": "single_rows"}}
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest()
    drop.put("crimes_2.csv", crimes("b,2024-01,Robbery,D1"))
    drop.ingest(LATER)
    assert table(drop) == [("a", "2024-01", "Burglary"), ("b", "2024-01", "Robbery")]


GRAIN: dict[str, Any] = {
    **CRIMES,
    "columns": {**CRIMES["columns"], "offence": "Offence", "victim_age_years": "Victim Age"},
    "key": ["crime_ref", "offence"],
    "grain": ["Victim Number", "Suspect Number"],
    "parts": {
        "victims": {"contract": "victims", "key": ["Victim Number"]},
        "suspects": {
            "contract": "suspects",
            "columns": {"suspect_age_years": "Suspect Age"},
            "key": ["Suspect Number"],
        },
    },
}
GRAIN_HEADER = (
    "Reference,Month,Category,District,Offence,Victim Number,Victim Age,Suspect Number,Suspect Age\n"
)


def test_file_of_crime_by_victim_by_suspect_counts_each_once(drop: Drop) -> None:
    drop.sources = {"crimes": GRAIN}
    drop.put(
        "crimes.csv",
        GRAIN_HEADER
        + "a,2024-01,Robbery,D1,34B,2,60,1,20\n"
        + "a,2024-01,Robbery,D1,34B,1,50,1,20\n"
        + "a,2024-01,Robbery,D1,34B,1,50,2,21\n"
        + "a,2024-01,Robbery,D1,34B,2,60,2,21\n"
        + "b,2024-01,Robbery,D1,34B,,,,\n",
    )
    (accounting,) = drop.ingest().accounting
    assert (accounting.read, accounting.loaded) == (5, 5)
    assert accounting.rows_by_table == (("crimes", 2), ("crimes_victims", 2), ("crimes_suspects", 2))
    ages = drop.rows("SELECT crime_ref, victim_age_years AS age FROM crimes ORDER BY crime_ref")
    assert [row["age"] for row in ages] == [50, None]
    suspects = drop.rows("SELECT suspect_age_years AS age FROM crimes_suspects ORDER BY age")
    assert [row["age"] for row in suspects] == [20, 21]


def test_victim_that_the_revision_lacks_is_gone(drop: Drop) -> None:
    drop.sources = {"crimes": {**GRAIN, "redelivers": "single_rows"}}
    first = "a,2024-01,Robbery,D1,34B,1,50,,\n"
    drop.put("crimes_1.csv", GRAIN_HEADER + first + "a,2024-01,Robbery,D1,34B,2,60,,\n")
    drop.ingest()
    drop.put("crimes_2.csv", GRAIN_HEADER + first)
    drop.ingest(LATER)
    assert drop.rows("SELECT victim_age_years AS age FROM crimes_victims") == [{"age": 50}]
    assert parts(drop, "crimes_2.csv") == {"read": 1, "unchanged": 1}


def test_received_list_beside_the_files_dates_them(drop: Drop) -> None:
    drop.put("crimes_b.csv", crimes("a,2024-01,Robbery,D1"))
    drop.put("crimes_a.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put(
        "received.csv",
        "file,received,supplier\n"
        "crimes_a.csv,2024-02-02T09:00:00,Force A\n"
        "crimes_b.csv,2024-02-01T09:00:00,\n",
    )
    extracts = drop.ingest().extracts
    assert [(e.delivery, e.file_name, e.supplier) for e in extracts] == [
        ("crimes-0001", "crimes_b.csv", "Police"),
        ("crimes-0002", "crimes_a.csv", "Force A"),
    ]
    assert table(drop) == [("a", "2024-01", "Burglary")]


def test_only_one_file_is_received_for_a_named_source_whatever_it_is_called(
    drop: Drop, tmp_path: Path
) -> None:
    other = tmp_path / "unusual.txt"
    other.write_text(crimes("a,2024-01,Burglary,D1"))
    assert drop.ingest(only=("crimes", other)).new == ("crimes-0001",)
    with pytest.raises(ExtractError, match="there is no source 'crime'"):
        drop.ingest(only=("crime", other))


def test_main_source_without_a_delivery_says_what_was_wanted_and_what_was_found(drop: Drop) -> None:
    drop.put("notes.txt", "hello")
    with pytest.raises(ExtractError) as stopped:
        drop.ingest()
    for part in ("source crimes has no delivery", "crimes*", str(drop.incoming), "1 that no source asks for"):
        assert part in str(stopped.value)


def test_pattern_is_of_the_path_and_not_only_of_the_name(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "files": ["force/crimes*.csv"]}}
    drop.put("force/crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("other/crimes.csv", crimes("b,2024-01,Burglary,D1"))
    deliveries = drop.ingest()
    assert (len(deliveries.new), deliveries.other_files) == (1, 1)
    assert [row[0] for row in table(drop)] == ["a"]


def test_torn_last_line_of_the_ledger_is_received_again(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    ledger = drop.workspace.raw / "ledger.jsonl"
    ledger.write_text(ledger.read_text()[:40])
    assert drop.ingest().new == ("crimes-0001",)
    assert [row[0] for row in table(drop)] == ["a"]
    assert drop.ingest().rebuilt is False


def test_unreadable_line_of_the_ledger_is_named_and_not_passed_over(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("crimes_2.csv", crimes("b,2024-02,Burglary,D1"))
    drop.ingest()
    ledger = drop.workspace.raw / "ledger.jsonl"
    first, second = ledger.read_text().splitlines()
    for line in (first[:40], "{}", "[]", "7", first.replace('"received": "', '"received": "x')):
        ledger.write_text(f"{line}\n{second}\n")
        with pytest.raises(ExtractError, match=r"ledger\.jsonl:1: "):
            drop.ingest()


def test_ledger_of_an_earlier_version_is_read(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    ledger = drop.workspace.raw / "ledger.jsonl"
    line = json.loads(ledger.read_text())
    del line["reason"]
    ledger.write_text(json.dumps(line | {"of a later version": 1}) + "\n")
    again = drop.ingest(LATER)
    assert (again.new, again.recognised_files, again.rebuilt) == ((), 1, False)


def test_delivery_id_is_never_given_twice(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("crimes_2.csv", crimes("b,2024-02,Burglary,D1"))
    drop.ingest()
    ledger = drop.workspace.raw / "ledger.jsonl"
    ledger.write_text(ledger.read_text().splitlines()[1] + "\n")
    deliveries = drop.ingest(LATER)
    assert sorted(extract.delivery for extract in deliveries.extracts) == ["crimes-0002", "crimes-0003"]


def test_changed_mapping_rebuilds_the_warehouse(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    first = drop.ingest()
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], "offence": "Category"}}}
    second = drop.ingest()
    assert second.rebuilt
    assert first.warehouse_digest != second.warehouse_digest
    assert drop.rows("SELECT offence FROM crimes") == [{"offence": "Burglary"}]


def test_workspace_without_its_drop_folder_rebuilds_from_what_it_has(drop: Drop) -> None:
    path = drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    path.unlink()
    drop.incoming.rmdir()
    drop.workspace.warehouse.unlink()
    assert drop.ingest().rebuilt
    assert [row[0] for row in table(drop)] == ["a"]
