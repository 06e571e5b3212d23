"""From a source to an import that is looked at: each fact a row, each thing not understood an issue."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpoems.errors import Issue
from openpoems.interchange.places import Reading
from openpoems.record.model import PatientRecord
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.facts import NOT_AGREED, NotAgreed
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.imports.comparing import Said, Standing, standing
from openpoems.web.registry.imports.sources import PASTED, Source
from openpoems.web.registry.imports.whose import Known, Newcomers, known, writable_while_held
from openpoems.web.registry.models import Import, ImportRow, Person
from openpoems.web.registry.store import columns_of, facts_in

SEVERAL = "The source names several people. Take one person's part of it, or let your centre import it as a whole."
NO_NUMBER = "The table does not say whose each line is: add a column with your own number for each person (Patient)."
_CLOSED = "this person has not agreed that your centre sees the record: nothing of it was taken"
_ROWS_AT_A_TIME = 1_000
_NOBODY = Person()


@transaction.atomic
def preview_for_person(*, by: Any, person: Person, source: Source, said_by: str) -> Import:
    """Lay a source beside one person's record.

    Raises `Refused` where it names several people, `NotAgreed` where the account may not enter anything (any more).
    """
    if len(source.readings) > 1:
        raise Refused(SEVERAL)
    if not writable_while_held({person.pk}, by):
        raise NotAgreed(NOT_AGREED)
    made = _begin(by, source, person=person)
    ((record, issues),) = source.readings
    made.issues = _told([*issues, *_traits(record, person), *_verified(record)])
    made.save(update_fields=["issues"])
    _add_rows(made, _drafts(made, record, person, "", said_by), standing([person.pk]))
    return made


@transaction.atomic
def preview_for_centre(*, by: Any, centre: Centre, source: Source, said_by: str) -> Import:
    """Lay a source beside the records of a centre's people, found by the centre's own numbers. Raises `Refused`."""
    if any(not record.patient for record, _ in source.readings):
        raise Refused(NO_NUMBER)
    made = _begin(by, source, centre=centre)
    found = known(by=by, centre=centre, numbers=[record.patient for record, _ in source.readings])
    newcomers, issues, drafts = Newcomers(made), list[Issue](), list[ImportRow]()
    for record, own in source.readings:
        drafts += _of_centre(made, (record, own), found, newcomers, said_by)
        issues += own if not found.is_closed(record.patient) else _closed(record)
    made.issues, made.newcomers = _told(issues), newcomers.people
    made.save(update_fields=["issues", "newcomers"])
    _add_rows(made, iter(drafts), standing(person.pk for person in found.people.values()))
    return made


def earlier(made: Import) -> Import | None:
    """The import, accepted before, of the very same source."""
    same = Import.objects.filter(person=made.person, centre=made.centre, digest=made.digest)
    return same.filter(state=Import.State.ACCEPTED).exclude(pk=made.pk).first()


def _begin(by: Any, source: Source, **whose: Any) -> Import:
    return Import.objects.create(
        by=by, name=source.name, form=source.form, digest=source.digest, at=timezone.now(), **whose
    )


def _of_centre(made: Import, reading: Reading, found: Known, newcomers: Newcomers, said_by: str) -> Iterator[ImportRow]:
    record, _ = reading
    if found.is_closed(record.patient):
        return
    person = found.of(record.patient)
    if person is None:
        newcomers.add(found.digests[record.patient], record)
    local = "" if person else found.digests[record.patient]
    yield from _drafts(made, record, person, local, said_by)


def _closed(record: PatientRecord) -> list[Issue]:
    first = next((fact.path for fact in facts_in(record)), "")
    return [Issue("error", first or "the source", _CLOSED)]


def _drafts(
    made: Import, record: PatientRecord, person: Person | None, local: str, said_by: str
) -> Iterator[ImportRow]:
    whose = person or _unsaved(record)
    for fact in facts_in(record):
        columns = columns_of(whose, _from_source(fact, made, said_by))
        yield ImportRow(source=made, person=person, local=local, path=fact.path[:160], **columns)


def _unsaved(record: PatientRecord) -> Person:
    return Person(birth_year=record.birth.year) if record.birth else _NOBODY


def _from_source(fact: RecordFact, made: Import, said_by: str) -> RecordFact:
    """The fact with where it comes from. Who verifies a fact is said here, by a clinician, and not by a file."""
    said = fact.provenance
    # A file's name may name a person, and provenance leaves with the facts: the import alone keeps it.
    document = said.document or ", ".join(filter(None, (PASTED if made.name == PASTED else "imported file", fact.path)))
    return replace(fact, provenance=replace(said, said_by=said.said_by or said_by, document=document, verified_by=""))


def _add_rows(made: Import, drafts: Iterator[ImportRow], stand: Standing) -> None:
    rows = list(drafts)
    for row in rows:
        judge(row, stand)
    ImportRow.objects.bulk_create(rows, batch_size=_ROWS_AT_A_TIME)


def judge(row: ImportRow, stand: Standing) -> None:
    """Set the state of a row by what stands; from then on it stands itself."""
    said = Said(row.person_id or row.local, row.kind, row.about, row.first_day, row.last_day, row.document, row.digest)
    row.state, row.beside = stand.compare(said)
    stand.add(said)


def _traits(record: PatientRecord, person: Person) -> list[Issue]:
    """What a source says of the person as such is said, and not taken over."""
    message = (
        "the source gives another {} than the record: it was not taken over; change it in the record if it is right"
    )
    issues = []
    if record.patient:
        whose = (
            "the source has its own name or number for the person, which was not compared: make sure it is this person"
        )
        issues.append(Issue("warning", "person", whose))
    if record.sex not in ("unknown", person.sex):
        issues.append(Issue("information", "person", message.format("sex")))
    if record.birth and record.birth.year != person.birth_year:
        issues.append(Issue("information", "person", message.format("year of birth")))
    return issues


def _verified(record: PatientRecord) -> list[Issue]:
    if not any(fact.provenance.verified_by for fact in facts_in(record)):
        return []
    return [Issue("information", "the source", "that facts are verified was not taken over: a clinician says so here")]


def _told(issues: list[Issue]) -> list[dict[str, str]]:
    return [{"severity": each.severity, "path": each.path, "message": each.message} for each in issues]
