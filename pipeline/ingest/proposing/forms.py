"""How the values of a column are written, as dates, numbers, flags, codes or texts, and on what evidence."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from pipeline.ingest.casting import WHOLE_NUMBER

DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y",
        "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y", "%Y/%m/%d", "%Y%m%d")  # fmt: skip
MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y", "%b-%y", "%b-%Y", "%Y/%m", "%Y%m")
TIMES = ("%H:%M", "%H:%M:%S")
OF_DAY = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
# The same digits read the other way round.
RIVALS = {"%d": "%m", "%m": "%d"}
FLAGS = (("Y", "N"), ("Yes", "No"), ("True", "False"), ("T", "F"), ("1", "0"))
NOT_RECORDED = {
    "not recorded", "unknown", "not known", "n/a", "na", "none", "null", "-", "not stated", "blank",
    "not specified", "unspecified", "not given",
}  # fmt: skip
KEPT_BACK = {"*", "**", "[c]", "[s]", "[x]", "[z]", "[u]", ".."}  # in place of a figure
MOST_CODES = 20
SAMPLED = 40
MOSTLY = 0.8
SERIALS = (20_000, 60_000)  # days of 1954 to 2064, counted from 1900


@dataclass(frozen=True, slots=True)
class Form:
    """How a column is written. `kind`: empty, date, month, time, serial, flag, whole, decimal, codes or text.

    `written` is the strptime format of dates and times. Of `filled` values `read` are so; of dates,
    `only` are no dates the other way round. `codes` are the values of a column with few of them,
    `unrecorded` those that say that nothing was recorded, `kept_back` those that stand for a figure.
    """

    kind: str
    filled: int
    empty: int
    distinct: int
    written: str = ""
    read: int = 0
    only: int = 0
    codes: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    kept_back: tuple[str, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether day and month could as well be the other way round."""
        return self.kind == "date" and bool(_rival(self.written)) and self.only == 0

    @property
    def evidence(self) -> str:
        """What the kind was told by, in words, without a value."""
        of = f"{self.read:,} of {self.filled:,}" if self.read < self.filled else f"all {self.filled:,}"
        if self.kind in ("date", "month", "time") and self.written:
            rival = _rival(self.written)
            only = f", {self.only:,} only so" if self.kind == "date" and rival else ""
            return f"{of} values read as {self.written}{only}"
        if self.kind == "serial":
            return f"{of} values are days as a spreadsheet counts them"
        if self.empty:
            return f"{self.empty:,} of {self.filled + self.empty:,} empty"
        return ""


def form_of(values: Iterable[str], *, is_dated: bool = False, may_be_serial: bool = False) -> Form:
    """The form of a column's values, of which empty ones stand for nothing recorded."""
    counts = Counter(value.strip() for value in values)
    empty = counts.pop("", 0)
    unrecorded = tuple(value for value in counts if value.casefold() in NOT_RECORDED)
    known = {value: n for value, n in counts.items() if value not in unrecorded}
    figures = {value: n for value, n in known.items() if value.casefold() not in KEPT_BACK}
    if len(figures) < len(known) and figures:
        number = form_of(value for value, n in figures.items() for _ in range(n))
        if number.kind in ("whole", "decimal"):
            marks = tuple(sorted(value for value in known if value not in figures))
            filled = sum(counts.values())
            return replace(number, filled=filled, empty=empty, unrecorded=unrecorded, kept_back=marks)
    filled = sum(counts.values())
    of = (filled, empty, len(known))
    if not known:
        return Form("empty", *of, unrecorded=unrecorded)
    if is_dated:
        return _dated(known, of, unrecorded)
    best = _temporal(known)
    if best:
        kind, written, read, only = best
        return Form(kind, *of, written, read, only, unrecorded=unrecorded)
    whole = _share(known, re.compile(WHOLE_NUMBER))
    if may_be_serial and _serials(known) >= MOSTLY * sum(known.values()):
        return Form("serial", *of, read=_serials(known), unrecorded=unrecorded)
    for yes, no in FLAGS:
        if {value.casefold() for value in known} == {yes.casefold(), no.casefold()}:
            return Form("flag", *of, codes=tuple(sorted(known)), unrecorded=unrecorded)
    if whole > MOSTLY:
        return Form("whole", *of, unrecorded=unrecorded)
    if _share(known, re.compile(r"[-+]?\d+(\.\d+)?")) > MOSTLY:
        return Form("decimal", *of, unrecorded=unrecorded)
    if len(known) <= MOST_CODES and 2 * len(known) <= sum(known.values()):
        return Form("codes", *of, codes=tuple(sorted(known)), unrecorded=unrecorded)
    return Form("text", *of, unrecorded=unrecorded)


def yes_of(codes: Sequence[str]) -> str:
    """Which of the two codes of a flag means yes."""
    meaning = {yes.casefold() for yes, _ in FLAGS}
    return next(code for code in codes if code.casefold() in meaning)


def month_of(text: str) -> date | None:
    """The month that a text is, such as a header; None where it is none."""
    written = next((form for form in MONTHS if _reads(text, form)), None)
    return datetime.strptime(text, written).date().replace(day=1) if written else None  # noqa: DTZ007


def _dated(known: Mapping[str, int], of: tuple[int, int, int], unrecorded: tuple[str, ...]) -> Form:
    """Cells that are dates as such; texts among them stay what they are."""
    read = sum(n for value, n in known.items() if re.match(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}", value))
    is_time = all(re.fullmatch(r"\d{2}:\d{2}:\d{2}", value) for value in known)
    return Form("time" if is_time else "date", *of, "%H:%M" if is_time else "", read, unrecorded=unrecorded)


def _temporal(known: Mapping[str, int]) -> tuple[str, str, int, int] | None:
    """The kind, the format, how many values are so and how many only so."""
    sample = list(known)[:SAMPLED]
    best: tuple[str, str, int, int] | None = None
    total = sum(known.values())
    for kind, formats in _formats():
        for written in formats:
            if 2 * sum(_reads(value, written) for value in sample) < len(sample):
                continue
            read = sum(n for value, n in known.items() if _reads(value, written))
            if read < MOSTLY * total or (best and read <= best[2]):
                continue
            rival = _rival(written)
            only = (
                sum(n for v, n in known.items() if _reads(v, written) and not _reads(v, rival))
                if rival
                else 0
            )
            best = (kind, written, read, only)
    return best


def _formats() -> tuple[tuple[str, tuple[str, ...]], ...]:
    days = tuple(day + time for time in OF_DAY for day in DAYS if time == "" or day != "%Y%m%d")
    return (("date", days), ("month", MONTHS), ("time", TIMES))


def _rival(written: str) -> str:
    if "%d" not in written or "%m" not in written or written.startswith("%Y"):
        return ""
    return re.sub("%[dm]", lambda match: RIVALS[match[0]], written)


@lru_cache(maxsize=1 << 16)
def _reads(value: str, written: str) -> bool:
    if written in ("%Y%m%d", "%Y%m") and not 1900 <= int(value[:4] if value[:4].isdigit() else 0) <= 2100:
        return False
    try:
        datetime.strptime(value, written)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return len(value) == 10 if written == "%Y-%m-%d" else True


def _share(known: Mapping[str, int], shape: re.Pattern[str]) -> float:
    return sum(n for value, n in known.items() if shape.fullmatch(value)) / sum(known.values())


def _serials(known: Mapping[str, int]) -> int:
    first, last = SERIALS
    return sum(n for v, n in known.items() if re.fullmatch(r"\d{5}(\.\d+)?", v) and first <= float(v) <= last)
