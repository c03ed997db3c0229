"""What an indicator of rare deaths may not ask for: anything from which a single year could be told."""

from collections.abc import Iterator

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue

LEAST_MONTHS = 36
_WHOLE = ("partnership", "force")


def multi_year_only(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A span, breakdown, area or comparison that `only_multi_year` rules out.

    Two spans that overlap give away, by subtraction, the years that they do not share.
    """
    for indicator in definitions.indicators.values():
        if indicator.only_multi_year:
            for path, message in _faults(indicator):
                here: Path_ = ("indicators", indicator.id, *path)
                yield places.issue("indicators", here, f"{indicator.id}: only_multi_year: {message}")


def _faults(indicator: Indicator) -> Iterator[tuple[Path_, str]]:
    window = indicator.window
    if window.kind != "rolling" or window.months < LEAST_MONTHS:
        yield ("window",), f"needs a rolling window of at least {LEAST_MONTHS} months"
    elif window.named_month is None:
        yield (
            ("window",),
            f"its span would move on with every edition and overlap the last; found {window.ending!r}; "
            f"name its last month, YYYY-MM, and the next one {window.months} months later",
        )
    if window.also:
        yield ("window", "also"), "spans that overlap give single years away; leave it out"
    if indicator.by:
        yield ("by",), "its figures are never broken down; leave it out"
    for index, name in enumerate(indicator.areas):
        if name not in _WHOLE:
            yield ("areas", index), f"its figures are never of smaller areas; found {name!r}"
    for index, published in enumerate(indicator.published):
        if published.period != window.named_month:
            told = f"found {published.period!r}; allowed: {window.named_month}"
            yield ("published", index, "period"), f"spans that overlap give single years away; {told}"
    for index, compare in enumerate(indicator.compare):
        yield (
            ("compare", index),
            f"its figures are compared with nothing; found {compare.to!r}; use `compare: []`",
        )
