"""The commands that look at one figure, `preview` and `explain`, and the text of a preview."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import HERE, answer, complain, progress
from pipeline.cli.options import AsAtOption, JsonOption, WorkspaceOption
from pipeline.model.observation import SHORTHAND, is_unknown
from pipeline.model.period import MONTH_NAMES
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.editions.preview import Preview
    from pipeline.model.comparison import Comparison, Judgement
    from pipeline.model.delivery import Deliveries
    from pipeline.model.observation import ReleasedObservation


def preview(
    indicator: Annotated[str, typer.Argument(metavar="ID", help="The id of an indicator.")],
    workspace: WorkspaceOption = HERE,
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one indicator as the next edition would have it.

    The current figure and its limits, each comparison with its verdict, and the months.
    Computes only this indicator, from what has been received; publishes nothing.
    """
    from pipeline.editions.preview import preview as previewed

    found = previewed(Workspace.at(workspace), indicator, as_at)
    tell_left_out(found.deliveries)
    answer(as_json, preview_json(found), lambda: preview_text(found))
    for doubt in found.doubts:
        complain(str(doubt))


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID|FIG", help="The id of an indicator or of a source, or a figure's number: FIG-3."
        ),
    ],
    workspace: WorkspaceOption = HERE,
    edition: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The edition that FIG stands in; by default the latest."),
    ] = None,
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where one figure comes from.

    Definition, SQL, the rows left by each filter, the files with their hashes, the result.
    Of a numbered figure also what it prints, and which result each number is; of a source, how its
    files are read, with the built-in mapping that it begins with.
    """
    from pipeline.definitions.written import merged_source
    from pipeline.editions import explanation

    place = Workspace.at(workspace)
    if explanation.EXHIBIT.fullmatch(name):
        exhibit = explanation.explain_exhibit(place, name, edition)
        answer(as_json, explanation.exhibit_json(exhibit), lambda: explanation.exhibit_text(exhibit))
        return
    if as_yaml := merged_source(place.config, name):
        answer(as_json, {"source": name, "definition": as_yaml}, lambda: as_yaml.rstrip("\n"))
        return
    found = explanation.explain(place, name, as_at)
    tell_left_out(found.deliveries)
    answer(as_json, explanation.explained_json(found), lambda: explanation.explained_text(found))


def tell_left_out(deliveries: "Deliveries") -> None:
    """Say which deliveries do not count, so that none is left out unseen."""
    from pipeline.cli.words import left_out_line

    if deliveries.later:
        progress(left_out_line(deliveries))


def preview_json(found: "Preview") -> dict[str, Any]:
    """The preview for machines, in the columns of `results.csv` and `comparisons.csv`."""
    from pipeline.cli.words import issue_json
    from pipeline.report.tables import comparison_row, result_row

    return {
        "indicator": found.indicator.id,
        "title": found.indicator.title,
        "as_at": found.as_at.isoformat(),
        "want": found.want.value,
        "figures": [result_row(o) for o in found.figures],
        "comparisons": [comparison_row(j) | {"rule": j.rule} for j in found.judgements],
        "months": [result_row(o) for o in found.months],
        "warnings": [issue_json(doubt) for doubt in found.doubts],
    }


def preview_text(found: "Preview") -> str:
    """The preview for a terminal of 80 columns."""
    from pipeline.cli.words import wrapped

    lines = [wrapped(f"{found.indicator.id}: {found.indicator.title}", 0, 2)]
    total = next((o for o in found.figures if not o.breakdown), None)
    if total is None:
        return "\n".join([*lines, "  there is no figure for the partnership's own area"])
    wanted = {"neither": "neither direction is wanted"}.get(found.want.value, f"wanted {found.want.value}")
    place = f"{total.area.name}, {total.period.label}, as at {found.as_at}, {wanted}"
    lines += [wrapped(place, 2), "", *_figures(found.figures)]
    if found.judgements:
        lines += ["", "Comparisons", *_comparisons(found)]
    if found.months:
        lines += ["", *_months(found.months)]
    return "\n".join(line.rstrip() for line in lines)


def _figures(figures: Sequence["ReleasedObservation"]) -> Iterator[str]:
    from pipeline.cli.words import wrapped
    from pipeline.report.figures import limits, observed
    from pipeline.report.text import plain

    yield f"{'Figure, in ' + figures[0].unit:<44}{'value':>12}  {'95% limits':>22}"
    breakdown = ""
    for o in figures:
        if o.breakdown and o.breakdown != breakdown:
            breakdown = o.breakdown
            yield f"  by {breakdown}"
        label = f"    {o.category}" if o.breakdown else "  all"
        yield f"{_cut(label, 43):<44}{plain(observed(o)):>12}  {plain(limits(o)):>22}"
        if o.reason and not o.breakdown:
            yield wrapped(o.reason, 6)


def _comparisons(found: "Preview") -> Iterator[str]:
    """Each comparator with its verdict and the sentence that the report would print; then the categories."""
    from pipeline.cli.words import wrapped

    totals = [j for j in found.judgements if not j.comparison.observation.breakdown]
    for judgement in totals:
        c = judgement.comparison
        verdict = judgement.verdict.value.replace("_", " ") if judgement.verdict else "no verdict"
        yield wrapped(f"{verdict:<18}{c.comparator}: {c.reference_label}", 2, 20)
        yield wrapped(_sentence(found, judgement), 20)
        same = (c.comparator, c.reference_label)
        for child in found.judgements:
            of = child.comparison
            if of.observation.breakdown and (of.comparator, of.reference_label) == same:
                yield _category(child)


def _sentence(found: "Preview", judgement: "Judgement") -> str:
    """What the report says of a change; of what carries no verdict, its numbers and their reason."""
    from pipeline.report import wording
    from pipeline.report.text import plain, quoted

    if judgement.verdict is not None:
        indicator = found.indicator
        name = quoted(indicator.said_as) or wording.in_sentence(indicator.title)
        return plain(wording.sentences(name, judgement))
    if not judgement.comparison.comparable:
        return f"not comparable: {judgement.reason}"
    told = _position(judgement)
    return f"{told}; {judgement.reason}" if judgement.reason else told


def _position(judgement: "Judgement") -> str:
    from pipeline.report.figures import asked, distance, interval, reference
    from pipeline.report.numbers import signed
    from pipeline.report.text import plain
    from pipeline.report.wording import on_target, unit_of_change

    c = judgement.comparison
    if c.reference_value is None:
        return "there is nothing to set beside it"
    within = f" ({plain(interval(c))})" if interval(c) else ""
    match c.comparator:
        case "rank":
            could = f", could be {c.lower:.0f} to {c.upper:.0f}" if c.lower != c.upper else ""
            return f"rank {c.reference_value:.0f}{could}"
        case "change_of":
            theirs = signed(c.reference_value) + unit_of_change(c)
            return f"{c.reference_label} changed by {theirs}; the difference is {plain(distance(c))}{within}"
        case "target":
            stands = plain(on_target(judgement)) or "not judged"
            return f"{stands}: {plain(asked(c))} asked by now, apart by {plain(distance(c))}{within}"
        case "paired":
            return _of_pair(c)
        case _:
            return f"{plain(reference(c))}; apart by {plain(distance(c))}{within}"


def _of_pair(c: "Comparison") -> str:
    """The other indicator's figure and its change, in its own unit; its limits are in the row of its own."""
    from pipeline.report.figures import observed
    from pipeline.report.numbers import places_of, signed
    from pipeline.report.text import plain

    other = c.reference
    if other is None or c.change is None:
        return plain(observed(other))
    points = " percentage points" if other.unit == "%" else f" {other.unit}"
    changed = signed(c.change, places_of(other.unit, c.change)) + points
    return f"{plain(observed(other))}, changed by {changed}"


