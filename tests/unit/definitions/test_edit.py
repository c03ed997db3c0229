"""The edit of `partnership.yaml`: one line, everything else as a person wrote it."""

from datetime import date

import pytest

from pipeline.definitions.edit import with_as_at

DAY = date(2023, 9, 30)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: A\nas_at: 2023-06-30\nforce: B\n", "name: A\nas_at: 2023-09-30\nforce: B\n"),
        ("as_at: 2023-06-30  # the board's date\n", "as_at: 2023-09-30  # the board's date\n"),
        ("as_at:\nname: A\n", "as_at: 2023-09-30\nname: A\n"),
        ("# as_at: none yet\nname: A", "# as_at: none yet\nname: A\nas_at: 2023-09-30\n"),
    ],
)
def test_the_date_is_set_and_nothing_else(before: str, after: str) -> None:
    assert with_as_at(before, DAY) == after
    assert with_as_at(after, DAY) == after
