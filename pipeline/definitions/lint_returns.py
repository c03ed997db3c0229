"""Rules over what suppliers owe: is it said of what, from when, and of whom?"""

from collections.abc import Iterator

from pipeline.definitions.indicator import Reported
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import listed
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue

_FIRST_MONTHS = {
    "month": tuple(range(1, 13)),
    "quarter": (1, 4, 7, 10),
    "calendar_year": (1,),
    "financial_year": (4,),
}


def owed_items(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Sources of returns say which items they expect, each of one supplier; others have none to say."""
    for name, source in definitions.sources.items():
        reported = source.contract == "returns"
        owed: dict[tuple[str, str], str] = {}
        for index, expected in enumerate(source.expected):
            path: Path_ = ("sources", name, "expected", index)
            if reported and not expected.items:
                message = f"{name}: needs `items`, which name what is reported"
                yield places.issue("sources", path, message)
            if expected.items and not reported:
                message = f"{name}: items belong to sources of returns; this one holds {source.contract}"
                yield places.issue("sources", (*path, "items"), message)
            for item in expected.items:
                for area in expected.areas or (definitions.partnership.area.code,):
                    first = owed.setdefault((item, area), expected.supplier)
                    if first != expected.supplier:
                        message = f"{name}: '{item}' is expected of {first} already"
                        yield places.issue("sources", (*path, "items"), message)


def owed_periods(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """What is owed from a month that begins no period."""
    for name, source in definitions.sources.items():
        for index, expected in enumerate(source.expected):
            begins = _FIRST_MONTHS[expected.every]
            if int(expected.since[-2:]) not in begins:
                message = (
                    f"{name}: {expected.since} begins no {expected.every.replace('_', ' ')}; allowed: "
                    f"{listed([f'{month:02}' for month in begins])} as its month"
                )
                yield places.issue("sources", ("sources", name, "expected", index, "since"), message)


def unexpected_items(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An indicator of an item that nobody owes, although its source says what is owed."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if not isinstance(measure, Reported):
            continue
        sources = [definitions.sources[name] for name in indicator.sources if name in definitions.sources]
        if not sources or not all(source.expected for source in sources):
            continue
        owed = {item for source in sources for expected in source.expected for item in expected.items}
        for item in (measure.item, measure.of):
            if item is not None and item not in owed:
                message = (
                    f"{indicator.id}: nobody is expected to report '{item}', so nobody will be asked for it; "
                    f"add it under `expected:` of {listed([source.id for source in sources])}"
                )
                yield places.doubt("indicators", ("indicators", indicator.id, "measure"), message)
