"""What is decided about an import: which rows are wanted, accepting it, undoing it as one, discarding it."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from openpoems.web.registry.actions import Refused
from openpoems.web.registry.consent import current_document
from openpoems.web.registry.identity import digest_of_number, place
from openpoems.web.registry.imports import whose
from openpoems.web.registry.imports.comparing import standing
from openpoems.web.registry.imports.previews import judge
from openpoems.web.registry.models import Consent, Fact, Identity, Import, ImportRow, Person
from openpoems.web.registry.vault import VaultError, vault

DECIDED = "This import was decided already. Open it again to see how it stands."
CHANGED = (
    "The record changed since this preview. The rows below show how it stands now: look at them, then accept again."
)
CLOSED = (
    "A person in this import no longer agrees that the record is kept, or that your centre writes to it. "
    "Discard this import; of several people, import the table again."
)
NOTHING = "There is nothing to accept: no row is ticked."
UNOPENED = "The people's numbers can no longer be opened. Discard this import and import the table again."
ADDED = "Some of these people were added by somebody else meanwhile. Discard this import and import the table again."
UNDONE = "the import it came with was undone"
_PURPOSES = ("care", "centre")
_ROWS_AT_A_TIME = 1_000
_TAKEN = (ImportRow.State.NEW, ImportRow.State.CONFLICT)


class Stale(Refused):
    """The record changed since the preview: `look_again` shows how it stands."""


@transaction.atomic
def choose(*, by: Any, source: Import, shown: Collection[int], wanted: Collection[int]) -> None:
    """Keep which of the rows that were shown are wanted. Raises `Refused` where the import was decided."""
    _open(source)
    rows = ImportRow.objects.filter(source=source, pk__in=shown)
    rows.filter(pk__in=wanted, wanted=False).update(wanted=True)
    rows.filter(wanted=True).exclude(pk__in=wanted).update(wanted=False)


@transaction.atomic
def accept(*, by: Any, source: Import, agreed: bool = False) -> int:
    """Make facts of the wanted rows that are new or conflicting; how many.

    `agreed`: those whom the centre does not know yet agreed on paper to care and to the centre; without it their rows
    are left out. Raises `Stale` where the record changed since the preview, `Refused` where nothing can be accepted or
    where anybody whom the import is about does not agree (any more) to what `actions.facts` asks for.
    """
    held = _open(source)
    if not agreed:
        ImportRow.objects.filter(source=held, wanted=True, person=None).update(wanted=False)
    rows = list(held.rows.all())
    if not whose.writable_while_held({row.person_id for row in rows if row.person_id}, by):
        raise Refused(CLOSED)
    if _judged_anew(rows):
        raise Stale(CHANGED)
    taken = [row for row in rows if row.wanted and row.state in _TAKEN]
    if not taken:
        raise Refused(NOTHING)
    begun = _begin_records(held, {row.local for row in taken if row.local}, by)
    _store(held, taken, begun, by)
    _give_rows(held, begun)
    held.state, held.decided, held.newcomers = Import.State.ACCEPTED, timezone.now(), {}
    held.save(update_fields=["state", "decided", "newcomers"])
    return len(taken)


@transaction.atomic
def look_again(*, by: Any, source: Import) -> None:
    """Compare the rows of an import with the record as it now stands. Raises `Refused` where it was decided."""
    held = _open(source)
    changed = _judged_anew(list(held.rows.all()))
    ImportRow.objects.bulk_update(changed, ["state", "beside"], batch_size=_ROWS_AT_A_TIME)


@transaction.atomic
def undo(*, by: Any, source: Import) -> int:
    """Take back every fact of an accepted import that nobody corrected or verified since; how many. Raises `Refused`.

    What was worked on since is somebody's own statement: it stays, and `kept` lists it.
    """
    held = _open(source, Import.State.ACCEPTED)
    facts = held.facts.filter(state=Fact.State.CURRENT, verified_by=None)
    people = list(facts.order_by("person_id").values_list("person_id", flat=True).distinct())
    gone = facts.update(state=Fact.State.RETRACTED, why=UNDONE)
    _changed(people)
    held.state, held.decided = Import.State.UNDONE, timezone.now()
    held.save(update_fields=["state", "decided"])
    return gone


def kept(source: Import) -> list[Fact]:
    """Of an undone import, the facts that stay since they were verified, corrected or decided upon."""
    worked_on = Q(state=Fact.State.CURRENT) | Q(state=Fact.State.REPLACED) | Q(state=Fact.State.SET_ASIDE)
    return list(source.facts.filter(worked_on))


@transaction.atomic
def discard(*, by: Any, source: Import) -> None:
    """Throw a preview away: its rows are gone, and that there was one stays. Raises `Refused`."""
    held = _open(source)
    held.rows.all().delete()
    held.state, held.decided, held.newcomers = Import.State.DISCARDED, timezone.now(), {}
    held.save(update_fields=["state", "decided", "newcomers"])


def _open(source: Import, state: str = Import.State.PREVIEWED) -> Import:
    """The import, locked, as it is now."""
    held = Import.objects.select_for_update(of=("self",)).filter(pk=source.pk, state=state).first()
    if held is None:
        raise Refused(DECIDED)
    return held


def _judged_anew(rows: list[ImportRow]) -> list[ImportRow]:
    """The rows whose state, as the record now stands, is another."""
    stand = standing({row.person_id for row in rows if row.person_id})
    before = [(row.state, row.beside) for row in rows]
    for row in rows:
        judge(row, stand)
    return [row for row, old in zip(rows, before, strict=True) if (row.state, row.beside) != old]


def _begin_records(held: Import, digests: Collection[str], by: Any) -> dict[str, Person]:
    """Records for those whom the centre does not know yet, with their number sealed and their consent on paper."""
    begun = {digest: _person(held, digest) for digest in sorted(digests)}
    identities = [_identity(held, digest, person) for digest, person in begun.items()]
    Person.objects.bulk_create(begun.values())
    try:
        with transaction.atomic():
            Identity.objects.bulk_create(identities)
    except IntegrityError:
        raise Refused(ADDED) from None
    Consent.objects.bulk_create(
        Consent(
            person=person,
            purpose=purpose,
            given=True,
            document=current_document().version,
            method=Consent.Method.PAPER,
            by=by,
            at=timezone.now(),
        )
        for person in begun.values()
        for purpose in _PURPOSES
    )
    return begun


def _give_rows(held: Import, begun: dict[str, Person]) -> None:
    """Make the rows of new people theirs, so that they go with their record; those of people not begun go now."""
    owner = Identity.objects.filter(local_digest=OuterRef("local")).values("person")[:1]
    rows = ImportRow.objects.filter(source=held, person=None)
    if begun:
        rows.filter(local__in=begun).update(person=Subquery(owner))
    rows.delete()


def _person(held: Import, digest: str) -> Person:
    said = held.newcomers[digest]
    return Person(centre_id=held.centre_id, sex=said["sex"], birth_year=said["birth_year"])


def _identity(held: Import, digest: str, person: Person) -> Identity:
    ring = vault()
    try:
        number = ring.open(held.newcomers[digest]["number"], whose.place(held))
    except VaultError:
        raise Refused(UNOPENED) from None
    return Identity(
        person=person,
        local_number=ring.seal(number, place(person.pk, "local_number")),
        local_digest=digest_of_number(ring, held.centre_id, number),
    )


def _store(held: Import, rows: list[ImportRow], begun: dict[str, Person], by: Any) -> None:
    now = timezone.now()
    facts = [
        Fact(
            person_id=row.person_id or begun[row.local].pk,
            kind=row.kind,
            about=row.about,
            first_day=row.first_day,
            last_day=row.last_day,
            document=row.document,
            digest=row.digest,
            by=by,
            entered=now,
            source=held,
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            Fact.objects.bulk_create(facts, batch_size=_ROWS_AT_A_TIME)
    except IntegrityError:
        raise Stale(CHANGED) from None
    _changed({fact.person_id for fact in facts})


def _changed(people: Collection[str]) -> None:
    Person.objects.filter(pk__in=people).update(revision=F("revision") + 1)
