"""The demonstration's extracts, written once and read as plain text by every test here."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from pipeline.demo import DemoSummary, generate


@dataclass(frozen=True)
class Delivery:
    """A folder of extracts; every field is text, as delivered."""

    folder: Path
    summary: DemoSummary

    def read(self, pattern: str) -> pd.DataFrame:
        """All files that match, one under the other."""
        paths = sorted(self.folder.glob(pattern))
        assert paths, pattern
        return pd.concat(
            [pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths], ignore_index=True
        )

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Crime x victim x suspect."""
        return self.read("demo_police_crimes_*.csv")

    @cached_property
    def crimes(self) -> pd.DataFrame:
        """Each crime once, with the month it was recorded in."""
        crimes = self.rows.drop_duplicates("Crime Reference")
        return crimes.assign(month=crimes["Date Recorded"].str[:7])

    @cached_property
    def force(self) -> pd.DataFrame:
        """Counts of the rest of the force."""
        force = self.read("demo_force_counts_*.csv")
        return force.assign(Crimes=force["Crimes"].astype(int))


@pytest.fixture(scope="session")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """What is there on 30 June 2023."""
    folder = tmp_path_factory.mktemp("demo") / "incoming"
    return Delivery(folder, generate(folder))


@pytest.fixture(scope="session")
def next_quarter(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """What arrives from July to September 2023."""
    folder = tmp_path_factory.mktemp("demo_quarter") / "incoming"
    return Delivery(folder, generate(folder, quarter=True))
