"""A link in the drop folder that leads to a file, or a folder, elsewhere."""

from pipeline.cli.words import deliveries_text
from tests.integration.faults.told import GOOD, OTHER, references
from tests.unit.ingest.drop import Drop, crimes


def test_link_out_of_the_drop_folder(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    secret = drop.root / "crimes_elsewhere.csv"
    secret.write_text(crimes(OTHER))
    (drop.incoming / "crimes_link.csv").symlink_to(secret)
    (drop.incoming / "folder").symlink_to(drop.root / "config")
    deliveries = drop.ingest()
    assert sorted(deliveries.links) == ["crimes_link.csv", "folder"]
    assert references(drop) == ["a"]
    told = " ".join(deliveries_text(deliveries).split())
    assert "crimes_link.csv: a link that leads out of the drop folder; it was not followed" in told
