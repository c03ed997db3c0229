"""What is found on a sheet of a workbook beside its values, whatever the workbook's format."""

from dataclasses import dataclass

MOST_CELLS = 20_000_000  # of the rectangle that holds a sheet's cells: more do not fit into memory
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
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

    `digits` are cells whose number is shown with zeros before it, with the zeros and what stands between
    them: `00000`, `000-000`. `percentages` are cells of fractions that are shown as percentages. `merged` are
    ranges of cells that are one, as the first and the last of them.
    """

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    without_value: tuple[tuple[Cell, str], ...] = ()  # with the reason
    digits: tuple[tuple[Cell, str], ...] = ()
    percentages: tuple[Cell, ...] = ()
    merged: tuple[tuple[Cell, Cell], ...] = ()
    is_filled: bool = False  # whether any cell has a value


def shown(number: str, zeros: str) -> str:
    """A whole number's digits as a format of zeros shows them: `007-123` for 7123 and `000-000`."""
    digits = number.zfill(zeros.count("0"))
    cut = len(digits) - zeros.count("0")
    rest = iter(digits[cut:])
    return digits[:cut] + "".join(next(rest) if sign == "0" else sign for sign in zeros)


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
