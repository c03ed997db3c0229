"""Names and lists from other systems: not UTF-8, or longer than a file system takes."""

import os
from zipfile import ZipFile

import pytest

from pipeline.cli.words import delivery_lines
from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, references
from tests.unit.ingest.drop import Drop, crimes


def test_file_name_that_is_not_utf_8(drop: Drop) -> None:
    with open(os.fsencode(drop.incoming) + b"/crimes_caf\xe9.csv", "w") as file:
        file.write(crimes(GOOD))
    with pytest.raises(ExtractError) as stopped:
        drop.ingest()
    assert str(stopped.value) == (
        "crimes_caf\\xe9.csv: the file's name is not in UTF-8, as old archives leave them; give it a name of "
        "plain letters"
    )


def test_such_a_name_of_a_file_that_no_source_asks_for_is_told(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    with open(os.fsencode(drop.incoming) + b"/caf\xe9.csv", "w") as file:
        file.write("x")
    assert "no source asks for caf\\xe9.csv" in list(delivery_lines(drop.ingest()))


def test_list_of_receipts_that_is_not_utf_8(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    listed = drop.put("received.csv", "file,received,supplier\ncrimes.csv,2024-02-01,Café\n".encode("cp1252"))
    with pytest.raises(ExtractError) as stopped:
        drop.ingest()
    assert str(stopped.value) == f"{listed}: it is not in UTF-8; save it as `CSV UTF-8`"


@pytest.mark.parametrize("letter", ["x", "é", "ₓ"])
def test_name_in_an_archive_that_is_too_long_for_a_file(drop: Drop, letter: str) -> None:
    with ZipFile(drop.incoming / "any.zip", "w") as archive:
        archive.writestr(f"d/crimes_{letter * 300}.csv", crimes(GOOD))
    drop.ingest()
    assert references(drop) == ["a"]
