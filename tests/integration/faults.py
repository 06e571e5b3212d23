"""Work that is killed: a program that does one kind of change over and over, and one that looks at what is left.

    python -m tests.integration.faults seed | check
    python -m tests.integration.faults work NAME

Each kind of change is one entry of `WORK`: what is there before, the change, and what must never be seen after it.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")

import django

django.setup()

from django.db import transaction
from django.db.models import Count

from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Feature, Measurement, PartialDate
from openpoems.web.accounts.models import User
from openpoems.web.audit import chain, triggers
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.registry import erasures, identity
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.erasure import erase, replay, unfinished
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Draft, Fact, Identity, Person

PEOPLE, FACTS_AT_ONCE, ANSWERS = 60, 20, 3


@dataclass(frozen=True)
class Work:
    """`prepare` makes what is worked on, `turns` does one change after the other, `faults` says what is not whole."""

    prepare: Callable[[], None]
    turns: Callable[[], Iterator[None]]
    faults: Callable[[], list[str]]


def _people(tag: str) -> list[Person]:
    return [
        identity_row.person for identity_row in Identity.objects.select_related("person") if _tag(identity_row) == tag
    ]


def _tag(row: Identity) -> str:
    return identity.opened(row).name


def _prepare(tag: str, then: Callable[[Person], None] = lambda person: None) -> None:
    for _ in range(PEOPLE):
        person = Person.objects.create()
        identify(by=None, person=person, who=Who(name=tag))
        then(person)


# --- many facts at once, as an import stores them -------------------------------------------------------------------
def _enter_many() -> Iterator[None]:
    people = _people("entered")
    batches = Fact.objects.values("about").distinct().count()
    while True:
        batches += 1
        person = people[batches % PEOPLE]
        with transaction.atomic():
            for n in range(FACTS_AT_ONCE):
                facts.enter(by=None, person=person, fact=Feature(Concept(text=f"batch {batches}"), note=str(n)))
        yield


def _half_entered() -> list[str]:
    counted = Fact.objects.filter(about__startswith="batch").values("about").annotate(n=Count("pk"))
    return [f"{row['about']}: {row['n']} facts" for row in counted if row["n"] != FACTS_AT_ONCE]


# --- erasure --------------------------------------------------------------------------------------------------------
def _something_to_erase(person: Person) -> None:
    for n in range(5):
        facts.enter(by=None, person=person, fact=Feature(Concept(text="to be erased"), note=str(n)))


def _erase_all() -> Iterator[None]:
    for person in _people("erased"):
        erase(by=None, person=person)
        yield


def _half_erased() -> list[str]:
    left = {person.pk for person in _people("erased")}
    whole = Fact.objects.filter(about="to be erased").values("person").annotate(n=Count("pk"))
    found = [f"{row['person']}: {row['n']} facts left" for row in whole if row["n"] != 5 or row["person"] not in left]
    gone = set(Entry.objects.filter(action="erase").values_list("person", flat=True))
    found += [f"{pseudonym}: erased, and not in the ledger" for pseudonym in gone - {e.person for e in erasures.read()}]
    replay(erasures.read())
    return [*found, *(f"{entry.person}: not finished" for entry in unfinished())]


# --- adjudication ---------------------------------------------------------------------------------------------------
def _values_that_differ(person: Person) -> None:
    for value in range(ANSWERS):
        vegf = Measurement(
            Concept((Coding("OPENPOEMS:vegf"),)), Quantity(100.0 + value, "pg/mL"), on=PartialDate(2024, 5)
        )
        facts.enter(by=None, person=person, fact=vegf)


def _adjudicate() -> Iterator[None]:
    judge = User.objects.get(email="judge@example.org")
    for person in _people("adjudicated"):
        rows = list(person.facts.filter(state=Fact.State.CURRENT))
        if len(rows) == ANSWERS:
            facts.prefer(by=judge, row=rows[0], over=rows[1:], why="the laboratory's own report")
        yield


def _half_adjudicated() -> list[str]:
    found = []
    for person in _people("adjudicated"):
        states = sorted((row.state, row.verified_by_id is not None) for row in person.facts.all())
        undecided = [("current", False)] * ANSWERS
        decided = [("current", True), *[("set-aside", False)] * (ANSWERS - 1)]
        if states not in (undecided, decided):
            found.append(f"{person.pk}: {states}")
    return found


WORK = {
    "entry": Work(lambda: _prepare("entered"), _enter_many, _half_entered),
    "erasure": Work(lambda: _prepare("erased", _something_to_erase), _erase_all, _half_erased),
    "adjudication": Work(lambda: _prepare("adjudicated", _values_that_differ), _adjudicate, _half_adjudicated),
    # An import (preview, accept, undo) is one more entry here.
}


def seed() -> None:
    """Make what every kind of work needs."""
    User.objects.create_user("judge@example.org", name="Judge")
    for work in WORK.values():
        work.prepare()


def do(name: str) -> None:
    """Change after change, each said on a line of its own, until there is nothing left or the process is killed."""
    print("ready", flush=True)
    with acts("command:faults", via="command"):
        for turn, _ in enumerate(WORK[name].turns()):
            print(turn, flush=True)


def check() -> None:
    """Print every fault as JSON, and how much was done by now."""
    found = [f"{name}: {fault}" for name, work in WORK.items() for fault in work.faults()]
    verdict = chain.verify()
    logged = Entry.objects.filter(action="insert", place="registry_fact").count()
    gone = Entry.objects.filter(action="delete", place="registry_fact").count()
    if logged - gone != Fact.objects.count():
        found.append(f"the log knows of {logged - gone} facts, the database of {Fact.objects.count()}")
    done = {
        "entered": Fact.objects.filter(about__startswith="batch").count(),
        "erased": PEOPLE - len(_people("erased")),
        "adjudicated": Fact.objects.filter(state=Fact.State.SET_ASIDE).count(),
    }
    found += [f"log: {verdict.fault}"] if verdict.fault else []
    found += [f"no trigger on {table}" for table in triggers.missing()]
    found += ["a draft from nowhere"] if Draft.objects.exists() else []
    print(json.dumps({"faults": found, "done": done}))


if __name__ == "__main__":
    {"seed": seed, "check": check, "work": lambda: do(sys.argv[2])}[sys.argv[1]]()
