"""A centre's people: only those who agreed that their centre sees their record."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, QuerySet, Sum

from openpoems.web.accounts.models import Centre
from openpoems.web.clinic import snapshots
from openpoems.web.clinic.models import Snapshot
from openpoems.web.registry import identity
from openpoems.web.registry.consent import agreeing, documents
from openpoems.web.registry.models import Consent, Identity, Person
from openpoems.web.registry.vault import vault

PAGE = 25
# What a list can be sorted by: the word in the address, and the column.
SORTS = {
    "pseudonym": "pk",
    "born": "birth_year",
    "diagnosed": "snapshot__diagnosed",
    "visit": "snapshot__last_visit",
    "vegf": "snapshot__vegf_day",
    "unverified": "snapshot__unverified",
    "conflicts": "snapshot__conflicts",
}
FILTERS: dict[str, dict[str, Any]] = {
    "unverified": {"snapshot__unverified__gt": 0},
    "conflicts": {"snapshot__conflicts__gt": 0},
    "doubts": {"snapshot__doubts__gt": 0},
    "alive": {"status": Person.Status.ALIVE},
}


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """How somebody wants the list: what to look for, only whom, in which order, which page."""

    search: str = ""
    only: str = ""
    sort: str = "visit"
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One person in the list; `name` and `number` are "" for who may not see identities."""

    person: Person
    snapshot: Snapshot
    name: str
    number: str

    def __repr__(self) -> str:
        return "<Line>"


def of_centre(centre: Centre) -> QuerySet[Person]:
    """The centre's people who agreed that it sees their record."""
    return agreeing(Person.objects.filter(centre=centre), "centre")


def wanted(centre: Centre, wish: Wish) -> tuple[str, ...]:
    """The pseudonyms a wish asks for, in its order; those of whom the column is unknown come last.

    Worked out once until a decision, a record or a snapshot changes: thousands of decisions are read for it. It only
    orders; whoever is shown is asked for again (see `page`).
    """
    return _ordered(centre, replace(wish, page=1), _stamp(centre))


def _stamp(centre: Centre) -> tuple[object, ...]:
    """Changes whenever the order can."""
    people = Person.objects.filter(centre=centre)
    changed = people.aggregate(Count("pk"), Max("created"), Sum("revision"), Sum("snapshot__revision"))
    return (Consent.objects.aggregate(Max("pk"))["pk__max"], *changed.values(), len(documents()))


@lru_cache(maxsize=64)
def _ordered(centre: Centre, wish: Wish, stamp: tuple[object, ...]) -> tuple[str, ...]:
    people = of_centre(centre).filter(**FILTERS.get(wish.only, {}))
    if wish.search:
        people = _search(people, centre, wish.search)
    column = F(SORTS.get(wish.sort, SORTS["visit"]))
    order = column.desc(nulls_last=True) if wish.descending else column.asc(nulls_last=True)
    return tuple(people.order_by(order, "pk").values_list("pk", flat=True))


def _search(people: QuerySet[Person], centre: Centre, words: str) -> QuerySet[Person]:
    """By pseudonym or its beginning, or by the centre's own number, whole: names are sealed and cannot be searched."""
    known = identity.find(centre, words)
    if known is not None:
        return people.filter(pk=known.pk)
    return people.filter(pk__startswith=words.strip().upper())


def page(centre: Centre, wish: Wish, today: date, *, named: bool) -> tuple[Page[str], list[Line]]:
    """One page of the list, its stale lines made anew; with `named`, who the people are.

    That they agree is asked for the people of the page now, whatever was worked out before.
    """
    found = Paginator(wanted(centre, wish), PAGE).get_page(wish.page)
    known = of_centre(centre).filter(pk__in=found.object_list).select_related("snapshot").in_bulk()
    people = [known[pk] for pk in found.object_list if pk in known]
    fresh = {one.person_id: one for one in snapshots.refresh([p.pk for p in people if snapshots.is_stale(p)], today)}
    names = _names(people) if named else {}
    return found, [
        Line(person, fresh.get(person.pk) or person.snapshot, *names.get(person.pk, ("", ""))) for person in people
    ]


def _names(people: list[Person]) -> dict[str, tuple[str, str]]:
    """The name and the centre's number of each, opened."""
    ring: Any = vault() if people else None
    rows = Identity.objects.filter(person__in=people).values_list("person_id", "name", "local_number")
    return {
        pk: (ring.open(name, identity.place(pk, "name")), ring.open(number, identity.place(pk, "local_number")))
        for pk, name, number in rows
    }
