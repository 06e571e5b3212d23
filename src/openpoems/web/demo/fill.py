"""Putting the invented people into an empty database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction

from openpoems.errors import OpenpoemsError
from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Provenance
from openpoems.record.time import days
from openpoems.web.accounts.models import Centre, User
from openpoems.web.attention.tasks import look
from openpoems.web.audit.context import acts
from openpoems.web.clinic.snapshots import refresh
from openpoems.web.demo.accounts import is_demo_database, make_accounts
from openpoems.web.demo.answers import fill_answers
from openpoems.web.demo.community import fill_community
from openpoems.web.demo.invented import invented
from openpoems.web.demo.people import Invented, people
from openpoems.web.demo.published import published_cases
from openpoems.web.registry.consent import agreeing, current_document
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.forms.register import entry
from openpoems.web.registry.identity import Who, seal
from openpoems.web.registry.models import Consent, Draft, Fact, Identity, Person, Tie
from openpoems.web.registry.people import visible_to
from openpoems.web.registry.pseudonyms import ALPHABET
from openpoems.web.registry.store import facts_in, row_of

_AT_A_TIME = 500
# How many days after a result somebody types it in, at most.
_LATE_DAYS = 20


@dataclass
class Rows:
    """Rows that wait to be stored together."""

    people: list[Person]
    identities: list[Identity]
    consents: list[Consent]
    facts: list[Fact]
    ties: list[Tie]


def fill(today: date, cases: Path | None) -> str:
    """Fill an empty database, once; say what is there. Raises `OpenpoemsError` where it is no demo's."""
    if not settings.DEMO or settings.SECURE:
        raise OpenpoemsError("not a demo's settings: set OPENPOEMS_DEMO=yes, and OPENPOEMS_DATA to a folder of its own")
    if is_demo_database():
        return f"the demo's {Person.objects.count()} people are still there, with what you changed"
    if Person.objects.exists() or User.objects.exists():
        raise OpenpoemsError("this database holds people who are not the demo's: set OPENPOEMS_DATA to another folder")
    with acts("command:demo", via="command", reason="filling the demo"), transaction.atomic():
        _fill(today, cases)
    return f"{Person.objects.count()} people at {Centre.objects.count()} centres, none of them real"


def _fill(today: date, cases: Path | None) -> None:
    centres = {
        row["slug"]: Centre.objects.create(**{name: row[name] for name in ("slug", "name", "city", "country")})
        for row in invented()["centre"]
    }
    users, rows = make_accounts(centres), Rows([], [], [], [], [])
    staff = {m.role: m.user for user in users.values() for m in user.memberships.filter(centre=centres["lindenau"])}
    for number, one in enumerate(people(today)):
        _add(rows, one, centres[one.centre["slug"]], _account(number, one, users), staff)
    proxy = users["piet@example.org"]
    rows.ties.append(Tie(user=proxy, person=rows.people[1], kind=Tie.Kind.PROXY))
    if cases:
        for name, record in published_cases(cases):
            _add_case(rows, name, record, centres["lindenau"])
    _store(rows)
    refresh([person.pk for person in rows.people], today)
    transaction.on_commit(look.enqueue)  # who needs attention: the demo's worker sees to it while the site starts
    _leave_drafts(staff["abstractor"])
    fill_answers(users["eda@example.org"], users["remo@example.org"], users["aki@example.org"], today)
    fill_community(today)


def _account(number: int, one: Invented, users: dict[str, User]) -> User | None:
    if number == 0:
        return users["ada@example.org"]
    if not one.has_account:
        return None
    return User.objects.create(email=f"person{number:03}@example.org", password="!", name=one.name)  # noqa: S106


def _add(rows: Rows, one: Invented, centre: Centre, user: User | None, staff: dict[str, User]) -> None:
    person = _person(rows, one.record, centre, one.status)
    person.birth_year = one.birth.year
    who = Who(name=one.name, birth=one.birth.isoformat(), local_number=one.number)
    rows.identities.append(_sealed(person, who, centre))
    if user is not None:
        rows.ties.append(Tie(user=user, person=person, kind=Tie.Kind.SELF))
    diagnosed = next(event.on for event in one.record.events if event.kind == "diagnosis")
    at = datetime.combine(date.fromordinal((days(diagnosed, None) or (0, 1))[1]), time(9), UTC)
    method = Consent.Method.SCREEN if user else Consent.Method.PAPER
    for purpose in one.agreed:
        rows.consents.append(_decision(person, purpose, at, method, user, given=True))
    for purpose in one.withdrawn:
        later = at + timedelta(days=200)
        rows.consents.append(_decision(person, purpose, later, method, user, given=False))
    speakers = {**staff, "patient": user}
    rows.facts += _facts(person, facts_in(one.record), speakers, Random(person.birth_year))  # noqa: S311


