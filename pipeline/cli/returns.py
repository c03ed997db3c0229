"""`assessment returns`: what suppliers owe, what came and when, and whom to ask for the rest."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import HERE, answer
from pipeline.cli.options import AsAtOption, JsonOption, WorkspaceOption
from pipeline.model.returns import ReturnState, overdue
from pipeline.workspace import Workspace, now

if TYPE_CHECKING:
    from pipeline.definitions.resolved import Definitions
    from pipeline.model.delivery import AsAt, Deliveries
    from pipeline.model.period import Period
    from pipeline.model.returns import Return, ReturnedItem


def returns(
    workspace: WorkspaceOption = HERE,
    as_at: AsAtOption = None,
    letters: Annotated[
        bool, typer.Option("--letters", help="Write a message to each supplier that owes something.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show which returns partners owe, and since when.

    What is expected, and by when, stands in config/sources.yaml under `expected:`. A return that
    has not come is missing, never zero. One that came and says that there is no figure has come.
    """
    from pipeline.definitions.load import load
    from pipeline.ingest import deliveries_as_at, expected_returns, warehouse

    place = Workspace.at(workspace)
    definitions = load(place.config)
    deliveries = deliveries_as_at(place, definitions, as_at, for_figures=False)
    day = _day(definitions, deliveries, as_at)
    with warehouse(place, deliveries) as store:
        found = expected_returns(store, definitions, deliveries, day)
    told = {"as_at": day.isoformat(), "returns": [_json(one, day) for one in found]}
    answer(
        as_json,
        told,
        lambda: "\n".join(_letters(definitions, found, day) if letters else _lines(definitions, found, day)),
    )


def _day(definitions: "Definitions", deliveries: "Deliveries", as_at: "AsAt | None") -> date:
    """The day on which returns are judged: the one asked for, that of partnership.yaml, or today."""
    from pipeline.editions.identity import edition_date

    if as_at is None and definitions.partnership.as_at is None:
        return now().date()
    if isinstance(as_at, str):
        return next(e.received.date() for e in deliveries.extracts if e.delivery == as_at)
    return edition_date(definitions, deliveries, as_at)[0]


def _json(one: "Return", day: date) -> dict[str, Any]:
    return {
        "source": one.source,
        "supplier": one.supplier,
        "contact": one.contact or None,
        "period": one.period.key,
        "due": one.due.isoformat(),
        "state": one.state(day).value,
        "received": one.received.isoformat() if one.received else None,
        "days_late": one.days_late(day),
        "revised": one.revised.isoformat() if one.revised else None,
        "items": [_item_json(item) for item in one.items if item.item],
    }


def _item_json(item: "ReturnedItem") -> dict[str, Any]:
    return {
        "item": item.item,
        "area_code": item.area_code,
        "received": item.received.isoformat() if item.received else None,
        "content": item.content.value if item.content else None,
        "revised": item.revised.isoformat() if item.revised else None,
        "missing_months": [f"{month:%Y-%m}" for month in item.missing],
    }


def _lines(definitions: "Definitions", found: "Sequence[Return]", day: date) -> Iterator[str]:
    """The count for each supplier, then what is overdue, late, revised or without a figure."""
    from pipeline.cli.words import wrapped

    if not found:
        yield wrapped(
            f"as at {day}: no return is expected. Say what is, and by when, in config/sources.yaml under "
            "`expected:` of its source.",
            0,
        )
        return
    yield f"as at {day}, for periods that were over"
    yield f"{'supplier':<32}{'on time':>8}{'late':>7}{'overdue':>9}{'not yet due':>13}{'revised':>9}"
    for supplier in dict.fromkeys(one.supplier for one in found):
        own = [one for one in found if one.supplier == supplier]
        counts = [sum(one.state(day) is state for one in own) for state in ReturnState]
        revised = sum(one.revised is not None for one in own)
        name = supplier if len(supplier) < 32 else f"{supplier[:29]}..."
        yield f"{name:<32}{counts[0]:>8}{counts[1]:>7}{counts[2]:>9}{counts[3]:>13}{revised:>9}"
    for title, lines in _told(definitions, found, day):
        if lines:
            yield ""
            yield title
            yield from (wrapped(line, 2, 4) for line in lines)


def _told(
    definitions: "Definitions", found: "Sequence[Return]", day: date
) -> Iterator[tuple[str, list[str]]]:
    """Each kind of thing to know of, with its lines, the worst first."""
    ordered = sorted(found, key=lambda one: (one.due, one.supplier))
    yield "overdue: to be asked for", list(_overdue(definitions, overdue(found, day), day))
    yield (
        "came late",
        [
            f"{_named(one)}: due {one.due}, came {_days(one.days_late(day))} later"
            for one in ordered
            if one.state(day) is ReturnState.LATE
        ],
    )
    yield (
        "revised after it came",
        [f"{_named(one)}: on {one.revised}" for one in ordered if one.revised is not None],
    )
    yield (
        "came, and says that there is no figure",
        [
            f"{_named(one)}: {_items(definitions, one.without_figure)}"
            for one in ordered
            if one.without_figure
        ],
    )
    yield "not yet due", list(_coming(ordered, day))


