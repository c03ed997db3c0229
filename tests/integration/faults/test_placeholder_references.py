"""A reference that stands for `not known` makes one crime of many: what went is told, with the way out."""

from tests.unit.ingest.drop import CRIMES, Drop, crimes

ROWS = [f"{ref},2024-01,{category},D1" for ref in ("#N/A", "Unknown") for category in ("Burglary", "Robbery")]


def test_rows_that_share_a_reference_and_differ_are_told(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(*ROWS, "a,2024-01,Burglary,D1"))
    account = drop.account()
    assert (account.read, account.loaded, account.conflicting) == (5, 3, 2)
    assert account.notes == (
        "2 rows have the key (Reference) of another row and other values; the last one counts. A key that "
        "stands for `not known` belongs under `empty:` of its column",
    )


def test_the_way_out_keeps_them_all(drop: Drop) -> None:
    reference = {"from": "Reference", "empty": ["#N/A", "Unknown"]}
    drop.sources["crimes"] = CRIMES | {"columns": {**CRIMES["columns"], "crime_ref": reference}}
    drop.put("crimes.csv", crimes(*ROWS, "a,2024-01,Burglary,D1"))
    account = drop.account()
    assert (account.read, account.loaded, account.notes) == (5, 5, ())