def _add_case(rows: Rows, name: str, record: PatientRecord, centre: Centre) -> None:
    person = _person(rows, record, centre, Person.Status.ALIVE)
    rows.identities.append(_sealed(person, Who(name=f"Published case: {name}", local_number=name), centre))
    at = datetime.combine(current_document().released, time(), UTC)
    for purpose in ("care", "centre"):
        rows.consents.append(_decision(person, purpose, at, Consent.Method.PAPER, None, given=True))
    rows.facts += _facts(person, facts_in(record), {}, Random(name))  # noqa: S311


def _person(rows: Rows, record: PatientRecord, centre: Centre, status: str) -> Person:
    person = Person(
        pseudonym=_pseudonym(len(rows.people)),
        centre=centre,
        sex=record.sex,
        status=status,
        last_seen=str(record.last_seen) if isinstance(record.last_seen, PartialDate) else "",
        revision=1,
    )
    rows.people.append(person)
    return person


def _pseudonym(number: int) -> str:
    """The same for the same number, so that two demos have the same addresses."""
    rng = Random(f"{invented()['seed']} pseudonym {number}")  # noqa: S311 - of nobody
    return "-".join("".join(rng.choices(ALPHABET, k=4)) for _ in range(3))


def _sealed(person: Person, who: Who, centre: Centre) -> Identity:
    row = Identity(person=person)
    seal(row, who, centre.pk)
    return row


def _decision(person: Person, purpose: str, at: datetime, method: str, by: User | None, *, given: bool) -> Consent:
    version = current_document().version
    return Consent(person=person, purpose=purpose, given=given, document=version, method=method, by=by, at=at)


def _facts(person: Person, facts: Iterable[RecordFact], who: dict[str, Any], rng: Random) -> list[Fact]:
    """Rows of facts, each entered by who says it; a clinician verified most of what an abstractor entered."""
    found: dict[str, Fact] = {}
    for fact in facts:
        row = row_of(person, replace(fact, path=""), by=_by(fact.provenance, who), at=_entered(fact, rng))
        if fact.provenance.said_by == "abstractor" and rng.random() < 0.8 and "clinician" in who:  # noqa: PLR2004
            row.verified_by, row.verified = who["clinician"], row.entered + timedelta(days=1)
        found.setdefault(row.digest, row)
    return list(found.values())


def _by(provenance: Provenance, who: dict[str, Any]) -> Any:
    return who.get("abstractor" if provenance.said_by == "laboratory" else provenance.said_by)


def _entered(fact: RecordFact, rng: Random) -> datetime:
    when = getattr(fact, "on", None) or getattr(fact, "start", None)
    known = days(when, None) if when is not None and not str(when).startswith("P") else None
    day = date.fromordinal(known[1]) if known else current_document().released
    return datetime.combine(day, time(12), UTC) + timedelta(days=rng.randint(0, _LATE_DAYS))


def _store(rows: Rows) -> None:
    Person.objects.bulk_create(rows.people, batch_size=_AT_A_TIME)
    Identity.objects.bulk_create(rows.identities, batch_size=_AT_A_TIME)
    Consent.objects.bulk_create(rows.consents, batch_size=_AT_A_TIME)
    Tie.objects.bulk_create(rows.ties, batch_size=_AT_A_TIME)
    Fact.objects.bulk_create(rows.facts, batch_size=_AT_A_TIME)


def _leave_drafts(by: User) -> None:
    """Forms that somebody began and was called away from, in records that are open to them."""
    wanted = max(1, round(invented()["flaws"]["draft"] * invented()["people"]))
    form, saved = entry("result", "vegf").key, datetime.now(UTC)
    open_to = agreeing(visible_to(by, "write-record"), "care").order_by("pk")[:wanted]
    Draft.objects.bulk_create(
        Draft(user=by, person=person, form=form, fields={"unit": "pg/mL", "specimen": "plasma"}, saved=saved)
        for person in open_to
    )
