"""Whose the records of a source are: the person of the page, or people of a centre by the centre's own numbers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from openpoems.record.model import PatientRecord
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.identity import digest_of_number
from openpoems.web.registry.models import Import, Person
from openpoems.web.registry.people import writable_by
from openpoems.web.registry.vault import vault


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Numbers of a centre: their digests, the people who have them, and those into whose record it may not enter."""

    digests: dict[str, str]
    people: dict[str, Person]
    closed: frozenset[str]

    def of(self, number: str) -> Person | None:
        """The person of a number whom the account may see."""
        return self.people.get(self.digests[number])

    def is_closed(self, number: str) -> bool:
        """Whether the person of a number did not agree that the record is kept and that the centre sees it."""
        return self.digests[number] in self.closed


def known(*, by: Any, centre: Centre, numbers: Iterable[str]) -> Known:
    """Look up many numbers of a centre at once, and hold the records that are found until the transaction ends."""
    ring = vault()
    digests = {number: digest_of_number(ring, centre.pk, number) for number in numbers}
    found = Person.objects.filter(centre=centre, identity__local_digest__in=set(digests.values()) - {""})
    held = found.select_for_update(of=("self",)).order_by("pk")
    by_digest = {person.identity.local_digest: person for person in held.select_related("identity")}
    seen = set(writable_by(by).filter(pk__in=[p.pk for p in by_digest.values()]).values_list("pk", flat=True))
    people = {digest: person for digest, person in by_digest.items() if person.pk in seen}
    return Known(digests, people, frozenset(by_digest.keys() - people.keys()))


def writable_while_held(people: Collection[str], by: Any) -> bool:
    """Hold the people's rows until the transaction ends; whether an account may enter something into each record.

    A withdrawal or erasure comes before, or after what is stored. The order is always the same, so that two wait for
    each other.
    """
    held = list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    return writable_by(by).filter(pk__in=held).count() == len(people)


@dataclass(slots=True, repr=False)
class Newcomers:
    """People whom a centre does not know yet, by the digest of their number; sealed for the import that names them."""

    source: Import
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, digest: str, record: PatientRecord) -> None:
        """Keep what is needed to begin the record of a person."""
        self.people[digest] = {
            "number": vault().seal(record.patient, place(self.source)),
            "sex": record.sex,
            "birth_year": record.birth.year if record.birth else None,
        }


def place(source: Import) -> str:
    """The place that the sealed numbers of an import are bound to."""
    return f"import.{source.pk}.number"


def who_says(roles: set[str]) -> str:
    """Who an account in these roles is when a source does not say who says something."""
    order = {"person": "patient", "proxy": "proxy", "clinician": "clinician", "lead": "clinician"}
    return next((who for role, who in order.items() if role in roles), "abstractor")
