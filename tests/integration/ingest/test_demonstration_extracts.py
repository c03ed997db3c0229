"""The demonstration's extracts, counted again with pandas straight from the generated files."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline import demo, ingest
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.errors import ExtractError
from pipeline.model.delivery import Deliveries
from pipeline.store import Store
from pipeline.workspace import Workspace

ROOT = Path(__file__).parents[3]
RECEIVED = datetime(2023, 6, 30, 12, tzinfo=UTC)
NEXT = datetime(2023, 9, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("demonstration")
    (root / "config").symlink_to(ROOT / "config")
    workspace = Workspace.at(root)
    workspace.make_secret()
    demo.generate(workspace.incoming)
    return workspace


@pytest.fixture(scope="module")
def definitions(workspace: Workspace) -> Definitions:
    return load(workspace.config)


@pytest.fixture(scope="module")
def deliveries(workspace: Workspace, definitions: Definitions) -> Deliveries:
    return ingest.run(workspace, definitions, [workspace.incoming], RECEIVED)


@pytest.fixture
def store(workspace: Workspace, deliveries: Deliveries) -> Iterator[Store]:
    with Store.reading(workspace.warehouse) as store:
        yield store


@pytest.fixture(scope="module")
def records(workspace: Workspace) -> pd.DataFrame:
    files = sorted(workspace.incoming.glob("demo_police_crimes_*.csv"))
    return pd.concat(
        [pd.read_csv(file, dtype=str, keep_default_na=False) for file in files], ignore_index=True
    )


def count(store: Store, sql: str) -> int:
    rows = store.fetch(f"SELECT count(*) AS n FROM {sql}")
    return int(rows["n"][0].as_py())


def test_everything_is_taken_and_nothing_is_refused(deliveries: Deliveries, definitions: Definitions) -> None:
    assert deliveries.other_files == 0
    assert {extract.source for extract in deliveries.extracts} == set(definitions.sources)
    for accounting in deliveries.accounting:
        assert accounting.closes
        assert accounting.quarantined == accounting.identical == accounting.conflicting == 0
        assert accounting.extra_columns == ()


def test_each_crime_victim_and_suspect_counts_once(store: Store, records: pd.DataFrame) -> None:
    crime = ["Crime Reference", "Offence Code"]
    assert count(store, "police_crimes") == len(records.drop_duplicates(crime))
    victims = records[records["Victim Number"] != ""].drop_duplicates([*crime, "Victim Number"])
    assert count(store, "police_crimes_victims") == len(victims)
    suspects = records[records["Suspect Number"] != ""].drop_duplicates([*crime, "Suspect Number"])
    assert count(store, "police_crimes_suspects") == len(suspects)
    first = records[records["Victim Number"].isin(["", "1"])].drop_duplicates(crime)
    women = (first["Victim Sex"] == "Female").sum()
    assert count(store, "police_crimes WHERE victim_sex = 'Female'") == women
    assert count(store, "police_crimes WHERE place IS NULL") == (first["Place"] == "Not recorded").sum()


def test_no_reference_of_a_person_is_in_the_warehouse_or_the_ledger(
    workspace: Workspace, deliveries: Deliveries, records: pd.DataFrame
) -> None:
    names = ["Victim Reference", "Victim Address Reference", "Suspect Reference"]
    references = set(pd.unique(records[names].to_numpy().ravel())) - {""}
    assert len(references) > 1_000
    with Store.reading(workspace.warehouse) as store:
        stored = [*workspace.raw.glob("ledger.jsonl"), *workspace.raw.rglob(".receipt.json")]
        texts = [path.read_text() for path in stored]
        tables = store.fetch("SELECT table_name AS name FROM information_schema.tables")["name"].to_pylist()
        assert {"police_crimes_victims", "quarantine", "deliveries"} <= set(tables)
        with store.holding({"known": pa.table({"reference": sorted(references)})}):
            for table in tables:
                for name in store.columns(table):
                    found = f'"{table}" WHERE CAST("{name}" AS VARCHAR) IN (SELECT reference FROM known)'
                    assert count(store, found) == 0, (table, name)
    # The file compresses text, so its tables were read; what a dropped table leaves would show as it was.
    content = workspace.warehouse.read_bytes() + "\n".join(texts).encode()
    there = {found.decode() for found in re.findall(rb"(?:VIC|SUS|ADR)-[0-9a-f]{8}", content)}
    assert not there & references


def test_message_and_ledger_of_a_refused_extract_hold_none_either(
    tmp_path: Path, workspace: Workspace, definitions: Definitions, deliveries: Deliveries
) -> None:
    original = min(workspace.incoming.glob("demo_police_crimes_*.csv"))
    header, *lines = original.read_text(encoding="utf-8-sig").splitlines()
    without_month = header.replace("Date Recorded", "Recorded On")
    unreadable = [line.replace("-", "/") for line in lines]
    for number, content in enumerate(
        ([without_month, *lines[:500]], lines[:500], [header, *unreadable[:500]])
    ):
        faulty = tmp_path / f"faulty_{number}.csv"
        faulty.write_text("\n".join(content) + "\n")
        with pytest.raises(ExtractError) as stopped:
            ingest.run(workspace, definitions, [], RECEIVED, only=("police_crimes", faulty))
        ledger = (workspace.raw / "ledger.jsonl").read_text()
        assert json.loads(ledger.splitlines()[-1])["result"] == "refused"
        for value in {value for line in lines[:100] for value in line.split(",") if len(value) > 8}:
            assert value not in str(stopped.value) or value in header, value
            assert value not in json.loads(ledger.splitlines()[-1])["reason"] or value in header, value


def test_revised_return_counts_and_the_first_one_is_told(
    store: Store, deliveries: Deliveries, workspace: Workspace
) -> None:
    revised = pd.read_csv(workspace.incoming / "demo_returns_substance_misuse_2022-23_q3_revised.csv")
    rows = store.fetch(
        "SELECT item, value FROM partner_returns WHERE period_start = DATE '2022-10-01' "
        "AND supplier = 'substance_misuse'"
    ).to_pylist()
    assert {row["item"]: row["value"] for row in rows} == dict(zip(revised.Item, revised.Value, strict=True))
    superseded = {a.file_name: a.superseded for a in deliveries.accounting if a.superseded}
    assert superseded == {"demo_returns_substance_misuse_2022-23_q3.csv": len(revised)}


def test_waves_of_the_survey(store: Store) -> None:
    unsafe = "safe_at_night IN ('Unsafe', 'Very unsafe')"
    assert count(store, "women_and_girls_survey WHERE wave = '2023-01'") == 2_216
    assert count(store, f"women_and_girls_survey WHERE wave = '2023-01' AND {unsafe}") == 1_064


def test_receipts_tell_when_and_from_whom(workspace: Workspace, deliveries: Deliveries) -> None:
    listed = pd.read_csv(workspace.incoming / "received.csv").set_index("file")
    for extract in deliveries.extracts:
        receipt = json.loads((workspace.raw / extract.sha256 / ".receipt.json").read_text())
        assert any(line["delivery"] == extract.delivery for line in receipt["deliveries"])
        assert extract.received.replace(tzinfo=None).isoformat() == listed.received[extract.file_name]
        assert extract.supplier == listed.supplier[extract.file_name]


def test_next_quarter_revises_the_last_one(
    tmp_path: Path,
    workspace: Workspace,
    definitions: Definitions,
    deliveries: Deliveries,
    records: pd.DataFrame,
) -> None:
    drop = tmp_path / "next"
    demo.generate(drop, quarter=True)
    later = ingest.run(workspace, definitions, [drop], NEXT)
    assert later.rebuilt
    revised = pd.read_csv(
        drop / "demo_police_crimes_2023-04_2023-06_revised.csv", dtype=str, keep_default_na=False
    )
    added = pd.read_csv(drop / "demo_police_crimes_2023-07_2023-09.csv", dtype=str, keep_default_na=False)
    kept = records[records["Date Recorded"] < "2023-04-01"]
    crime = ["Crime Reference", "Offence Code"]
    expected = len(pd.concat([kept, revised, added]).drop_duplicates(crime))
    with Store.reading(workspace.warehouse) as store:
        assert count(store, "police_crimes") == expected
    by_name = {a.file_name: a for a in later.accounting}
    again = by_name["demo_police_crimes_2023-04_2023-06_revised.csv"]
    assert again.closes
    assert 0 < again.unchanged < again.read
    assert by_name["demo_police_crimes_2023-04_2023-06.csv"].superseded > 0
