"""A source gets another id, or goes, while deliveries of it are there: they count no more, and it is told."""

import pytest

from pipeline.cli.words import undeclared_lines
from pipeline.errors import ExtractError
from pipeline.ingest import undeclared_in
from tests.unit.ingest.drop import CRIMES, Drop, crimes

OTHERS = {**CRIMES, "files": ["others*"]}


def test_source_renamed(drop: Drop) -> None:
    drop.sources = {"crimes": CRIMES, "others": OTHERS}
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("others_1.csv", crimes("b,2024-01,Burglary,D1"))
    drop.put("others_2.csv", crimes("c,2024-02,Burglary,D1"))
    assert drop.ingest().undeclared == ()
    drop.sources = {"crimes": CRIMES, "renamed": {**OTHERS, "files": ["renamed*"]}}
    deliveries = drop.ingest()
    assert deliveries.undeclared == (("others", 2),)
    assert [extract.source for extract in deliveries.extracts] == ["crimes"]
    assert list(undeclared_lines(deliveries.undeclared)) == [
        "others: config/sources.yaml declares no such source, so 2 deliveries received for it do not count. "
        "If it was renamed, give it the id others back"
    ]
    assert undeclared_in(drop.workspace, drop.definitions) == (("others", 2),)
    drop.sources = {"crimes": CRIMES, "others": OTHERS}
    assert len(drop.ingest().extracts) == 3


def test_main_source_renamed(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    drop.sources = {"police": {**CRIMES, "files": ["police*"]}}
    drop.main_source = "police"
    with pytest.raises(ExtractError) as error:
        drop.ingest()
    assert "source police has no delivery" in str(error.value)
    assert "  deliveries of sources that are declared no more: crimes (1)\n" in str(error.value)
