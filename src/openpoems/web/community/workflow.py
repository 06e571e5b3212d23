"""The way of a story, read from `workflow.toml`: states with owners, and the steps between them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

OWNERS = ("author", "moderators", "moderator")
# The words of the states, for people; the table says them in English for whoever reads it.
STATES = {
    "draft": _("being written"),
    "waiting": _("waiting for a moderator"),
    "claimed": _("being read by a moderator"),
    "returned": _("sent back with a question"),
    "declined": _("not published"),
    "published": _("published"),
}
STEPS = {
    "submit": _("sent to the moderators"),
    "take-back": _("taken back by the author"),
    "appeal": _("the author asked for a second opinion"),
    "claim": _("taken up by a moderator"),
    "give-back": _("given back to the queue"),
    "publish": _("published"),
    "return": _("sent back with a question"),
    "decline": _("not published"),
    "take-down": _("taken down after a report"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the states where it may begin, the one it leads to, who takes it, whether words must be given."""

    id: str
    begins: tuple[str, ...]
    leads: str
    by: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """`owners` by state, `steps` by id."""

    owners: dict[str, str]
    steps: dict[str, Step]


@cache
def workflow() -> Workflow:
    """The table. Raises `ValueError` where a state has no owner who can move it on, or a step leads nowhere."""
    return read(tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")))


def read(table: dict[str, Any]) -> Workflow:
    """A workflow from its table. Raises `ValueError`."""
    owners = {state: row["owner"] for state, row in table["states"].items()}
    steps = {
        id: Step(id, tuple(row["begins"]), row["leads"], row["by"], row.get("words", False))
        for id, row in table["steps"].items()
    }
    if set(owners) != set(STATES) or set(steps) != set(STEPS) or not set(owners.values()) <= set(OWNERS):
        raise ValueError("workflow.toml: a state or a step without words, or an owner that is none")
    for step in steps.values():
        if not {*step.begins, step.leads} <= set(owners):
            raise ValueError(f"workflow.toml, {step.id}: there is no such state")
    for state, owner in owners.items():
        if not any(state in step.begins and step.by == owner for step in steps.values()):
            raise ValueError(f"workflow.toml, {state}: its owner cannot move it on")
    return Workflow(owners, steps)
