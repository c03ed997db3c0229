"""UTF-16 without a mark, UTF-32, and cp1252 that is declared latin-1."""

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, references, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes

UTF_16 = "crimes.csv: it looks like UTF-16. Declare `encoding: utf-16` for its source in config/sources.yaml."
UTF_32 = "crimes.csv: it looks like UTF-32, which is not read; ask for it in UTF-8"


def test_utf_16_without_a_mark_is_named(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", crimes(GOOD).encode("utf-16-le")) == UTF_16


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_is_advised_reads_it(drop: Drop, encoding: str) -> None:
    drop.sources["crimes"] = CRIMES | {"encoding": "utf-16"}
    drop.put("crimes.csv", crimes(GOOD).encode(encoding))
    drop.ingest()
    assert references(drop) == ["a"]


def test_utf_8_declared_utf_16(drop: Drop) -> None:
    drop.sources["crimes"] = CRIMES | {"encoding": "utf-16"}
    drop.put("crimes.csv", crimes(GOOD))
    with pytest.raises(ExtractError, match=r"^crimes\.csv: byte 0 is not utf-16, which config/sources\.yaml"):
        drop.ingest()


def test_utf_32_is_named(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", crimes(GOOD).encode("utf-32")) == UTF_32
    assert stopped(drop, "crimes.csv", crimes(GOOD).encode("utf-32-le")) == UTF_32


def test_cp1252_declared_latin_1(drop: Drop) -> None:
    drop.sources["crimes"] = CRIMES | {"encoding": "latin-1"}
    content = crimes("a,2024-01,Burglary ’,D1").encode("cp1252")
    byte = content.index("’".encode("cp1252"))
    assert stopped(drop, "crimes.csv", content).startswith(
        f"crimes.csv: byte {byte} is a control character in latin-1, and a quotation mark"
    )
