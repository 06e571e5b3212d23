"""A site that is served and worked for while it is killed: what is on it before, and what must never be seen after.

python -m tests.integration.served seed     prints whom to visit as, and where, as JSON
python -m tests.integration.served check    prints every fault, and how much was done
"""

import json
import sys
from time import time

from tests.integration import faults  # sets Django up

# isort: split
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Measurement, PartialDate
from openpoems.web.accounts.models import Centre, Membership, User
from openpoems.web.audit.models import Entry
from openpoems.web.clinic.models import Export, Job
from openpoems.web.registry import erasures
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import replay, unfinished
from openpoems.web.registry.actions.people import begin_record, describe
from openpoems.web.registry.consent import current_document
from openpoems.web.registry.models import Consent, Fact, Import, Person
from openpoems.web.registry.store import row_of

PEOPLE, LINES, ANSWERS = 15, 40, 3
CROWD, RESULTS_OF_EACH = 250, 12  # whom the worker looks at: enough to be killed amid it


def _vegf(value: float, year: int = 2024) -> Measurement:
    return Measurement(Concept((Coding("OPENPOEMS:vegf"),)), Quantity(value, "pg/mL"), on=PartialDate(year, 5))


def _session(user: User) -> str:
    """A session of an account that has just signed in."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time(), "email": user.email}]
    session.save()
    return session.session_key


def _staff(name: str, role: str, centre: Centre) -> User:
    user = User.objects.create_user(f"{name}@example.org", name=name)
    user.authenticator_set.create(type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    Membership.objects.create(user=user, role=role, centre=centre)
    return user


def _visited(number: int, centre: Centre) -> dict[str, object]:
    """A person with an account, and values that differ."""
    user = User.objects.create_user(f"p{number}@example.org")
    person = begin_record(by=user)
    describe(by=user, person=person, centre=centre)
    decide(by=user, person=person, choices=dict.fromkeys(("care", "centre", "research"), True))
    rows = [facts.enter(by=user, person=person, fact=_vegf(100.0 + value)).pk for value in range(ANSWERS)]
    return {"pseudonym": person.pk, "session": _session(user), "rows": rows}


def _crowd(centre: Centre) -> None:
    now, version = timezone.now(), current_document().version
    people = Person.objects.bulk_create(Person(centre=centre) for _ in range(CROWD))
    Consent.objects.bulk_create(
        Consent(person=person, purpose=purpose, given=True, document=version, at=now)
        for person in people
        for purpose in ("care", "centre", "research")
    )
    Fact.objects.bulk_create(
        row_of(person, _vegf(50.0, 2000 + n), by=None, at=now) for person in people for n in range(RESULTS_OF_EACH)
    )


def seed() -> None:
    """Make the centre, its staff, its people and the crowd."""
    centre = Centre.objects.create(slug="northtown", name="Northtown Clinic", country="GB")
    staff = {name: _session(_staff(name, role, centre)) for name, role in (("nora", "clinician"), ("lena", "lead"))}
    people = [_visited(number, centre) for number in range(PEOPLE)]
    _crowd(centre)
    table = "Date\tTest\tResult\n" + "".join(f"{1980 + line}-01-01\tHb\t{10 + line} g/dL\n" for line in range(LINES))
    print(json.dumps({**staff, "people": people, "table": table}))


def _half_imported() -> list[str]:
    """Each import is whole or nothing, and nobody has a line of it twice."""
    found = []
    for source in Import.objects.annotate(lines=Count("rows", distinct=True), stored=Count("facts", distinct=True)):
        whole = {"previewed": (LINES, 0), "accepted": (LINES, LINES)}
        if (source.lines, source.stored) != whole[source.state]:
            found.append(f"import {source.pk}, {source.state}: {source.lines} rows, {source.stored} facts")
    twice = Fact.objects.exclude(source=None).values("person", "first_day").annotate(n=Count("pk")).filter(n__gt=1)
    return found + [f"{row['person']}: a line {row['n']} times" for row in twice]


def _half_adjudicated() -> list[str]:
    undecided, decided = {"current": ANSWERS}, {"current": 1, "set-aside": ANSWERS - 1}
    found = []
    for person in Person.objects.exclude(ties=None):
        rows = person.facts.filter(source=None)
        states = {row["state"]: row["n"] for row in rows.order_by().values("state").annotate(n=Count("pk"))}
        verified = rows.exclude(verified=None).count()
        if (states, verified) not in ((undecided, 0), (decided, 1)):
            found.append(f"{person.pk}: {states}, {verified} verified")
    return found


def _half_erased() -> list[str]:
    """Who is in the ledger is gone whole, and nobody is gone who is not in it."""
    listed, gone = (
        {entry.person for entry in erasures.read()},
        set(Entry.objects.filter(action="erase").values_list("person", flat=True)),
    )
    replay(erasures.read())
    found = [f"{pseudonym}: erased, and not in the ledger" for pseudonym in gone - listed]
    found += [f"{person.pk}: in the ledger, and there" for person in Person.objects.filter(pk__in=listed)]
    return found + [f"{entry.person}: not finished" for entry in unfinished()]


def _half_worked() -> list[str]:
    """What a job says is done, is."""
    done = Job.objects.filter(state=Job.State.DONE, kind=Job.Kind.EXPORT)
    made = Export.objects.filter(job__in=done)
    whole = {each.pk for each in made if bytes(each.archive)[:2] == b"PK" or each.thrown_away}
    found = [f"export {job.pk}: done, and neither to take nor thrown away" for job in done if job.pk not in whole]
    return found + [f"job {job.pk}: {job.says}" for job in Job.objects.filter(state=Job.State.FAILED)]


def check() -> None:
    """Print every fault, and how much was done by now."""
    found = [*_half_erased(), *_half_imported(), *_half_adjudicated(), *_half_worked(), *faults.faults_of_the_log()]
    done = {
        "imported": Import.objects.filter(state=Import.State.ACCEPTED).count(),
        "adjudicated": Fact.objects.exclude(verified=None).count(),
        "erased": len(erasures.read()),
    }
    print(json.dumps({"faults": found, "done": done}))


if __name__ == "__main__":
    {"seed": seed, "check": check}[sys.argv[1]]()
