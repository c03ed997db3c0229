"""What is found on a sheet of a workbook beside its values, whatever the workbook's format."""

from dataclasses import dataclass

MOST_CELLS = 20_000_000  # of the rectangle that holds a sheet's cells: more do not fit into memory
NEVER_CALCULATED = "holds a formula that was never calculated"
ERROR = "holds an error, such as #REF!"


@dataclass(frozen=True, slots=True)
class Cell:
    """A place on a sheet, both counted from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """As spreadsheets write it: `C7`."""
        return f"{column_name(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What one sheet hides: rows and columns not shown, and cells whose value is not all there.

    `digits` are cells whose number is shown with zeros before it, with how many digits it is shown.
    """

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    without_value: tuple[tuple[Cell, str], ...] = ()  # with the reason
    digits: tuple[tuple[Cell, int], ...] = ()
    is_filled: bool = False  # whether any cell has a value


def column_name(number: int) -> str:
    """`A` for 1, `AB` for 28."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(name: str) -> int:
    """The inverse of `column_name`."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
