"""Queries for people: whose records an account may see, and who stands in a centre's list."""

from typing import Any

from django.db.models import Q, QuerySet

from openpoems.web.accounts import rights
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

_KIND_OF_ROLE = {"person": Tie.Kind.SELF, "proxy": Tie.Kind.PROXY}


def visible_to(user: Any, right: str) -> QuerySet[Person]:
    """The people on whose record an account has a right."""
    own = [_KIND_OF_ROLE[role] for role in rights.rights()[right].roles("own")]
    mine = Q(ties__user=user, ties__kind__in=own)
    if not rights.rights()[right].roles("centre") or not (centres := rights.centre_ids(user, right)):
        return Person.objects.filter(mine).distinct()
    of_centre = agreeing(Person.objects.filter(centre__in=centres), "centre").values("pk")
    return Person.objects.filter(Q(pk__in=of_centre) | Q(pk__in=Person.objects.filter(mine).values("pk")))


def writable_by(user: Any) -> QuerySet[Person]:
    """The people into whose record an account may enter something: who agreed that the record is kept, too."""
    return agreeing(visible_to(user, "write-record"), "care")


def roles_on(user: Any, person: Person) -> set[str]:
    """In which roles an account meets a person: by its ties, and by its memberships at the person's centre."""
    kinds = {tie.kind for tie in user.ties.filter(person=person)}
    found = {role for role, kind in _KIND_OF_ROLE.items() if kind in kinds}
    return found | {m.role for m in rights.memberships(user) if m.centre_id and m.centre_id == person.centre_id}


def may(user: Any, right: str, person: Person) -> bool:
    """Whether an account has a right on this person's record."""
    return visible_to(user, right).filter(pk=person.pk).exists()


def speaks_as(user: Any, person: Person) -> str:
    """Who an account is when it says something of a person: the word that stands in a fact's provenance."""
    words = {"person": "patient", "proxy": "carer", "clinician": "clinician", "lead": "clinician"}
    held = roles_on(user, person)
    return next((word for role, word in words.items() if role in held), "abstractor" if "abstractor" in held else "")
