"""The same bytes come twice: under another name, and in an archive. They are known, and count once."""

import json
from zipfile import ZipFile

from tests.integration.faults.told import GOOD, references
from tests.unit.ingest.drop import Drop, crimes


def test_same_extract_under_another_name(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    assert drop.ingest().new == ("crimes-0001",)
    drop.put("crimes_again.csv", crimes(GOOD))
    with ZipFile(drop.incoming / "crimes.zip", "w") as archive:
        archive.writestr("crimes_in_zip.csv", crimes(GOOD))
    again = drop.ingest()
    assert (again.new, again.recognised_files, again.rebuilt) == ((), 3, False)
    assert references(drop) == ["a"]
    lines = [json.loads(line) for line in (drop.workspace.raw / "ledger.jsonl").read_text().splitlines()]
    assert {(line["result"], line["delivery"], line["file"]) for line in lines} == {
        ("received", "crimes-0001", "crimes.csv"),
        ("duplicate", "crimes-0001", "crimes_again.csv"),
        ("duplicate", "crimes-0001", "crimes.zip/crimes_in_zip.csv"),
    }
    stored = [path.name for path in drop.workspace.raw.glob("*/[!.]*")]
    assert stored == ["crimes.csv"]
