"""Sheffield with a month that really was revised: two downloads of January 2021, months apart.

The earlier one (`police_street_revised`) is received by hand as the first delivery, the file of the whole
series as its revision. Everything is counted a second time here, with pandas, from the two files.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipeline.store import Store
from pipeline.workspace import Workspace
from tests.conftest import REPOSITORY, run_assessment

FILE = "2021-01-south-yorkshire-street.csv.gz"
FIRST = "police_street-0001"
SHEFFIELD = "E08000019"
MONTHS = [m for m in pd.period_range("2018-01", "2021-09", freq="M").astype(str) if m != "2019-07"]


def indicator_of(outcome: str) -> str:
    return "share_" + "".join(c if c.isalnum() else "_" for c in outcome.lower())


def shares(outcomes: list[str]) -> str:
    """One indicator an outcome: its share of all crimes of January 2021."""
    return "".join(
        f"  {indicator_of(outcome)}:\n"
        f"    title: Crimes with the outcome {json.dumps(outcome)[1:-1].lower()}\n"
        f"    measure: {{type: share, where: {{outcome: {{in: [{json.dumps(outcome)}]}}}}}}\n"
        "    areas: [partnership]\n"
        '    window: {kind: month, ending: "2021-01"}\n'
        "    compare: []\n"
        for outcome in outcomes
    )


@dataclass(frozen=True)
class Sheffield:
    """The workspace with both deliveries of January 2021, and each of them as pandas reads it."""

    root: Path
    first: pd.DataFrame
    revised: pd.DataFrame
    outcomes: list[str]

    def delivery_of_revision(self) -> str:
        """The id of the later delivery of January 2021."""
        ledger = (self.root / "data" / "raw" / "ledger.jsonl").read_text().splitlines()
        found = [line["delivery"] for line in map(json.loads, ledger) if line["file"] == FILE]
        assert found[0] == FIRST
        return str(found[1])

    def computed(self, *options: object) -> dict[str, tuple[float, float]]:
        """Numerator and denominator of each share, as `assessment compute` prints them."""
        run = run_assessment("compute", "--workspace", self.root, "--json", *options)
        assert run.returncode == 0, run.stderr
        return {
            row["indicator"]: (float(row["numerator"]), float(row["denominator"]))
            for row in json.loads(run.stdout)["results"]
            if row["indicator"].startswith("share_")
            and (row["area_code"], row["period"]) == (SHEFFIELD, "2021-01/2021-01")
        }

    def counted(self, frame: pd.DataFrame) -> dict[str, tuple[float, float]]:
        """The same by pandas."""
        crimes = frame[(frame["Crime type"] != "Anti-social behaviour") & (frame["district"] == SHEFFIELD)]
        counts = crimes["Last outcome category"].value_counts()
        return {indicator_of(o): (float(counts.get(o, 0)), float(len(crimes))) for o in self.outcomes}


@pytest.fixture(scope="module")
def sheffield(open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Sheffield:
    lookup = next((open_data / "lookups").glob("LSOA_(2011)_to_*.csv.gz"))
    places = pd.read_csv(lookup, dtype=str, encoding="utf-8-sig").drop_duplicates("LSOA11CD")
    district = places.set_index("LSOA11CD")["LAD22CD"]
    frames = []
    for folder in ("police_street_revised", "police_street"):
        frame = pd.read_csv(open_data / folder / FILE, dtype=str)
        frames.append(frame.assign(district=frame["LSOA code"].map(district)))
    outcomes = sorted({str(o) for frame in frames for o in frame["Last outcome category"].dropna()})

    root = tmp_path_factory.mktemp("revised")
    shutil.copytree(REPOSITORY / "examples" / "sheffield" / "config", root / "config")
    indicators = root / "config" / "indicators.yaml"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(text.replace("\nindicators:\n", f"\nindicators:\n\n{shares(outcomes)}"), "utf-8")

    early = open_data / "police_street_revised" / FILE
    run = run_assessment("ingest", "-w", root, "--source", "police_street", early, "--received", "2021-02-24")
    assert run.returncode == 0, run.stderr
    assert "lsoa_2011 has no delivery yet" in run.stderr
    run = run_assessment("ingest", "-w", root, "--from", open_data)
    assert run.returncode == 0, run.stderr
    assert "police_street E08000019 not delivered: 2019-07" in " ".join(run.stdout.split())
    return Sheffield(root, frames[0], frames[1], outcomes)


def test_every_month_was_delivered_but_one(sheffield: Sheffield) -> None:
    with Store.reading(Workspace.at(sheffield.root).warehouse) as store:
        found = store.rows(
            "SELECT strftime(month, '%Y-%m') AS month FROM month_coverage "
            f"WHERE area_code = '{SHEFFIELD}' AND state = 'delivered' ORDER BY month"
        )
    assert [row["month"] for row in found] == MONTHS
    assert len(MONTHS) == 44


def test_the_revision_is_told_record_by_record(sheffield: Sheffield) -> None:
    first, revised = (
        f[f["Crime ID"].notna()].set_index("Crime ID") for f in (sheffield.first, sheffield.revised)
    )
    assert len(first.index.intersection(revised.index)) == 10_101
    before, after = (f["Last outcome category"].sort_index() for f in (first, revised))
    changed = before != after
    with Store.reading(Workspace.at(sheffield.root).warehouse) as store:
        told = store.rows('SELECT delivery, kind, record, "column", before, after FROM revisions')
    assert {(row["delivery"], row["kind"], row["column"]) for row in told} == {
        (sheffield.delivery_of_revision(), "outcome_changed", "outcome")
    }
    assert {row["record"]: (row["before"], row["after"]) for row in told} == {
        record: (before[record], after[record]) for record in before.index[changed]
    }
    assert len(told) == 4_552


def test_shares_of_outcomes_as_at_each_delivery(sheffield: Sheffield) -> None:
    before, after = sheffield.counted(sheffield.first), sheffield.counted(sheffield.revised)
    assert before != after
    assert sheffield.computed("--as-at", FIRST) == before
    assert sheffield.computed("--as-at", sheffield.delivery_of_revision()) == after
    assert sheffield.computed() == after
    under = indicator_of("Under investigation")
    assert before[under][0] > 0 == after[under][0]


def test_shares_of_outcomes_as_at_a_day_and_a_moment(sheffield: Sheffield) -> None:
    before = sheffield.counted(sheffield.first)
    assert sheffield.computed("--as-at", "2021-03-01T12:00") == before
    assert sheffield.computed("--as-at", "2021-03-01") == before


def test_figures_that_the_revision_changed_are_marked_and_no_others(sheffield: Sheffield) -> None:
    run = run_assessment("compute", "--workspace", sheffield.root, "--json")
    rows = json.loads(run.stdout)["results"]
    marked = {(r["indicator"], r["period"]) for r in rows if "revised" in r["marks"].split()}
    assert marked == {(indicator_of(outcome), "2021-01/2021-01") for outcome in sheffield.outcomes}
    run = run_assessment("compute", "--workspace", sheffield.root, "--json", "--as-at", FIRST)
    assert not any("revised" in r["marks"] for r in json.loads(run.stdout)["results"])


def test_what_is_left_out_is_said(sheffield: Sheffield) -> None:
    run = run_assessment("compute", "--workspace", sheffield.root, "--as-at", FIRST)
    assert run.returncode == 0
    assert "44 of 46 deliveries do not count: they were received later" in run.stderr


def test_before_anything_was_received_there_is_no_figure(sheffield: Sheffield) -> None:
    run = run_assessment("compute", "--workspace", sheffield.root, "--as-at", "2020-01-01T00:00")
    assert run.returncode == 12
    assert "as at 2020-01-01 00:00:00+00:00: source police_street has no delivery" in run.stderr
    assert f"its first, {FIRST}, came on 2021-02-24 00:00" in run.stderr
    run = run_assessment("compute", "--workspace", sheffield.root, "--as-at", "police_street-0099")
    assert run.returncode == 2
    assert "there is no such delivery" in run.stderr


def test_under_investigation_goes_from_4160_to_none(sheffield: Sheffield) -> None:
    with Store.reading(Workspace.at(sheffield.root).warehouse) as store:
        (row,) = store.rows(
            "SELECT count(*) AS n FROM \"police_street:closed\" WHERE outcome = 'Under investigation'"
        )
        (now,) = store.rows(
            "SELECT count(*) AS n FROM police_street WHERE outcome = 'Under investigation' "
            "AND month = DATE '2021-01-01'"
        )
    assert (row["n"], now["n"]) == (4_160, 0)
