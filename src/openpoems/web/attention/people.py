"""A centre's people who need attention: only those who agreed that it sees their record, and nobody who died.

As in `clinic.people`, who they are in every order is read once until something changes, and whoever is shown is asked
for again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max

from openpoems.web.accounts.models import Centre
from openpoems.web.attention.models import Attention
from openpoems.web.attention.refresh import stale
from openpoems.web.clinic.people import names_of, of_centre, stamp
from openpoems.web.registry.models import Person

PAGE = 25


class _Place(NamedTuple):
    """Where a person stands in the list: the pseudonym, and all that it is sorted and narrowed by."""

    pk: str
    status: str
    undetermined: bool
    lost: bool
    rising: bool
    unverified: int
    conflicts: int
    due: date | None
    last_visit: date | None


_COLUMNS = [name if name in ("pk", "status") else f"attention__{name}" for name in _Place._fields]
Holds = Callable[[_Place, date], bool]
# In the order in which they are worth a clinician's time, which is a choice of this software.
REASONS: dict[str, Holds] = {
    "lost": lambda place, today: place.lost,
    "rising": lambda place, today: place.rising,
    "undetermined": lambda place, today: place.undetermined,
    "conflicts": lambda place, today: bool(place.conflicts),
    "overdue": lambda place, today: (
        place.status == Person.Status.ALIVE and place.due is not None and place.due <= today
    ),
    "unverified": lambda place, today: bool(place.unverified),
}
# The column of each order, and whether the greatest comes first; the first order is by the weight of the reasons.
SORTS: dict[str, tuple[str, bool]] = {
    "reasons": ("", True),
    "overdue": ("due", False),
    "unseen": ("last_visit", False),
    "seen": ("last_visit", True),
    "unverified": ("unverified", True),
    "pseudonym": ("pk", False),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants the list: for which reason, in which order, which page."""

    why: str = ""
    sort: str = "reasons"
    page: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One person in the list; `name` and `number` are "" for who may not see identities."""

    person: Person
    attention: Attention
    name: str
    number: str

    def __repr__(self) -> str:
        return "<Line>"


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """One page of the list, how many people each reason holds for, and how many records wait to be looked at."""

    found: Page[str]
    lines: list[Line]
    counts: Mapping[str, int]
    waiting: int

    def __repr__(self) -> str:
        return "<Listed>"


def listed(centre: Centre, wish: Wish, today: date, *, named: bool) -> Listed:
    """The page a wish asks for; with `named`, who the people are. So many queries, however many people there are."""
    at = (stamp(centre), _made(centre))
    found = Paginator(_ordered(centre, replace(wish, page=1), today, at), PAGE).get_page(wish.page)
    known = of_centre(centre).filter(pk__in=found.object_list).select_related("attention").in_bulk()
    people = [known[pk] for pk in found.object_list if pk in known]
    names = names_of(people) if named else {}
    lines = [Line(person, person.attention, *names.get(person.pk, ("", ""))) for person in people]
    return Listed(found, lines, _counts(centre, today, at), _waiting(centre, today, at))


def _made(centre: Centre) -> tuple[object, ...]:
    """Changes whenever a row of the centre's people does."""
    rows = Attention.objects.filter(person__centre=centre)
    return tuple(rows.aggregate(Count("pk"), Max("seen")).values())


@lru_cache(maxsize=64)
def _ordered(centre: Centre, wish: Wish, today: date, at: tuple[object, ...]) -> tuple[str, ...]:
    places = [place for place in _places(centre, at) if _wanted(place, wish.why, today)]
    column, descending = SORTS[wish.sort]
    if not column:
        return tuple(place.pk for place in sorted(places, key=lambda place: _weight(place, today), reverse=True))
    return tuple(place.pk for place in _known_first(places, column, descending=descending))


def _wanted(place: _Place, why: str, today: date) -> bool:
    if why in REASONS:
        return REASONS[why](place, today)
    return any(holds(place, today) for holds in REASONS.values())


def _weight(place: _Place, today: date) -> tuple[bool, ...]:
    """The reasons a person has, in the order of `REASONS`: the first that differs decides."""
    return tuple(holds(place, today) for holds in REASONS.values())


def _known_first(places: list[_Place], column: str, *, descending: bool) -> list[_Place]:
    """In order of a column, those of whom it is unknown last; equals stay by pseudonym."""
    value = attrgetter(column)
    known, unknown = ([p for p in places if (value(p) is None) is lacks] for lacks in (False, True))
    return sorted(known, key=value, reverse=descending) + unknown


@lru_cache(maxsize=64)
def _counts(centre: Centre, today: date, at: tuple[object, ...]) -> dict[str, int]:
    places = _places(centre, at)
    return {why: sum(holds(place, today) for place in places) for why, holds in REASONS.items()}


@lru_cache(maxsize=16)
def _places(centre: Centre, at: tuple[object, ...]) -> tuple[_Place, ...]:
    """Everybody of a centre who agreed, lives and was looked at, by pseudonym."""
    people = of_centre(centre).exclude(status=Person.Status.DEAD).filter(attention__isnull=False)
    return tuple(sorted(map(_Place._make, people.values_list(*_COLUMNS)), key=attrgetter("pk")))


@lru_cache(maxsize=16)
def _waiting(centre: Centre, today: date, at: tuple[object, ...]) -> int:
    """How many records changed since they were looked at; they are listed as they were."""
    gone = (Person.Status.DEAD, Person.Status.WITHDRAWN)
    return stale(Person.objects.filter(centre=centre).exclude(status__in=gone), today).count()
