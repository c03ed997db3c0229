"""An archive of too many files, or of one that would fill the disk, or with a password, or damaged."""

from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import Drop, crimes


def zipped(drop: Drop, files: Mapping[str, bytes]) -> bytes:
    with ZipFile(drop.root / "made.zip", "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return (drop.root / "made.zip").read_bytes()


def test_zip_bomb(drop: Drop) -> None:
    assert stopped(drop, "crimes.zip", zipped(drop, {"crimes.csv": bytes(40 << 20)})).startswith(
        "crimes.zip: crimes.csv in it would unpack to 41,943,040 bytes, "
    )


def test_too_many_files(drop: Drop) -> None:
    assert stopped(drop, "crimes.zip", zipped(drop, {f"{n}.csv": b"" for n in range(20_001)})) == (
        "crimes.zip: the archive holds 20,001 files; at most 20,000 are read. Unpack it and drop the files "
        "that are wanted."
    )


def test_password(drop: Drop) -> None:
    content = bytearray(zipped(drop, {"crimes.csv": crimes(GOOD).encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    assert stopped(drop, "crimes.zip", bytes(content)) == (
        "crimes.zip: crimes.csv in it has a password; ask for it without one"
    )


def test_damaged_member(drop: Drop) -> None:
    many = crimes(*(f"{n},2024-01,Burglary,D1" for n in range(500))).encode()
    content = bytearray(zipped(drop, {"crimes.csv": many}))
    content[200] ^= 0xFF
    assert stopped(drop, "crimes.zip", bytes(content)) == (
        "crimes.zip: the archive is damaged; ask the supplier for it again"
    )


def test_archive_inside_an_archive(drop: Drop) -> None:
    inner = zipped(drop, {"x.csv": crimes(GOOD).encode()})
    assert stopped(drop, "outer.zip", zipped(drop, {"crimes.csv": inner})) == (
        "crimes.csv: it is an archive inside an archive; unpack it and drop the files it holds"
    )
