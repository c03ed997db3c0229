"""The sidecar of a stored extract says all that is known of it."""

import json

from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_a_sidecar_names_supplier_period_encoding_licence_and_size(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "licence": "Open Government Licence v3.0", "encoding": "cp1252"}}
    content = crimes("a,2024-01,Burglary,D1", "b,2024-03,Robbery,D2")
    drop.put("crimes.csv", content)
    drop.put("received.csv", "file,received,supplier\ncrimes.csv,2024-04-02T09:00:00,West Force\n")
    (extract,) = drop.ingest().extracts
    receipt = json.loads((drop.workspace.raw / extract.sha256 / ".receipt.json").read_text())
    (told,) = receipt["deliveries"]
    assert {name: told[name] for name in told if told[name] not in ("", [], 0, None)} == {
        "result": "received",
        "delivery": "crimes-0001",
        "source": "crimes",
        "file": "crimes.csv",
        "sha256": extract.sha256,
        "size_bytes": len(content.encode()),
        "received": "2024-04-02T09:00:00+00:00",
        "supplier": "West Force",
        "encoding": "cp1252",
        "licence": "Open Government Licence v3.0",
        "first_month": "2024-01",
        "last_month": "2024-03",
    }
