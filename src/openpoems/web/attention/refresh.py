"""Working out why records ask for a look: after each change, by the worker; never when somebody looks at the list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from openpoems import __version__
from openpoems.language import ENGLISH, speaking
from openpoems.reports.attention import Reason, reasons
from openpoems.web.attention.models import Attention
from openpoems.web.clinic import followup, snapshots
from openpoems.web.clinic.models import Snapshot
from openpoems.web.insight.assessments import MADE_BY, document_of, keep
from openpoems.web.insight.models import Assessed
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import record_from

_FIELDS = tuple(field.name for field in Attention._meta.local_concrete_fields if not field.primary_key)


def stale(people: QuerySet[Person], today: date) -> QuerySet[Person]:
    """Of these people, those whose reasons are missing or old, or in whose record a day has come that lay ahead."""
    old = ~Q(attention__revision=F("revision")) | ~Q(attention__made_by=__version__) | Q(attention__again__lte=today)
    return people.filter(old | Q(attention__isnull=True))


def refresh(pseudonyms: Sequence[str], today: date) -> int:
    """Work out the reasons of these people anew and store them, with their snapshots; how many there were."""
    # Reasons are kept for every reader: they are put into a reader's language where they are shown.
    with speaking(ENGLISH):
        return _refresh(pseudonyms, today)


def _refresh(pseudonyms: Sequence[str], today: date) -> int:
    seen = {one.person_id: one for one in snapshots.refresh(pseudonyms, today)}
    kept = _kept(pseudonyms, today)
    current = Prefetch("facts", Fact.objects.filter(state=Fact.State.CURRENT).order_by("pk"), to_attr="counting")
    people = Person.objects.filter(pk__in=pseudonyms).prefetch_related(current)
    made = [_row(person, person.counting, seen[person.pk], kept, today) for person in people if person.pk in seen]
    Attention.objects.bulk_create(made, update_conflicts=True, unique_fields=["person"], update_fields=_FIELDS)
    return len(made)


def _kept(pseudonyms: Sequence[str], today: date) -> dict[tuple[str, int], Assessed]:
    """The assessments that are kept of these people, by person and revision: what is there is not made twice."""
    found = Assessed.objects.filter(person__in=pseudonyms, language=ENGLISH, version=MADE_BY, as_of=today)
    return {(each.person_id, each.revision): each for each in found.only("person", "revision", "document")}


def _row(
    person: Person, rows: Sequence[Fact], snapshot: Snapshot, kept: dict[tuple[str, int], Assessed], today: date
) -> Attention:
    # What is made here is kept for the person's pages, which are opened soon after a change more often than not.
    made = kept.get((person.pk, person.revision)) or keep(person, record_from(person, rows), today)
    told = reasons(document_of(made))
    kinds = {reason.kind for reason in told}
    overdue = list(_overdue(person, snapshot))
    return Attention(
        person=person,
        revision=person.revision,
        made_by=__version__,
        seen=timezone.now(),
        again=_next_day(rows, today),
        undetermined="undetermined" in kinds,
        lost="lost" in kinds,
        rising="rising" in kinds,
        unverified=snapshot.unverified,
        conflicts=snapshot.conflicts + sum(reason.kind == "contested" for reason in told),
        due=min((date.fromisoformat(each["since"]) for each in overdue), default=None),
        last_visit=snapshot.last_visit,
        reasons=[_kept_form(reason) for reason in told],
        overdue=overdue,
    )


def _kept_form(reason: Reason) -> dict[str, Any]:
    return {name: value for name, value in asdict(reason).items() if value}


def _overdue(person: Person, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """From when each measure of `followup.toml` is due; what was never measured, since the record was begun."""
    for rule in followup.rules():
        last = snapshot.last_days.get(rule.measure)
        since = rule.due_since(date.fromisoformat(last)) if last else person.created.date()
        yield {"rule": rule.id, "last": last, "since": since.isoformat()}


def _next_day(rows: Iterable[Fact], today: date) -> date | None:
    """The first day after today from which a fact of the record, or the end of one, may count otherwise."""
    days = (day for row in rows for day in (row.first_day, row.last_day) if day and day > today)
    return min(days, default=None)
