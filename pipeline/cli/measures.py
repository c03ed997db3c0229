"""What `check` prints of the success measures: what carries each of them, or what it awaits."""

import textwrap
from typing import Any

from pipeline.cli.words import WIDTH, wrapped
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Priority


def measures_text(definitions: Definitions, examples: int) -> str:
    """Every success measure and duty with its indicators, or the return it awaits and from whom."""
    lines: list[str] = []
    for group in (*definitions.priorities.values(), *definitions.duties.values()):
        lines.append(group.title)
        for measure in group.measures.values():
            lines.append(wrapped(measure.title, 2))
            lines.extend(
                wrapped(f"{'headline' if u.headline else 'beside it'}: {u.use} (want {u.want})", 4)
                for u in measure.uses
            )
            lines.extend(
                wrapped(f"awaits {w.item or 'a return'} from {w.owner}: {w.reason}", 4)
                for w in measure.awaited
            )
        lines.append("")
    priorities, duties = definitions.priorities, definitions.duties
    lines.append(
        f"{_count(priorities)} success measures in {len(priorities)} priorities, "
        f"{len(duties)} statutory duties, {len(definitions.indicators)} indicators, "
        f"{examples} worked examples: all in order"
    )
    carried = carries(definitions)
    of_all = (
        f"Of {len(definitions.indicators)} indicators {carried['examples']} have a worked example, "
        f"{carried['why']} say why they matter, {carried['checked_by']} name who checked them"
    )
    return "\n".join([*lines[:-1], *textwrap.wrap(lines[-1], WIDTH), *textwrap.wrap(of_all, WIDTH)])


def carries(definitions: Definitions) -> dict[str, int]:
    """How many indicators have a worked example, a reason and somebody who checked them."""
    indicators = definitions.indicators.values()
    return {
        "examples": sum(bool(indicator.examples) for indicator in indicators),
        "why": sum(bool(indicator.why) for indicator in indicators),
        "checked_by": sum(indicator.govern.checked_by is not None for indicator in indicators),
    }


def measures_json(definitions: Definitions) -> dict[str, Any]:
    """The same for machines."""
    return {
        kind: {
            group_id: {
                measure_id: {
                    "title": measure.title,
                    "uses": [
                        use.model_dump(mode="json", include={"use", "want", "headline"})
                        for use in measure.uses
                    ],
                    "awaiting": [awaited.model_dump(mode="json") for awaited in measure.awaited],
                }
                for measure_id, measure in group.measures.items()
            }
            for group_id, group in groups.items()
        }
        for kind, groups in (("priorities", definitions.priorities), ("duties", definitions.duties))
    }


def _count(groups: dict[str, Priority]) -> int:
    return sum(len(group.measures) for group in groups.values())
