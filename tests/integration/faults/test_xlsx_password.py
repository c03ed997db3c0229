"""A workbook with a password is a container of another kind."""

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_xlsx_password(drop: Drop) -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le")
    assert stopped(drop, "crimes.xlsx", container) == (
        "crimes.xlsx: the workbook has a password; save it without one, or ask for it so"
    )
