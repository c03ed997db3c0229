"""Names in an archive that lead out of it: nothing is written by them, and the archive is refused."""

import stat
from zipfile import ZipFile, ZipInfo

import pytest

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import Drop, crimes

NAMES = ("../crimes.csv", "/etc/crimes.csv", "a/../../crimes.csv", "..\\crimes.csv", "C:/crimes.csv")


@pytest.mark.parametrize("name", NAMES)
def test_zip_slip(drop: Drop, name: str) -> None:
    with ZipFile(drop.root / "made.zip", "w") as made:
        made.writestr(name, crimes(GOOD))
    assert stopped(drop, "crimes.zip", (drop.root / "made.zip").read_bytes()) == (
        f"crimes.zip: {name} in it is a path out of the archive; it is not opened. Ask the supplier what it "
        "is."
    )


def test_link_in_an_archive(drop: Drop) -> None:
    link = ZipInfo("crimes.csv")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with ZipFile(drop.root / "made.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert stopped(drop, "crimes.zip", (drop.root / "made.zip").read_bytes()) == (
        "crimes.zip: crimes.csv in it is a link to another file; it is not followed"
    )
