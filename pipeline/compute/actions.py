"""The actions of the partnership's plan, read as they were delivered.

They are the partnership's own words and no observations: nobody is counted, so they pass no disclosure
control, and the plan names bodies and roles, never a person.
"""

from pipeline.definitions.resolved import Definitions
from pipeline.model.action import Action, ActionStatus
from pipeline.store import Store

CONTRACT = "actions"
_OPTIONAL = ("serves", "owner", "status", "completed_on")  # columns that a mapping may leave out


def read_actions(store: Store, definitions: Definitions) -> tuple[Action, ...]:
    """Every action of every plan that a source delivers, by due date and reference; empty without one."""
    found: list[Action] = []
    for source in definitions.sources.values():
        if source.contract == CONTRACT and store.columns(source.id):
            found += _actions_of(store, source.id)
    return tuple(sorted(found, key=lambda action: (action.due, action.reference)))


def _actions_of(store: Store, table: str) -> list[Action]:
    there = store.columns(table)
    optional = ", ".join(name if name in there else f"NULL AS {name}" for name in _OPTIONAL)
    rows = store.rows(f'SELECT action_ref, action, due_on, {optional} FROM "{table}"')
    return [
        Action(
            reference=row["action_ref"],
            serves=row["serves"] or "",
            words=row["action"],
            owner=row["owner"] or "",
            due=row["due_on"],
            status=ActionStatus(row["status"]) if row["status"] else None,
            completed=row["completed_on"],
        )
        for row in rows
    ]
