"""The partnership's action plan: what was to be done, by whom and when, and how far it is.

The plan is kept as one list and delivered whole. The actions are made up; their owners are those that
the strategy names.
"""

import csv
from importlib.resources import files
from pathlib import Path

from pipeline.demo.write import write_rows

HEADER = ("Reference", "Serves", "Action", "Owner", "Due", "Status", "Completed")


def write_action_plan(path: Path, *, by_september: bool) -> int:
    """The plan as at 30 June or 30 September 2023; returns its rows."""
    text = (files("pipeline.demo") / "tables" / "actions.csv").read_text(encoding="utf-8")
    known = "september" if by_september else "june"
    kept = ("reference", "serves", "action", "owner", "due", known, f"{known}_completed")
    rows = [tuple(row[name] for name in kept) for row in csv.DictReader(text.splitlines())]
    return write_rows(path, HEADER, rows)
