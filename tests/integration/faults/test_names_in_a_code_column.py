"""Names, or codes of another kind of area, where codes should be: loaded, placed in none, and told."""

from typing import Any

from tests.unit.ingest.drop import CRIMES, HEADER, Drop

CODES = ("E05001321", "Bilston East", "E05", "E08000031", "e05001321", "W05000001", "")


def test_names_in_a_code_column(drop: Drop) -> None:
    columns: dict[str, Any] = {**CRIMES["columns"], "ward_code": "Ward"}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    rows = (f"c{n},2024-01,Burglary,E08000031,{code}" for n, code in enumerate(CODES))
    drop.put("crimes.csv", "\n".join((f"{HEADER},Ward", *rows)) + "\n")
    account = drop.account()
    assert (account.loaded, account.quarantined) == (len(CODES), 0)
    (flag,) = account.flags
    told = "no code of that kind of area, such as E05000001: it is placed in none"
    assert flag == ("Ward", "area", told, 4)
    assert [row["line"] for row in drop.rows("SELECT line FROM flagged ORDER BY line")] == [3, 4, 5, 6]
    assert dict(account.outside) == {"E08000031": 7}  # of a district that the force does not police: counted
