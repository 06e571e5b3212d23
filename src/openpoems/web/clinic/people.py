"""A centre's people: only those who agreed that their centre sees their record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet, Sum

from openpoems.web.accounts.models import Centre
from openpoems.web.clinic import snapshots
from openpoems.web.clinic.models import Snapshot
from openpoems.web.registry import identity
from openpoems.web.registry.consent import agreeing, documents
from openpoems.web.registry.models import Consent, Identity, Person
from openpoems.web.registry.vault import vault

PAGE = 25
# What a list can be sorted by: the word in the address, and where it stands in a `_Place`.
SORTS = {
    "pseudonym": "pk",
    "born": "birth_year",
    "diagnosed": "diagnosed",
    "visit": "last_visit",
    "vegf": "vegf_day",
    "unverified": "unverified",
    "conflicts": "conflicts",
}


class _Place(NamedTuple):
    """Where a person stands in a list: the pseudonym and all that lists are sorted and narrowed by."""

    pk: str
    status: str
    birth_year: int | None
    diagnosed: date | None
    last_visit: date | None
    vegf_day: date | None
    unverified: int | None
    conflicts: int | None
    doubts: int | None


_COLUMNS = [name if hasattr(Person, name) else f"snapshot__{name}" for name in _Place._fields]
FILTERS: dict[str, Callable[[_Place], bool]] = {
    "unverified": lambda place: bool(place.unverified),
    "conflicts": lambda place: bool(place.conflicts),
    "doubts": lambda place: bool(place.doubts),
    "alive": lambda place: place.status == Person.Status.ALIVE,
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

    It only orders; whoever is shown is asked for again (see `page`).
    """
    found = _ordered(centre, replace(wish, search="", page=1), stamp(centre))
    return _search(found, centre, wish.search) if wish.search else found


def stamp(centre: Centre) -> tuple[object, ...]:
    """Changes whenever a place can."""
    people = Person.objects.filter(centre=centre).aggregate(Count("pk"), Max("created"), Sum("revision"))
    made = Snapshot.objects.aggregate(Count("pk"), Sum("revision"))
    decided = Consent.objects.aggregate(Max("pk"))
    return (*people.values(), *made.values(), *decided.values(), len(documents()))


@lru_cache(maxsize=64)
def _ordered(centre: Centre, wish: Wish, stamp: tuple[object, ...]) -> tuple[str, ...]:
    places: Iterable[_Place] = _places(centre, stamp)
    if wish.only in FILTERS:
        places = filter(FILTERS[wish.only], places)
    return tuple(place.pk for place in _sorted(list(places), SORTS.get(wish.sort, SORTS["visit"]), wish.descending))


@lru_cache(maxsize=16)
def _places(centre: Centre, stamp: tuple[object, ...]) -> tuple[_Place, ...]:
    """Everybody of a centre who agreed, by pseudonym.

    Read once for every order until the stamp changes: telling who agrees reads thousands of decisions.
    """
    found = map(_Place._make, of_centre(centre).values_list(*_COLUMNS))
    return tuple(sorted(found, key=attrgetter("pk")))


def _sorted(places: list[_Place], column: str, descending: bool) -> list[_Place]:
    """In the order of a column; equals stay in the order they are in."""
    value = attrgetter(column)
    known, unknown = ([p for p in places if (value(p) is None) is lacks] for lacks in (False, True))
    return sorted(known, key=value, reverse=descending) + unknown


def _search(people: tuple[str, ...], centre: Centre, words: str) -> tuple[str, ...]:
    """By pseudonym or its beginning, or by the centre's own number, whole: names are sealed and cannot be searched."""
    known = identity.find(centre, words)
    if known is not None:
        return (known.pk,) if known.pk in people else ()
    return tuple(pk for pk in people if pk.startswith(words.strip().upper()))


def page(centre: Centre, wish: Wish, today: date, *, named: bool) -> tuple[Page[str], list[Line]]:
    """One page of the list, its stale lines made anew; with `named`, who the people are.

    That they agree is asked for the people of the page now, whatever was worked out before.
    """
    found = Paginator(wanted(centre, wish), PAGE).get_page(wish.page)
    known = of_centre(centre).filter(pk__in=found.object_list).select_related("snapshot").in_bulk()
    people = [known[pk] for pk in found.object_list if pk in known]
    fresh = {one.person_id: one for one in snapshots.refresh([p.pk for p in people if snapshots.is_stale(p)], today)}
    names = names_of(people) if named else {}
    return found, [
        Line(person, fresh.get(person.pk) or person.snapshot, *names.get(person.pk, ("", ""))) for person in people
    ]


def names_of(people: list[Person]) -> dict[str, tuple[str, str]]:
    """The name and the centre's number of each, opened."""
    ring: Any = vault() if people else None
    rows = Identity.objects.filter(person__in=people).values_list("person_id", "name", "local_number")
    return {
        pk: (ring.open(name, identity.place(pk, "name")), ring.open(number, identity.place(pk, "local_number")))
        for pk, name, number in rows
    }
