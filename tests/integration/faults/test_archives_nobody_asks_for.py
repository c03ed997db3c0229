"""Archives that cannot be opened stop an ingest only where a source asks for what they hold."""

import io
from zipfile import ZipFile

import pytest

from pipeline.cli.words import delivery_lines
from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, references
from tests.unit.ingest.drop import Drop, crimes


def zipped(name: str) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr(name, crimes(GOOD))
    return made.getvalue()


def locked(name: str) -> bytes:
    """The same with the bit that says it has a password, in both of its headers."""
    content = bytearray(zipped(name))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (locked("photo.jpg"), "which cannot be opened (holiday.zip: photo.jpg in it has a password"),
        (zipped("../photo.jpg"), "which cannot be opened (holiday.zip: ../photo.jpg in it is a path out"),
        (zipped("photo.jpg")[:-10], "a damaged archive; ask the supplier for it again"),
    ],
    ids=["password", "path out of it", "cut off"],
)
def test_what_no_source_asks_for_is_named_and_stops_nothing(drop: Drop, content: bytes, told: str) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    drop.put("holiday.zip", content)
    found = drop.ingest()
    assert references(drop) == ["a"]
    assert any(line.startswith(f"no source asks for holiday.zip, {told}") for line in delivery_lines(found))


@pytest.mark.parametrize("content", [locked("2024-01/crimes.csv"), zipped("../crimes.csv")])
def test_what_a_source_asks_for_stops_it(drop: Drop, content: bytes) -> None:
    drop.put("any.zip", content)
    with pytest.raises(ExtractError, match=r"^any\.zip: "):
        drop.ingest()


def test_names_that_differ_in_capitals_alone_are_told_first(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    for number in range(7):
        drop.put(f"a{number}.txt", "x")
    drop.put("Crimes_2.CSV", crimes(GOOD))
    drop.put("Received.csv", "file,received\n")
    drop.put("~$crimes.xlsx", b"\x05A. Analyst")
    lines = list(delivery_lines(drop.ingest()))
    named = [line for line in lines if line.startswith(("no source", "nor"))]
    assert sorted(named[:2]) == [
        "no source asks for Crimes_2.CSV, which differs in capitals from crimes*, which crimes asks for",
        "no source asks for Received.csv, which would be read as received.csv, written so",
    ]
    assert named[2:] == [
        *(f"no source asks for a{number}.txt" for number in range(3)),
        "nor for 4 more",
    ]
