"""A revision is withdrawn: the supplier sends the bytes of the first version again."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from pipeline.cli.words import delivery_lines, revision_lines
from pipeline.ingest import known_at, warehouse
from tests.integration.faults.told import references
from tests.unit.ingest.drop import Drop, crimes


def month(references: Iterable[str]) -> str:
    return crimes(*(f"{one},2024-01,Burglary,D1" for one in references))


FIRST, REVISED = month("abcde"), month("abc")


def day(number: int) -> datetime:
    return datetime(2024, 6, number, tzinfo=UTC)


def test_bytes_that_were_revised_since_are_a_delivery_again(drop: Drop) -> None:
    for number, content in enumerate((FIRST, REVISED), 1):
        drop.put(f"crimes_{number}.csv", content)
        drop.ingest(day(number))
    assert references(drop) == list("abc")
    drop.put("crimes_3.csv", FIRST)
    back = drop.ingest(day(3))
    assert (back.new, back.recognised_files) == (("crimes-0003",), 2)
    assert references(drop) == list("abcde")
    assert list(revision_lines(back))[-1] == (
        "crimes_3.csv (crimes-0003) revises earlier deliveries: 2 added"
    )
    # The unchanged drop folder is nothing new, however often it is searched.
    again = drop.ingest(day(4))
    assert (again.new, again.recognised_files, again.rebuilt) == ((), 3, False)
    for extract, count in zip(again.extracts, (5, 3, 5), strict=True):
        known = known_at(drop.workspace, drop.definitions, again, extract.delivery)
        with warehouse(drop.workspace, known) as store:
            assert store.count("crimes") == count


def test_a_file_that_is_written_over_and_over_is_what_it_holds_now(drop: Drop) -> None:
    for number, content in enumerate((FIRST, REVISED, FIRST, REVISED), 1):
        drop.put("crimes.csv", content)
        assert drop.ingest(day(number)).new == (f"crimes-{number:04d}",)
        assert drop.ingest(day(number)).new == ()
    assert references(drop) == list("abc")


def test_all_versions_at_once_dated_by_the_list_end_as_the_last_says(drop: Drop) -> None:
    for number, content in enumerate((FIRST, REVISED, FIRST), 1):
        drop.put(f"crimes_{number}.csv", content)
    days = "".join(f"crimes_{number}.csv,2024-0{number}-01,\n" for number in (1, 2, 3))
    drop.put("received.csv", f"file,received,supplier\n{days}")
    assert drop.ingest().new == ("crimes-0001", "crimes-0002", "crimes-0003")
    assert references(drop) == list("abcde")
    assert drop.ingest().rebuilt is False


@pytest.mark.parametrize("received", ["2024-06-01", "2024-06-02"])
def test_a_copy_dated_before_the_revision_changes_nothing(drop: Drop, received: str) -> None:
    drop.put("crimes_1.csv", FIRST)
    drop.ingest(day(1))
    drop.put("crimes_2.csv", REVISED)
    drop.ingest(day(3))
    drop.put("copy/crimes_3.csv", FIRST)
    drop.put("copy/received.csv", f"file,received,supplier\ncrimes_3.csv,{received},\n")
    assert drop.ingest(day(4)).new == ()
    assert references(drop) == list("abc")


def test_the_same_name_with_a_later_date_in_the_list_is_a_delivery_again(drop: Drop) -> None:
    drop.put("crimes_1.csv", FIRST)
    drop.ingest(day(1))
    drop.put("crimes_2.csv", REVISED)
    drop.ingest(day(2))
    drop.put("received.csv", "file,received,supplier\ncrimes_1.csv,2024-06-05,\n")
    back = drop.ingest(day(6))
    assert (back.new, back.misdated) == (("crimes-0003",), ())
    assert references(drop) == list("abcde")
    assert drop.ingest(day(7)).new == ()
    assert not [line for line in delivery_lines(drop.ingest(day(7))) if "received.csv says" in line]
