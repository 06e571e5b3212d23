"""Beginning a record, and what it says of the person as such."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from openpoems.web.accounts.models import Centre
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.models import Identity, Person, Tie


@transaction.atomic
def begin_record(*, by: Any, kind: Tie.Kind = Tie.Kind.SELF) -> Person:
    """A new record tied to the account. Raises `Refused` where the account already has one of its own."""
    if kind == Tie.Kind.SELF and by.ties.filter(kind=Tie.Kind.SELF).exists():
        raise Refused(gettext("You already have a record: open it from the front page."))
    person = Person.objects.create()
    Identity.objects.create(person=person)
    Tie.objects.create(user=by, person=person, kind=kind)
    return person


@transaction.atomic
def add_person(*, by: Any, centre: Centre) -> Person:
    """A new record of a person whom the centre cares for, before the person has an account."""
    person = Person.objects.create(centre=centre)
    Identity.objects.create(person=person)
    return person


@transaction.atomic
def describe(*, by: Any, person: Person, **fields: Any) -> None:
    """Set what the record says of the person as such: sex, birth year, status, last seen, centre."""
    for name, value in fields.items():
        setattr(person, name, value)
    person.revision += 1
    person.full_clean(exclude=["pseudonym"])
    person.save(update_fields=[*fields, "revision"])
