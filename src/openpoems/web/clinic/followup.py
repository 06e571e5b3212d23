"""What is due: rules as data, and who has not been measured for longer than a rule says."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from openpoems.web.clinic.models import Reminder
from openpoems.web.registry.models import Person

_DAYS_A_MONTH = 30.436875


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure that is taken again every so many months; `source` says by whose word, `verified` how far checked."""

    id: str
    title: str
    measure: str
    every_months: int
    again_after: int
    source: str
    verified: str

    def due_since(self, last: date) -> date:
        """The day from which it is due, when it was last measured on a day."""
        return last + timedelta(days=round(self.every_months * _DAYS_A_MONTH))


@dataclass(frozen=True, slots=True, repr=False)
class Due:
    """Something of a person that is due: never measured (`last` is None), or last on a day; `reminded` says when."""

    person: Person
    rule: Rule
    last: date | None
    since: date | None
    reminded: datetime | None

    def __repr__(self) -> str:
        return "<Due>"

    def waits(self, now: datetime) -> bool:
        """Whether the last reminder is too young for another."""
        return self.reminded is not None and now - self.reminded < timedelta(days=self.rule.again_after)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of `followup.toml`."""
    table = tomllib.loads(Path(__file__).with_name("followup.toml").read_text("utf-8"))
    return tuple(Rule(id=id, **row) for id, row in table.items())


def due(people: QuerySet[Person], today: date) -> list[Due]:
    """What is due of these people, the longest first; of somebody dead or lost nothing is."""
    alive = people.filter(status=Person.Status.ALIVE, snapshot__isnull=False).select_related("snapshot")
    reminded = _reminded(people)
    found = [one for person in alive for one in _of(person, today, reminded)]
    return sorted(found, key=lambda one: (one.since or date.min, one.person.pk, one.rule.id))


def _of(person: Person, today: date, reminded: dict[tuple[str, str], datetime]) -> Iterator[Due]:
    for rule in rules():
        told = person.snapshot.last_days.get(rule.measure)
        last = date.fromisoformat(told) if told else None
        since = rule.due_since(last) if last else None
        if since is None or since <= today:
            yield Due(person, rule, last, since, reminded.get((person.pk, rule.id)))


def _reminded(people: QuerySet[Person]) -> dict[tuple[str, str], datetime]:
    asked = Reminder.objects.filter(person__in=people.values("pk")).order_by("pk")
    return {(pk, rule): at for pk, rule, at in asked.values_list("person_id", "rule", "asked")}
