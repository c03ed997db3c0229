"""An archive as data.police.uk gives it: each file asked for is a delivery of its own."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, OTHER, references
from tests.unit.ingest.drop import CRIMES, Drop, crimes

STREET = {**CRIMES, "files": ["*-street.csv"]}


def archive(path: Path, **files: str) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        made.writestr("2024-01/", "")
        for month, content in files.items():
            made.writestr(f"2024-0{month[-1]}/2024-0{month[-1]}-force-street.csv", content)
            made.writestr(f"2024-0{month[-1]}/2024-0{month[-1]}-force-outcomes.csv", "not asked for")
        made.writestr("__MACOSX/._x-street.csv", b"x")
    return path


def test_zip_of_police_files(drop: Drop) -> None:
    drop.sources = {"crimes": STREET}
    path = archive(drop.incoming / "force.zip", m1=crimes(GOOD), m2=crimes("b,2024-02,Robbery,D2"))
    deliveries = drop.ingest()
    assert [extract.file_name for extract in deliveries.extracts] == [
        "force.zip/2024-01/2024-01-force-street.csv",
        "force.zip/2024-02/2024-02-force-street.csv",
    ]
    assert (deliveries.other_files, [a.loaded for a in deliveries.accounting]) == (2, [1, 1])
    assert references(drop) == ["a", "b"]
    stored = [file for file in drop.workspace.raw.rglob("*") if file.suffix == ".zip"]
    assert [file.read_bytes() for file in stored] == [path.read_bytes()]
    again = drop.ingest()
    assert (again.new, again.recognised_files, again.rebuilt) == ((), 2, False)


def test_later_archive_with_the_same_month_is_recognised(drop: Drop) -> None:
    drop.sources = {"crimes": STREET}
    archive(drop.incoming / "first.zip", m1=crimes(GOOD))
    drop.ingest()
    archive(drop.incoming / "second.zip", m1=crimes(GOOD), m2=crimes("b,2024-02,Robbery,D2"))
    drop.put("2024-01-plain-street.csv", crimes(GOOD))
    assert drop.ingest(datetime(2024, 6, 1, tzinfo=UTC)).new == ("crimes-0002",)
    drop.workspace.warehouse.unlink()
    shutil.rmtree(drop.incoming)
    assert [a.loaded for a in drop.ingest().accounting] == [1, 1]
    assert references(drop) == ["a", "b"]


def test_archive_named_for_a_source(drop: Drop) -> None:
    with ZipFile(drop.root / "unusual.zip", "w") as made:
        made.writestr("export.csv", crimes(GOOD))
    assert drop.ingest(only=("crimes", drop.root / "unusual.zip")).new == ("crimes-0001",)
    assert references(drop) == ["a"]


def test_altered_archive_is_named_with_both_hashes(drop: Drop) -> None:
    drop.sources = {"crimes": STREET}
    path = archive(drop.incoming / "force.zip", m1=crimes(GOOD))
    (extract,) = drop.ingest().extracts
    archive(drop.workspace.raw / extract.stored_in, m1=crimes(OTHER))
    path.unlink()
    drop.workspace.warehouse.unlink()
    with pytest.raises(ExtractError, match=f"expected sha256 {extract.sha256} of 2024-01/2024-01-force"):
        drop.ingest()