def _category(judgement: "Judgement") -> str:
    from pipeline.report.cells import told_marks
    from pipeline.report.figures import change, interval
    from pipeline.report.numbers import signed
    from pipeline.report.text import plain

    c = judgement.comparison
    if is_unknown(c.observation.category):  # that their number moved is no finding about crime
        return f"{'':20}{_cut(c.observation.category, 24):<26}{plain(change(c))}"
    verdict = judgement.verdict.value.replace("_", " ") if judgement.verdict else ""
    within = plain(interval(c))
    amount = f"{plain(change(c))} ({within})" if within else plain(change(c))
    marks = "".join(f" {SHORTHAND[mark]}" for mark in sorted(told_marks(judgement)))
    told = f"{'':4}{verdict:<16}{_cut(c.observation.category, 24):<26}{amount}{marks}"
    if c.bound_lower is None or c.bound_upper is None:
        return told
    shared = f"{signed(c.pro_rata)} shared out, " if c.pro_rata is not None else ""
    bounds = f"{signed(c.bound_lower)} to {signed(c.bound_upper)}"
    return f"{told}\n{'':20}{shared}{bounds} whatever the unknowns are"


def _months(months: Iterable["ReleasedObservation"]) -> Iterator[str]:
    """The months as a table: a line a year."""
    from pipeline.report.figures import observed
    from pipeline.report.text import plain

    by_year: dict[int, dict[int, str]] = {}
    unit = ""
    for o in months:
        by_year.setdefault(o.period.start.year, {})[o.period.start.month] = plain(observed(o, marks=False))
        unit = o.unit
    yield f"Months, in {unit}"
    yield "      " + "".join(f"{name[:3]:>6}" for name in MONTH_NAMES)
    for year, values in by_year.items():
        yield f"  {year}" + "".join(f"{values.get(month, ''):>6}" for month in range(1, 13))


def _cut(text: str, width: int) -> str:
    return textwrap.shorten(text, width, placeholder="...") if len(text) > width else text
