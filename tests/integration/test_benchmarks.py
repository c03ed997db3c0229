"""The benchmark measures like with like: three ways to the same figures agree before any is timed."""

from pathlib import Path

from benchmarks import large
from benchmarks.measuring import Line
from benchmarks.rules import RULES, by_hand, by_ingest, made, with_rules
from benchmarks.steps import Witnesses, bare_load
from benchmarks.streets import MONTHS, street_files
from benchmarks.workspaces import CONFIG, fresh_workspace, run_ingest
from pipeline.definitions.load import load
from pipeline.store import Store

ROWS = 40_000


def test_pipeline_sql_and_pandas_find_the_same_figures(tmp_path: Path) -> None:
    """Counts cut by outcome and by category, and proportions, in years and months, areas and force.

    Few enough rows for empty cells and small counts, whose limits SQL takes from a table.
    """
    files = street_files(tmp_path, ROWS)
    with fresh_workspace() as workspace:
        deliveries = run_ingest(workspace, load(CONFIG), files)
        assert sum(a.loaded for a in deliveries.accounting if a.source == "police_street") > 0.99 * ROWS
        with Store.reading(workspace.warehouse) as store:
            assert Witnesses.of(store, deliveries, 40).agreed() > 30_000


def test_files_are_made_once_and_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (street_files(tmp_path / name, 500) for name in ("a", "b"))
    names = sorted(path.relative_to(first) for path in first.rglob("*.csv"))
    assert len(names) == MONTHS + 1
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    (first / "geography.csv").unlink()
    assert not (street_files(tmp_path / "a", 500) / "geography.csv").exists()
    bare_load(second)


def test_a_line_says_whether_its_budget_is_met() -> None:
    assert "at most 1.6, NOT MET" in str(Line("ingest", 1.7, budget=1.6))
    assert "at least 4, met" in str(Line("pandas", 4.5, budget=4, at_least=True))
    assert "not measured: no PDF here" in str(Line("PDF", None, note="no PDF here"))


def test_all_row_rules_are_broken_and_found_by_both(tmp_path: Path) -> None:
    file = made(tmp_path, 60_000)
    found = by_hand(file)
    assert found == by_ingest(with_rules(), file)
    assert len(RULES) == 25
    assert found.keys() == {rule[:2] for rule in RULES}


def test_totals_of_a_large_ingest_are_counted_without_a_database(tmp_path: Path) -> None:
    files = street_files(tmp_path, 5_000)
    with fresh_workspace() as workspace:
        run_ingest(workspace, load(CONFIG), files)
        with Store.reading(workspace.warehouse) as store:
            assert large.stored(store) == large.counted(files)
