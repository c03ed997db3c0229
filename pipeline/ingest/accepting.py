"""Accepting: the new deliveries of a run before the judge of `pipeline.quality`, and who may overrule it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from pipeline.definitions.resolved import Definitions
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED, Reading
from pipeline.model.acceptance import Acceptance
from pipeline.model.delivery import Accounting, Extract
from pipeline.quality.judging import Judged, Judging
from pipeline.quality.profile import Delivered, Staged, profiles
from pipeline.store import Store
from pipeline.workspace import Workspace

FEW = 5  # months that are named before the rest is counted


class Panel:
    """The judge, and which deliveries it is asked about: the new ones of sources that have a suite."""

    def __init__(
        self, definitions: Definitions, judging: Judging, new: Sequence[str], accepted: Collection[str]
    ) -> None:
        self._definitions = definitions
        self._judging = judging
        self._new = frozenset(new)
        self._accepted = accepted

    @classmethod
    @contextmanager
    def called(
        cls,
        workspace: Workspace,
        definitions: Definitions,
        extracts: Sequence[Extract],
        new: Sequence[str],
        accepted: Collection[str],
    ) -> Iterator["Panel | None"]:
        """The judge at work while deliveries are read; None, at no cost, where it has nothing to judge.

        `accepted` are the deliveries that a person has taken as they are.
        """
        if not any(e.delivery in new and e.source in definitions.suites for e in extracts):
            yield None
            return
        # Where a kill leaves it, the next run sweeps it away.
        result = workspace.private_folder(workspace.curated) / f".{workspace.warehouse.name}.judged"
        with Judging.started(result) as judging:
            yield cls(definitions, judging, new, accepted)

    def examine(self, store: Store, mapping: Mapping, readings: Sequence[Reading]) -> None:
        """Put the new deliveries of one source before the judge, while its mapped rows are in the store."""
        source = mapping.source
        extracts = [reading.file.extract for reading in readings]
        new = [e.delivery for e in extracts if e.delivery in self._new]
        if source.id not in self._definitions.suites or not new:
            return
        counted = "NOT _aside" if source.rows or source.present else "true"
        staged = Staged(MAPPED, counted, f"{mapping.faultless} AND {counted}")
        delivered = [
            Delivered(r.file.number, e.delivery, e.supplier, len(r.refusals), e.stated_records)
            for r, e in zip(readings, extracts, strict=True)
        ]
        accepted = [e.delivery for e in extracts if e.delivery in self._accepted]
        suite = self._definitions.suites[source.id]
        if source.geography and not store.columns(source.geography) and suite.months:
            # Received by hand before the geography: no row has a district yet.
            suite = suite.model_copy(update={"months": suite.months.model_copy(update={"areas": ()})})
        self._judging.ask(
            source.id,
            suite,
            profiles(store, self._definitions, source, staged, delivered),
            new,
            accepted,
        )

    def results(self) -> tuple[Judged, ...]:
        """What came of every delivery examined. Raises ExtractError where that is not known."""
        return self._judging.results()


def effects_of(store: Store, accounting: Sequence[Accounting]) -> dict[str, tuple[str, ...]]:
    """By delivery, what taking it changes of what others brought: rows that would go, month by month."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for row in store.rows(
        "SELECT delivery, strftime(month, '%Y-%m') AS month, sum(rows)::BIGINT AS n FROM revisions "
        "WHERE kind = 'removed' GROUP BY ALL ORDER BY ALL"
    ):
        found.setdefault(row["delivery"], []).append((row["month"], row["n"], 0))
    for account in accounting:
        for period, rows, known in account.partial:
            found.setdefault(account.delivery, []).append((period, known, rows))
    return {delivery: tuple(_effects(gone)) for delivery, gone in found.items()}


def _effects(gone: Sequence[tuple[str | None, int, int]]) -> Iterator[str]:
    """A sentence for each of the months, or waves, that lose most."""
    most = sorted(gone, key=lambda one: (-one[1], one[0] or ""))
    for period, rows, instead in most[:FEW]:
        what = f"the {rows:,} rows" if rows != 1 else "the row"
        told = f"taking it takes away {what} of {period or 'no month'} that came before it and that it lacks"
        if instead:
            told = f"taking it puts {instead:,} in the place of {what} of {period} that came before it"
        yield told
    if len(most) > FEW:
        yield f"and {sum(one[1] for one in most[FEW:]):,} rows of {len(most) - FEW:,} further months"


def held_text(waiting: Sequence[Acceptance]) -> str:
    """Why deliveries are held, what taking them changes, and the exact commands that decide on them."""
    lines = []
    for one in waiting:
        lines.append(f"{one.file_name} is held, as {one.delivery}, and was not loaded:")
        lines += [f"  - {reason}" for reason in one.reasons]
        lines.append(
            "  If it is wrong, ask the supplier for another and put that in its place, or leave it out:"
        )
        lines.append(f'  assessment ingest --decline {one.delivery} --by "NAME" --reason "TEXT"')
        lines.append("  If it is right, take it, with your name and the reason:")
        lines += [f"  - {effect}" for effect in one.effects]
        lines.append(f'  assessment ingest --accept {one.delivery} --by "NAME" --reason "TEXT"')
    return "\n".join(lines)