def _overdue(definitions: "Definitions", owed: "Sequence[Return]", day: date) -> Iterator[str]:
    """What each supplier owes, with the periods that it is owed for; those due on one day together."""
    from pipeline.model.period import Period

    owing: dict[tuple[str, str], list[Return]] = {}
    for one in owed:
        contact = f" ({one.contact})" if one.contact else ""
        owing.setdefault((f"{one.supplier}{contact}", _lacking(definitions, one)), []).append(one)
    for (supplier, lacking), own in owing.items():
        told = []
        for due, together in groupby(own, key=lambda one: one.due):
            of_one_day = list(together)
            first, last = of_one_day[0].period, of_one_day[-1].period
            span = Period(first.start, last.end, first.basis)
            many = f"{len(of_one_day)} periods, " if len(of_one_day) > 1 else ""
            late = _days(of_one_day[0].days_late(day))
            told.append(f"{many}{_period(span)}, due {due}, {late} ago")
        yield f"{supplier}, {lacking}: {'; '.join(told)}"


def _coming(ordered: "Sequence[Return]", day: date) -> Iterator[str]:
    """What is due from whom on which day, the periods of each together."""
    coming: dict[tuple[date, str], list[Return]] = {}
    for one in ordered:
        if one.state(day) is ReturnState.NOT_YET_DUE:
            coming.setdefault((one.due, one.supplier), []).append(one)
    for (due, supplier), own in coming.items():
        periods = dict.fromkeys(_period(one.period) for one in sorted(own, key=lambda one: one.period))
        first, *others = periods
        yield f"{due}: {supplier}, {first}{f' and {len(others)} later periods' if others else ''}"


def _letters(definitions: "Definitions", found: "Sequence[Return]", day: date) -> Iterator[str]:
    """A message to each supplier with something overdue: what is missing, since when, and how to answer."""
    from pipeline.cli.words import wrapped

    owing = overdue(found, day)
    if not owing:
        yield f"as at {day}: nothing is overdue, so there is nobody to write to"
    partnership = definitions.partnership
    for number, supplier in enumerate(dict.fromkeys(one.supplier for one in owing)):
        own = [one for one in owing if one.supplier == supplier]
        contact = next((one.contact for one in own if one.contact), "")
        if number:
            yield "\n" + "-" * 80 + "\n"
        yield f"To: {supplier}{f', {contact}' if contact else ''}"
        yield wrapped(f"Subject: Return for {partnership.name}, due {own[0].due}", 0, 4)
        yield ""
        yield wrapped(f"For the strategic assessment of {partnership.area.name} we have not received:", 0)
        yield ""
        for one in own:
            lacking = _lacking(definitions, one) if one.is_file else _items(definitions, one.lacking)
            yield wrapped(f"- {_period(one.period)} (due {one.due}): {lacking}", 0, 2)
        yield ""
        yield wrapped(
            "Please send these figures, or tell us by when you can. If there is nothing to report, send the "
            "return with 0; if a figure cannot be had, send its line with an empty value and say why. Until "
            "then the assessment prints them as awaited from you, and not as zero.",
            0,
        )
        if partnership.contact:
            yield ""
            yield wrapped(f"Reply to: {partnership.contact}", 0)


def _named(one: "Return") -> str:
    contact = f" ({one.contact})" if one.contact else ""
    return f"{one.supplier}{contact}, {_period(one.period)}"


def _period(period: "Period") -> str:
    last = f"{period.last_month:%Y-%m}"
    first = f"{period.start:%Y-%m}"
    return last if first == last else f"{first} to {last}"


def _days(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _lacking(definitions: "Definitions", one: "Return") -> str:
    """What has not come: the items by name, but for all of many."""
    if one.is_file:
        return f"no file of {definitions.sources[one.source].title}"
    if one.lacks_all:
        return f"all {len(one.items)} figures"
    return _items(definitions, one.lacking)


def _items(definitions: "Definitions", items: "Sequence[ReturnedItem]") -> str:
    """Items in words, with the months that are missing where others came, and their areas where several."""
    areas = {item.area_code for item in items}
    told = []
    for item in items:
        area = f" of {item.area_code}" if len(areas) > 1 else ""
        months = ", ".join(f"{month:%Y-%m}" for month in item.missing)
        told.append(f"{definitions.item_title(item.item)}{area}{f' ({months})' if months else ''}")
    return ", ".join(told)
