"""What the interface asks of the registry, beside what its pages ask."""

from typing import Any

from django.db.models import Count, Q

from openpoems.web.clinic.people import Line
from openpoems.web.registry.consent import PURPOSES, agreeing, current_document, decisions
from openpoems.web.registry.models import Import, ImportRow, Person

_STATES = ImportRow.State


def consents(person: Person) -> dict[str, Any]:
    """The latest decision on each purpose, and whether it counts now."""
    stands, document = decisions(person), current_document()
    one = Person.objects.filter(pk=person.pk)
    told = []
    for purpose in PURPOSES:
        latest = stands.get(purpose)
        told.append(
            {
                "purpose": purpose,
                "title": document.purpose(purpose).title,
                "given": latest.given if latest else None,
                "counts": agreeing(one, purpose).exists(),
                "document": latest.document if latest else "",
                "at": latest.at if latest else None,
            }
        )
    return {"document": document.version, "decisions": told}


def decided(made: Import) -> dict[str, int]:
    """How the rows of an import stand beside the record."""
    return made.rows.aggregate(
        entries=Count("pk"),
        new=Count("pk", filter=Q(state=_STATES.NEW)),
        same=Count("pk", filter=Q(state=_STATES.SAME)),
        conflicts=Count("pk", filter=Q(state=_STATES.CONFLICT)),
    )


def person_line(line: Line) -> dict[str, Any]:
    """A person of a centre's list."""
    person, snapshot = line.person, line.snapshot
    own = {name: getattr(person, name) for name in ("sex", "birth_year", "status")}
    seen = ("diagnosed", "last_visit", "vegf", "vegf_day", "unverified", "conflicts", "doubts")
    named = {"pseudonym": person.pk, "name": line.name, "number": line.number}
    return own | named | {name: getattr(snapshot, name) for name in seen}
