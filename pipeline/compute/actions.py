"""The actions of the partnership's plan, read as they were delivered.

They are the partnership's own words and no observations: nobody is counted, so they pass no disclosure
control, and the plan names bodies and roles, never a person.
"""

from dataclasses import replace
from datetime import date

from pipeline.definitions.resolved import Definitions
from pipeline.model.action import Action, ActionStatus
from pipeline.query import compile_actions
from pipeline.store import Store

CONTRACT = "actions"
_ALWAYS = ("action_ref", "action", "due_on")
_OPTIONAL = ("serves", "owner", "status", "completed_on")  # columns that a mapping may leave out


def read_actions(store: Store, definitions: Definitions, as_at: date) -> tuple[Action, ...]:
    """Every action of every plan that a source delivers, by due date and reference; empty without one.

    As they stood on the day `as_at`: one that was completed later was open, and how far it was by then
    the plan does not say.
    """
    found: list[Action] = []
    for source in definitions.sources.values():
        if source.contract == CONTRACT and store.columns(source.id):
            found += _actions_of(store, source.id, as_at)
    return tuple(sorted(found, key=lambda action: (action.due, action.reference)))


def _actions_of(store: Store, table: str, as_at: date) -> list[Action]:
    there = [name for name in _OPTIONAL if name in store.columns(table)]
    absent = [name for name in _OPTIONAL if name not in there]
    query = compile_actions(table, [*_ALWAYS, *there], absent)
    rows = store.rows(query.sql, query.params)
    found = [
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
    return [
        replace(action, status=None, completed=None)
        if action.completed is not None and action.completed > as_at
        else action
        for action in found
    ]
