"""What arrives from July to September 2023, and that every run writes the same bytes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline.demo import generate
from tests.demo.conftest import Delivery

REVISED = "demo_police_crimes_2023-04_2023-06_revised.csv"
COLUMNS_OF_A_CRIME = ["Offence Code", "Outcome Code", "Outcome Date"]


def crimes_of(delivery: Delivery, name: str) -> pd.DataFrame:
    return delivery.read(name).drop_duplicates("Crime Reference").set_index("Crime Reference")


def test_only_the_new_quarter_and_what_it_brings(next_quarter: Delivery) -> None:
    crimes = crimes_of(next_quarter, "demo_police_crimes_2023-07_2023-09.csv")
    assert set(crimes["Date Recorded"].str[:7]) == {"2023-07", "2023-08", "2023-09"}
    assert set(next_quarter.force["Month"]) == {"2023-07", "2023-08", "2023-09"}
    incidents = next_quarter.read("demo_asb_incidents_*.csv")
    assert incidents["Date Reported"].between("2023-07-01", "2023-09-30").all()
    ledger = next_quarter.read("received.csv")
    assert ledger["received"].between("2023-07-01", "2023-09-30T23:59:59").all()


def test_april_to_june_is_revised(delivery: Delivery, next_quarter: Delivery) -> None:
    first = crimes_of(delivery, "demo_police_crimes_2023-04_2023-06.csv")
    second = crimes_of(next_quarter, REVISED)
    assert 0.002 < len(second.index.difference(first.index)) / len(first) < 0.008
    assert 0.008 < len(first.index.difference(second.index)) / len(first) < 0.017
    both = first.index.intersection(second.index)
    before, after = first.loc[both], second.loc[both]
    assert 20 < (before["Offence Code"] != after["Offence Code"]).sum() < 200
    outcome = before["Outcome Code"] != after["Outcome Code"]
    assert outcome.mean() > 0.2
    assert (before.loc[outcome, "Outcome Code"] == "").all()
    same = [c for c in first.columns if c not in COLUMNS_OF_A_CRIME and c != "Offence"]
    pd.testing.assert_frame_equal(before[same], after[same])


def test_the_late_return_arrives(next_quarter: Delivery) -> None:
    late = next_quarter.read("demo_returns_youth_justice_ppv_support_2022-23.csv")
    assert set(late["Item"]) == {"ppv_support_referred", "ppv_support_assessed", "ppv_support_engaged"}
    assert late["Period Start"].nunique() == 8


def test_the_register_grows(delivery: Delivery, next_quarter: Delivery) -> None:
    key = "Application Reference"
    before = delivery.read("demo_asb_case_reviews.csv").set_index(key)
    after = next_quarter.read("demo_asb_case_reviews_2023-09.csv").set_index(key)
    assert set(before.index) < set(after.index)
    closed = before[before["Status"] == "Closed"]
    pd.testing.assert_frame_equal(closed, after.loc[closed.index])


def test_a_ledger_that_is_there_keeps_its_lines(tmp_path: Path) -> None:
    first = generate(tmp_path)
    second = generate(tmp_path, quarter=True)
    ledger = pd.read_csv(tmp_path / "received.csv")["file"].tolist()
    assert ledger == sorted({*first.files, *second.files} - {"received.csv"})


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@pytest.mark.parametrize("quarter", [False, True])
def test_another_process_writes_the_same_bytes(
    delivery: Delivery, next_quarter: Delivery, tmp_path: Path, quarter: bool
) -> None:
    folder = tmp_path / "again"
    script = f"import pathlib, pipeline.demo as d; d.generate(pathlib.Path({str(folder)!r}), {quarter})"
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )
    here = next_quarter.folder if quarter else delivery.folder
    assert digest(folder) == digest(here)
