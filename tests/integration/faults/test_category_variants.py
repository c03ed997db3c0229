"""A category written in another way, or a new one: refused, never counted as another; frequent ones named."""

from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import Drop, crimes

NAME = "Jane Doe"


def test_category_variants(drop: Drop) -> None:
    rows = [f"{n},2024-01,burglary,D1" for n in range(8)]
    rows += ["x,2024-01,Burglary ,D1", f"y,2024-01,{NAME},D1", "z,2024-01,Burglary/Dwelling,D1"]
    rows += [f"good{n},2024-01,Burglary,D1" for n in range(9)]
    drop.put("crimes.csv", crimes(*rows))
    account = drop.account()
    assert (account.read, account.loaded, account.quarantined) == (20, 10, 10)
    assert drop.rows("SELECT DISTINCT category FROM crimes") == [{"category": "Burglary"}]
    assert account.notes == ('8 refused rows have "burglary" under Category, which is not declared',)
    assert {line.partition(": ")[2] for line in quarantined(drop)} == {
        "Category: not one of the 3 values declared for it"
    }
    assert NAME not in str(account)
