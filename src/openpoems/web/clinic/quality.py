"""What in a record should be looked at: what the record's and the findings' own checks say, and dates out of order."""

from collections.abc import Iterator
from datetime import date

from openpoems.criteria.delay import Delay
from openpoems.errors import Issue
from openpoems.findings.derive import Findings
from openpoems.record import PatientRecord
from openpoems.record.check import check, facts
from openpoems.record.time import When, days
from openpoems.web.clinic.models import Snapshot
from openpoems.web.registry.models import Person


def issues(record: PatientRecord, findings: Findings, way: Delay, today: date) -> list[Issue]:
    """Errors and warnings about a record; a fact's path is the number of its row. No message holds a value."""
    found = (*check(record, today), *findings.issues, *_out_of_order(record, way))
    return sorted({issue for issue in found if issue.severity != "information"})


def _out_of_order(record: PatientRecord, way: Delay) -> Iterator[Issue]:
    first, diagnosed = _span(way.first_symptom, record), _span(way.diagnosed, record)
    if first and diagnosed and diagnosed[1] < first[0]:
        yield Issue("warning", "record", "the diagnosis lies before the first symptom: correct one of the dates")
    died = [span for event in record.events if event.kind == "death" and (span := _span(event.on, record))]
    if not died:
        return
    last_day = max(span[1] for span in died)
    for fact in facts(record):
        on = _span(getattr(fact, "on", None) or getattr(fact, "start", None), record)
        if on and on[0] > last_day:
            yield Issue("warning", fact.path or "record", "it lies after the death: correct one of the dates")


def _span(when: When | None, record: PatientRecord) -> tuple[int, int] | None:
    return days(when, record.birth)


def possible_twins(people: list[Person]) -> list[list[Person]]:
    """Groups of people, with their snapshots, who may be one person entered twice.

    They share sex, year of birth and the day of the diagnosis; a person of whom one of these is unknown is in no group.
    """
    groups: dict[tuple[str, int, date], list[Person]] = {}
    for person in people:
        snapshot: Snapshot | None = getattr(person, "snapshot", None)
        if snapshot and snapshot.diagnosed and person.birth_year and person.sex != "unknown":
            groups.setdefault((person.sex, person.birth_year, snapshot.diagnosed), []).append(person)
    return [group for group in groups.values() if len(group) > 1]
