"""A centre's records seen together: how complete they are, what in them is doubtful, who may stand there twice."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from openpoems.web.accounts.models import Centre
from openpoems.web.clinic import quality, snapshots
from openpoems.web.clinic.elements import Completeness, completeness
from openpoems.web.clinic.people import of_centre
from openpoems.web.registry.consent import PURPOSES, agreeing, current_document
from openpoems.web.registry.models import Person


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many of the centre's people agree to a purpose."""

    title: str
    held: int


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """The centre at a glance; `waiting` records changed since they were last looked at, or never were."""

    people: int
    waiting: int
    elements: list[Completeness]
    agreed: list[Agreed]
    twins: list[list[Person]]

    def __repr__(self) -> str:
        return "<Overview>"


def overview(centre: Centre) -> Overview:
    """Count over the centre's people; one person's record is opened for it by nobody."""
    people = of_centre(centre)
    known = list(people.filter(snapshot__isnull=False).select_related("snapshot"))
    return Overview(
        people=people.count(),
        waiting=snapshots.stale(people).count(),
        elements=completeness(person.snapshot.elements for person in known),
        agreed=_agreed(people),
        twins=quality.possible_twins(known),
    )


def _agreed(people: QuerySet[Person]) -> list[Agreed]:
    document = current_document().worded(get_language())
    return [Agreed(document.purpose(id).title, agreeing(people, id).count()) for id in PURPOSES if id != "centre"]


def doubtful(centre: Centre) -> QuerySet[Person]:
    """The centre's people in whose record something should be looked at, most of it first."""
    people = of_centre(centre).filter(snapshot__doubts__gt=0).select_related("snapshot")
    return people.order_by("-snapshot__doubts", "pk")
