"""What the lists need of a record: worked out once for each revision of it, never when somebody looks.

A snapshot that belongs to an older revision, or was made by an older version of openpoems, is stale and made anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet

from openpoems import __version__
from openpoems.criteria.delay import delay
from openpoems.findings.derive import derive
from openpoems.findings.measured import measure_named
from openpoems.knowledge.store import knowledge
from openpoems.language import ENGLISH, speaking
from openpoems.record import PatientRecord
from openpoems.record.model import Measurement
from openpoems.record.time import When, days
from openpoems.web.clinic import elements, followup, quality
from openpoems.web.clinic.models import Snapshot
from openpoems.web.registry.conflicts import among
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import record_from

_FIELDS = tuple(field.name for field in Snapshot._meta.local_concrete_fields if not field.primary_key)
_STALE = ~Q(snapshot__revision=F("revision")) | ~Q(snapshot__made_by=__version__) | Q(snapshot__isnull=True)


def stale(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these people, those whose snapshot is missing or old."""
    return people.filter(_STALE)


def is_stale(person: Person) -> bool:
    """Whether a person, loaded with the snapshot, needs another."""
    snapshot: Snapshot | None = getattr(person, "snapshot", None)
    return snapshot is None or snapshot.revision != person.revision or snapshot.made_by != __version__


def refresh(pseudonyms: Sequence[str], today: date) -> list[Snapshot]:
    """Make the snapshots of these people anew and store them."""
    current = Prefetch("facts", Fact.objects.filter(state=Fact.State.CURRENT).order_by("pk"), to_attr="counting")
    people = Person.objects.filter(pk__in=pseudonyms).prefetch_related(current)
    made = [snapshot(person, person.counting, today) for person in people]
    with transaction.atomic():
        # Held, so that nobody is erased between: what is made of a record does not outlive it.
        there = Person.objects.select_for_update(no_key=True).filter(pk__in=pseudonyms).order_by("pk")
        still = set(there.values_list("pk", flat=True))
        made = [each for each in made if each.person_id in still]
        Snapshot.objects.bulk_create(made, update_conflicts=True, unique_fields=["person"], update_fields=_FIELDS)
    return made


def snapshot(person: Person, rows: Sequence[Fact], today: date) -> Snapshot:
    """The snapshot of a record of these rows, unsaved."""
    record = record_from(person, rows)
    # It is kept for every reader, and so in one language.
    with speaking(ENGLISH):
        findings, way = derive(record, knowledge(), today), delay(record, knowledge(), today)
        issues = quality.issues(record, findings, way, today)
    vegf = _newest(record, "vegf", today)
    return Snapshot(
        person=person,
        revision=person.revision,
        made_by=__version__,
        diagnosed=_first_day(way.diagnosed, record),
        last_visit=_last_visit(rows, today),
        vegf_day=_last_day(vegf.on, record) if vegf else None,
        vegf=_words(vegf) if vegf else "",
        unverified=sum(_unverified(row) for row in rows),
        conflicts=len(among(rows)),
        doubts=len(issues),
        elements=elements.held(record, findings, today),
        findings=[asdict(issue) for issue in issues],
        last_days=_last_days(record, today),
    )


def _unverified(row: Fact) -> bool:
    """Whether no clinician entered or verified it."""
    said_by = row.document.get("provenance", {}).get("said_by", "")
    return row.verified_by_id is None and said_by != "clinician"


def _last_visit(rows: Iterable[Fact], today: date) -> date | None:
    """The last day something was measured or examined; a day that has not come is none."""
    seen = (row.last_day for row in rows if row.kind in (Fact.Kind.MEASUREMENT, Fact.Kind.FEATURE) and row.last_day)
    return max((day for day in seen if day <= today), default=None)


def _newest(record: PatientRecord, measure: str, today: date) -> Measurement | None:
    """The last result with a value; a day that has not come is none."""
    found = [
        (span, each)
        for each in record.measurements
        if (each.value or each.result) and measure_named(each, knowledge()) == measure
        if (span := days(each.on, record.birth)) and span[1] <= today.toordinal()
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _last_days(record: PatientRecord, today: date) -> dict[str, str]:
    newest = {rule.measure: _newest(record, rule.measure, today) for rule in followup.rules()}
    last = {measure: _last_day(found.on, record) for measure, found in newest.items() if found}
    return {measure: day.isoformat() for measure, day in last.items() if day}


def _first_day(when: When | None, record: PatientRecord) -> date | None:
    span = days(when, record.birth)
    return date.fromordinal(span[0]) if span else None


def _last_day(when: When | None, record: PatientRecord) -> date | None:
    span = days(when, record.birth)
    return date.fromordinal(span[1]) if span else None


def _words(result: Measurement) -> str:
    """A result as the source gave it, with its specimen: values of different specimens are not comparable."""
    value: Any = result.value
    said = f"{result.comparator}{value.value:g} {value.unit}" if value else result.result.text if result.result else ""
    return f"{said} {result.specimen}".strip()[:80]
