"""Timing, and the lines of the table that is printed."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time


@dataclass(frozen=True)
class Line:
    """One measurement beside its budget. `value` None: not measured, and `note` says why."""

    step: str
    value: float | None
    unit: str = "x"
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.step:<50} not measured: {self.note}"
        places = 2 if self.value < 100 else 0
        printed = f"{self.step:<50} {self.value:>8,.{places}f} {self.unit:<5}"
        if self.budget is None:
            return f"{printed} {'':<22} {self.note}".rstrip()
        within = self.value >= self.budget if self.at_least else self.value <= self.budget
        budget = (
            f"at {'least' if self.at_least else 'most'} {self.budget:g}, {'met' if within else 'NOT MET'}"
        )
        return f"{printed} {budget:<22} {self.note}".rstrip()


class Seconds(float):
    """How long a call took by the clock, and of all processors together.

    On a machine that does other things besides, the second says more.
    """

    processor: float

    def __new__(cls, clock: float, processor: float) -> "Seconds":
        made = super().__new__(cls, clock)
        made.processor = processor
        return made


def seconds(action: Callable[[], object]) -> Seconds:
    """How long one call takes; garbage of earlier ones is collected first."""
    gc.collect()
    start, before = perf_counter(), process_time()
    action()
    return Seconds(perf_counter() - start, process_time() - before)


def rounds(times: int, *actions: Callable[[], object]) -> list[tuple[Seconds, ...]]:
    """So many calls of each action, taken in turn so that they share the machine's moods."""
    return [tuple(seconds(action) for action in actions) for _ in range(times)]


def best(times: int, *actions: Callable[[], object]) -> tuple[Seconds, ...]:
    """The shortest of so many calls of each action."""
    return tuple(min(found) for found in zip(*rounds(times, *actions), strict=True))


def both(numerator: float, denominator: float) -> str:
    """The two seconds behind a ratio."""
    return f"{numerator:.2f} s / {denominator:.2f} s"


def ratio(step: str, pairs: Sequence[tuple[float, ...]], budget: float | None = None) -> Line:
    """The median of the ratios of two calls of one round; a busy machine moves single calls far more."""
    numerator, denominator = sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]
    return Line(step, numerator / denominator, "x", budget, note=both(numerator, denominator))


def ratios(step: str, pairs: Sequence[tuple[Seconds, ...]], budget: float) -> list[Line]:
    """The same, and the ratio of the processors' time, which a busy machine moves least."""
    processors = [tuple(taken.processor for taken in pair) for pair in pairs]
    return [ratio(step, pairs, budget), ratio("  of the processors' time", processors)]
