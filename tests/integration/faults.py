"""Work that is killed: a program that does one kind of change over and over, and one that looks at what is left.

    python -m tests.integration.faults seed | check
    python -m tests.integration.faults work NAME

Each kind of change is one entry of `WORK`: what is there before, the change, and what must never be seen after it.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")

import django

django.setup()

from django.db import transaction
from django.db.models import Count, QuerySet

from openpoems.interchange.table import Told
from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Feature, Measurement, PartialDate
from openpoems.web.accounts.models import Centre, Membership, User
from openpoems.web.audit import chain, triggers
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.registry import erasures, identity
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase, replay, unfinished
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.models import Consent, Draft, Fact, Identity, Import, Person

PEOPLE, FACTS_AT_ONCE, ANSWERS = 60, 20, 3
PEOPLE_IN_A_TABLE, LINES_OF_EACH = 4, 5


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
        decide(by=None, person=person, choices={"care": True})
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


# --- a centre's table: looked at, accepted, and every other one undone ----------------------------------------------
def _a_centre_that_imports() -> None:
    centre = Centre.objects.create(slug="imports", name="A centre that imports", country="GB")
    user = User.objects.create_user("importer@example.org", name="Importer")
    Membership.objects.create(user=user, role="clinician", centre=centre)


def _table(number: int) -> sources.Source:
    """The table of that number: it names its own people, in the centre's numbers."""
    lines = [
        f"{number}-{person}\t{2000 + line}-01-01\tHb\t{10 + line} g/dL\n"
        for person in range(PEOPLE_IN_A_TABLE)
        for line in range(LINES_OF_EACH)
    ]
    text = "Patient\tDate\tTest\tResult\n" + "".join(lines)
    return sources.read(f"table {number}", text.encode(), Told())


def _import_tables() -> Iterator[None]:
    """Table after table. The last one of a run that was killed comes once more, as somebody would send it again."""
    by, centre = User.objects.get(email="importer@example.org"), Centre.objects.get(slug="imports")
    number = max(_imports().values("name").distinct().count() - 1, 0)
    while True:
        made = previews.preview_for_centre(by=by, centre=centre, source=_table(number), said_by="clinician")
        yield
        with suppress(Refused):  # the run that was killed had stored it already
            decisions.accept(by=by, source=made, agreed=True)
            yield
            if number % 2:
                decisions.undo(by=by, source=made)
        yield
        number += 1


def _imports() -> QuerySet[Import]:
    return Import.objects.filter(centre__slug="imports")


def _half_imported() -> list[str]:
    return [*_half_decided(), *_stored_twice(), *_half_begun()]


def _half_decided() -> list[str]:
    """Of an import, each row is a fact, or none is: all count, or none does."""
    lines, found = PEOPLE_IN_A_TABLE * LINES_OF_EACH, []
    whole = {
        Import.State.PREVIEWED: (lines, 0, 0),
        Import.State.ACCEPTED: (lines, lines, lines),
        Import.State.UNDONE: (lines, lines, 0),
    }
    for source in _imports():
        current = source.facts.filter(state=Fact.State.CURRENT).count()
        seen = (source.rows.count(), source.facts.count(), current)
        if seen != whole[Import.State(source.state)]:
            found.append(f"import {source.pk}, {source.state}: rows, facts and what counts are {seen}")
    return found


def _stored_twice() -> list[str]:
    """A table that was sent again is there once, and so is each of its people."""
    accepted = _imports().filter(state=Import.State.ACCEPTED).values("digest").annotate(n=Count("pk"))
    found = [f"{row['digest']}: stored {row['n']} times" for row in accepted if row["n"] > 1]
    stored = _imports().exclude(state=Import.State.PREVIEWED).values("digest").distinct().count()
    people = Person.objects.filter(centre__slug="imports").count()
    return found if people == stored * PEOPLE_IN_A_TABLE else [*found, f"{people} people of {stored} tables"]


def _half_begun() -> list[str]:
    """Whoever an import began has a number, both agreements on paper, and what the table says."""
    people = Person.objects.filter(centre__slug="imports")
    numbered = people.exclude(identity__local_digest="").filter(identity__isnull=False)
    agreed = Consent.objects.filter(person__in=people, given=True, method=Consent.Method.PAPER)
    told = people.filter(facts__isnull=False).distinct()
    seen = (numbered.count(), agreed.count() / 2, told.count())
    return [] if set(seen) <= {people.count()} else [f"{people.count()} people were begun, and {seen} of them whole"]


WORK = {
    "entry": Work(lambda: _prepare("entered"), _enter_many, _half_entered),
    "erasure": Work(lambda: _prepare("erased", _something_to_erase), _erase_all, _half_erased),
    "adjudication": Work(lambda: _prepare("adjudicated", _values_that_differ), _adjudicate, _half_adjudicated),
    "import": Work(_a_centre_that_imports, _import_tables, _half_imported),
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


def faults_of_the_log() -> list[str]:
    """The chain is whole, every table is watched, and the log knows of as many facts as there are."""
    verdict = chain.verify()
    logged = Entry.objects.filter(action="insert", place="registry_fact").count()
    gone = Entry.objects.filter(action="delete", place="registry_fact").count()
    found = [f"log: {verdict.fault}"] if verdict.fault else []
    if logged - gone != Fact.objects.count():
        found.append(f"the log knows of {logged - gone} facts, the database of {Fact.objects.count()}")
    return found + [f"no trigger on {table}" for table in triggers.missing()]


def check() -> None:
    """Print every fault as JSON, and how much was done by now."""
    found = [f"{name}: {fault}" for name, work in WORK.items() for fault in work.faults()] + faults_of_the_log()
    done = {
        "entered": Fact.objects.filter(about__startswith="batch").count(),
        "erased": PEOPLE - len(_people("erased")),
        "adjudicated": Fact.objects.filter(state=Fact.State.SET_ASIDE).count(),
        "imported": _imports().filter(state=Import.State.ACCEPTED).count(),
        "undone": _imports().filter(state=Import.State.UNDONE).count(),
    }
    found += ["a draft from nowhere"] if Draft.objects.exists() else []
    print(json.dumps({"faults": found, "done": done}))


if __name__ == "__main__":
    {"seed": seed, "check": check, "work": lambda: do(sys.argv[2])}[sys.argv[1]]()
