"""Entering, correcting, taking back, verifying and choosing between facts.

Only what a person agreed to have kept is added to the record: the consent to care is asked for in the same transaction
that stores, after every page and preview. Whoever never decided has not agreed, and neither has who agreed to a
document since which another asks again; so it is at the portal's gate (`portal.asking`). Of a person whom a centre
added, the paper is written down first. Taking back, verifying and choosing add nothing and stay open.
"""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from openpoems.web.registry.actions import Refused
from openpoems.web.registry.consent import agrees
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import row_of

ALREADY = "The record says exactly this already; nothing was added."
GONE = "This entry was changed or taken back in the meantime. Open the record again and look at it."
NOT_AGREED = "Nothing is entered: this person has not agreed that the record is kept, or withdrew that."


class AlreadySaid(Refused):
    """The same fact stands in the record: nothing is lost, and nothing added."""


class Gone(Refused):
    """The fact was changed or taken back by somebody else in the meantime."""


class NotAgreed(Refused):
    """The person does not agree that the record is kept."""


@transaction.atomic
def enter(*, by: Any, person: Person, fact: RecordFact) -> Fact:
    """Add a fact. Raises `AlreadySaid` where the same fact already stands in the record, or `NotAgreed`."""
    _agreed(person)
    return _save(row_of(person, fact, by=by, at=timezone.now()))


@transaction.atomic
def correct(*, by: Any, row: Fact, fact: RecordFact) -> Fact:
    """Replace a fact by what it should say; the old one stays as history.

    Raises `Gone`, `AlreadySaid` or `NotAgreed`.
    """
    old = _current(row)
    _agreed(old.person)
    old.state = Fact.State.REPLACED
    old.save(update_fields=["state"])
    return _save(row_of(old.person, fact, by=by, at=timezone.now(), replaces=old))


@transaction.atomic
def retract(*, by: Any, row: Fact, why: str) -> None:
    """Take a fact back, saying why. Raises `Refused`."""
    old = _current(row)
    old.state, old.why = Fact.State.RETRACTED, why[:300]
    old.save(update_fields=["state", "why"])
    _changed(old.person_id)


@transaction.atomic
def verify(*, by: Any, row: Fact) -> None:
    """A clinician says that a fact is right as it stands. Raises `Refused`."""
    found = _current(row)
    if found.by_id == by.pk:
        raise Refused(gettext("You entered this yourself: another clinician verifies it."))
    found.verified_by, found.verified = by, timezone.now()
    found.save(update_fields=["verified_by", "verified"])
    _changed(found.person_id)


@transaction.atomic
def prefer(*, by: Any, row: Fact, over: Sequence[Fact], why: str) -> None:
    """Decide between facts that disagree: one counts and is verified, the others are set aside. Raises `Refused`."""
    chosen = _current(row)
    for other in over:
        aside = _current(other)
        if aside.person_id != chosen.person_id or aside.pk == chosen.pk:
            raise Refused(gettext("These entries do not stand against each other."))
        aside.state, aside.why = Fact.State.SET_ASIDE, why[:300]
        aside.save(update_fields=["state", "why"])
    chosen.verified_by, chosen.verified, chosen.why = by, timezone.now(), why[:300]
    chosen.save(update_fields=["verified_by", "verified", "why"])
    _changed(chosen.person_id)


def _current(row: Fact) -> Fact:
    """The row, locked, as it is now."""
    found = Fact.objects.select_for_update().select_related("person").filter(pk=row.pk).first()
    if found is None or found.state != Fact.State.CURRENT:
        raise Gone(GONE)
    return found


def _agreed(person: Person) -> None:
    """Ask for the consent with the person's row held: a withdrawal or erasure comes before, or after the fact."""
    if not Person.objects.select_for_update().filter(pk=person.pk).exists():
        raise Gone(GONE)
    if not agrees(person, "care"):
        raise NotAgreed(NOT_AGREED)


def _save(row: Fact) -> Fact:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "a_fact_stands_once" in str(error) or "digest" in str(error):
            raise AlreadySaid(ALREADY) from None
        raise
    _changed(row.person_id)
    return row


def _changed(pseudonym: str) -> None:
    Person.objects.filter(pk=pseudonym).update(revision=F("revision") + 1)
