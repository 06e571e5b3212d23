"""Searching: the people whom the account may see, record by record, until the page is full.

Where there are few people the whole is looked through, sorted and counted. Where there are many, a page looks at some
of them and says where the next goes on: it may hold less than was asked for, or nothing, and still have a next.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Centre
from openpoems.web.api.gate import Refusal, in_scope
from openpoems.web.fhir.candidates import Candidate, matching
from openpoems.web.fhir.moments import ranges_in
from openpoems.web.fhir.paging import Place, changed, pack, unpack
from openpoems.web.fhir.parameters import Asked
from openpoems.web.fhir.rendering import Resource
from openpoems.web.registry import identity, people
from openpoems.web.registry.models import Person

FEW = 25


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A page: its matches, the people they are of, and where the next page begins, "" for none.

    `total` is None where too many would have to be looked at. `read` are the pseudonyms that the log must name.
    """

    resources: list[Resource]
    people: list[Person]
    next: str
    total: int | None
    read: list[str]

    def __repr__(self) -> str:
        return "<Found>"


def search(request: HttpRequest, asked: Asked) -> Found:
    """Find a page of what is asked for. Raises `Refusal`."""
    place = unpack(asked, request.user)
    visible = _visible(request, asked).order_by("pk")
    first = list(visible.select_related("centre")[: FEW + 1])
    if len(first) <= FEW:
        return _among_few(request, asked, place, first)
    return _among_many(request, asked, place, visible)


def _visible(request: HttpRequest, asked: Asked) -> QuerySet[Person]:
    visible = people.visible_to(request.user, asked.served.right)
    if asked.people is not None:
        visible = visible.filter(pk__in=asked.people)
    if asked.numbers is not None:
        visible = visible.filter(pk__in=_by_number(request, asked.numbers))
    return visible


def _by_number(request: HttpRequest, numbers: frozenset[str]) -> list[str]:
    """The people whom the account's centres know by these numbers, where it may see who they are."""
    if not in_scope(request, "view-identity"):
        return []
    centres = Centre.objects.filter(pk__in=rights.centre_ids(request.user, "view-identity"))
    found = (identity.find(centre, number) for centre in centres for number in numbers)
    return [person.pk for person in found if person is not None]


def _among_few(request: HttpRequest, asked: Asked, place: Place, persons: list[Person]) -> Found:
    revisions = sum(person.revision for person in persons)
    if asked.page and place.revisions != revisions:
        raise changed()
    told = matching(request, asked, persons, timezone.now())
    every = _in_order(asked, [each for person in persons for each in told[person.pk]])
    shown = [] if asked.only_count else every[place.at : place.at + asked.count]
    end = place.at + len(shown)
    more = not asked.only_count and end < len(every)
    following = pack(Place("", end, revisions), asked, request.user) if more else ""
    of_page = {each.person for each in shown}
    named = set(asked.people or ()) | (set(filter(told.get, told)) if asked.only_count else of_page)
    read = [person.pk for person in persons if person.pk in named]
    resources = [each.resource for each in shown]
    return Found(resources, [person for person in persons if person.pk in of_page], following, len(every), read)


def _among_many(request: HttpRequest, asked: Asked, place: Place, visible: QuerySet[Person]) -> Found:
    if asked.sort not in ("", "_id") or asked.descending:
        raise _too_many("sorted")
    whole = asked.served.kind == "Patient" and not asked.tests
    if asked.only_count:
        if not whole:
            raise _too_many("counted")
        return Found([], [], "", visible.count(), [])
    step = max(FEW, asked.count) if whole else FEW
    persons = list(visible.filter(pk__gte=place.person).select_related("centre")[: step + 1])
    told = matching(request, asked, persons[:step], timezone.now())
    shown, next_place = _fill(asked, place, persons, told)
    of_page = {each.person for each in shown}
    following = pack(next_place, asked, request.user) if next_place else ""
    total = visible.count() if whole else None
    resources = [each.resource for each in shown]
    return Found(resources, [p for p in persons if p.pk in of_page], following, total, sorted(of_page))


def _fill(
    asked: Asked, place: Place, persons: list[Person], told: dict[str, list[Candidate]]
) -> tuple[list[Candidate], Place | None]:
    """The matches of a page, and where the next begins."""
    shown: list[Candidate] = []
    for person in persons:
        begin = place.at if person.pk == place.person else 0
        if begin and place.revisions != person.revision:
            raise changed()
        if person.pk not in told:
            return shown, Place(person.pk)
        room = asked.count - len(shown)
        left = told[person.pk][begin:]
        shown += left[:room]
        if len(left) > room:
            return shown, Place(person.pk, begin + room, person.revision)
    return shown, None


def whose(resource: Resource) -> str:
    """The pseudonym of the person a resource is about."""
    return str(resource["id"]).partition(".")[0]


def _in_order(asked: Asked, found: list[Candidate]) -> list[Candidate]:
    """Sorted as asked; what has no such day comes last, and equals stay in the order of the record."""
    if not asked.sort:
        return found
    if asked.sort == "_id":
        return sorted(found, key=lambda each: str(each.seen["id"]), reverse=asked.descending)
    days = [(_day(each.seen, asked), each) for each in found]
    known = [(day, each) for day, each in days if day is not None]
    known.sort(key=lambda pair: pair[0], reverse=asked.descending)
    return [each for _, each in known] + [each for day, each in days if day is None]


def _day(seen: Resource, asked: Asked) -> datetime | None:
    for path in asked.served.parameters[asked.sort].at:
        value: Any = seen
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        for each in ranges_in(value):
            return each.first
    return None


def _too_many(what: str) -> Refusal:
    says = f"Among so many people nothing is {what}: name the person, as in patient=…, or at most {FEW} of them."
    return Refusal(400, "too-costly", says)
