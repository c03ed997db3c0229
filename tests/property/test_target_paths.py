"""A target's path against one walked month by month, which shares no code with it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.compute.targets import wanted_at
from pipeline.definitions.indicator import Window
from pipeline.definitions.strategy import Target
from pipeline.model.period import Period, add_months, format_month, parse_month

FIRST = parse_month("2020-01")
WINDOW = Window.model_validate({"kind": "month"})
VALUES = st.integers(0, 500)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    """A target with a start or without, and steps between: each figure by the number of its month."""
    ends = draw(st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True).map(sorted))
    named = [(format_month(add_months(FIRST, n)), draw(VALUES)) for n in ends]
    written = {"value": named[-1][1], "by": named[-1][0], "path": draw(st.sampled_from(["linear", "step"]))}
    inner, begins = named[:-1], draw(st.booleans())
    if inner and begins:
        written["from"] = {"period": inner[0][0], "value": inner[0][1]}
        inner = inner[1:]
    return Target.model_validate(written | {"steps": dict(inner)})


def walked(target: Target, months: int) -> Fraction | None:
    """What is asked in the month `months` after the first, by walking there one month at a time."""
    due = {name: value for name, value in target.steps.items()} | {target.by: target.value}
    if target.from_ is not None:
        due[target.from_.period] = target.from_.value
    numbered = {n: due.get(format_month(add_months(FIRST, n))) for n in range(60)}
    asked: Fraction | None = None
    for n in range(months + 1):
        here = numbered[n]
        if here is not None:
            asked = Fraction(here)
        elif asked is not None and target.path == "linear":
            ahead = next((m for m in range(n, 60) if numbered[m] is not None), None)
            if ahead is not None:
                asked += (Fraction(numbered[ahead] or 0) - asked) / (ahead - n + 1)
    if asked is None and target.from_ is None:
        return Fraction(next(value for n in range(60) if (value := numbered[n]) is not None))
    return asked


@given(target=targets(), months=st.integers(0, 50))
def test_a_path_is_the_one_walked_month_by_month(target: Target, months: int) -> None:
    found = wanted_at(target, WINDOW, Period.month(add_months(FIRST, months)))
    expected = walked(target, months)
    assert (found.value is None) == (expected is None)
    if found.value is not None and expected is not None:
        assert abs(found.value - float(expected)) < 1e-9
    assert found.last == (
        add_months(FIRST, months) >= parse_month(target.by) or not (target.steps or target.from_)
    )
