"""An archive put together as data.police.uk does, of the published files of three months."""

import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from pipeline import ingest
from pipeline.definitions.load import load
from pipeline.store import Store
from pipeline.workspace import Workspace

ROOT = Path(__file__).parents[3]
MONTHS = ("2021-07", "2021-08", "2021-09")


def test_police_archive_equals_its_files(tmp_path: Path, open_data: Path) -> None:
    shutil.copytree(ROOT / "examples" / "sheffield" / "config", tmp_path / "config")
    workspace = Workspace.at(tmp_path)
    workspace.incoming.mkdir(parents=True)
    (lookup,) = open_data.glob("lookups/LSOA_(2011)_*.csv.gz")
    shutil.copy(lookup, workspace.incoming)
    rows = 0
    with ZipFile(workspace.incoming / "b7a1c9d0.zip", "w", ZIP_DEFLATED) as archive:
        for month in MONTHS:
            name = f"{month}-south-yorkshire-street.csv"
            content = gzip.decompress((open_data / "police_street" / f"{name}.gz").read_bytes())
            archive.writestr(f"{month}/{name}", content)
            archive.writestr(f"{month}/{month}-south-yorkshire-outcomes.csv", "Crime ID,Month\n")
            rows += len(pd.read_csv(open_data / "police_street" / f"{name}.gz", usecols=["Month"]))
    deliveries = ingest.run(
        workspace, load(workspace.config), [workspace.incoming], datetime(2021, 11, 1, tzinfo=UTC)
    )
    street = [extract for extract in deliveries.extracts if extract.source == "police_street"]
    assert [extract.file_name for extract in street] == [
        f"b7a1c9d0.zip/{month}/{month}-south-yorkshire-street.csv" for month in MONTHS
    ]
    assert deliveries.other_files == len(MONTHS)
    with Store.reading(workspace.warehouse) as store:
        assert store.count("police_street") + store.count("police_street_incidents") == rows
    assert [path.name for path in workspace.curated.iterdir()] == [workspace.warehouse.name]
