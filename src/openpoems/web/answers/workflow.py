"""The life of an answer, from the one table `workflow.toml`: its states, who owns each, and the steps between them."""

from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

By = Literal["editor", "reviewer", "clock"]
Standing = Literal["project", "reviewed", "overdue", "gone"]


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state, in words, and who must act next."""

    says: str
    owner: Literal["editor", "reviewer"]


class StepRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"starts": "from"}):
    """A step: from which states it leads to which, who takes it, and what it needs."""

    says: str
    starts: tuple[str, ...]
    to: str
    by: By
    words: bool = False
    not_by_author: bool = False


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a review lasts, and how long an answer stays when it is overdue."""

    review_months: int
    withdrawn_months: int


class Workflow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    times: Times
    state: dict[str, State]
    step: dict[str, StepRule]


@cache
def workflow() -> Workflow:
    """The table. Raises `ValueError` where a step leads from or to a state that does not exist."""
    table = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=Workflow)
    for name, step in table.step.items():
        if unknown := {*step.starts, step.to} - table.state.keys():
            raise ValueError(f"workflow.toml, {name}: there is no state {', '.join(sorted(unknown))}")
    return table


def steps_from(state: str, by: By) -> dict[str, StepRule]:
    """The steps that somebody can take from a state."""
    return {name: step for name, step in workflow().step.items() if state in step.starts and step.by == by}


def due_after(reviewed: date) -> date:
    """The day on which a review of that day falls due."""
    return months_later(reviewed, workflow().times.review_months)


def gone_after(due: date) -> date:
    """The day on which an answer is withdrawn when its review was due on that day."""
    return months_later(due, workflow().times.withdrawn_months)


def standing(review_due: date | None, today: date) -> Standing:
    """How a public version stands: never reviewed (the project's draft), reviewed, overdue, or gone from the front."""
    if review_due is None:
        return "project"
    if today < review_due:
        return "reviewed"
    return "overdue" if today < gone_after(review_due) else "gone"


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
