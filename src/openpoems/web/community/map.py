"""The map: who is counted on it, publishing it, and what its page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openpoems.web.community.counting import PARTS, Count, publish
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Cell, Member, Release
from openpoems.web.community.world import world
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

# From how many members on a country is drawn darker.
_SHADES = (5, 10, 25, 50)
_TABLE = "map"


@dataclass(frozen=True, slots=True)
class Line:
    """A place as the table shows it: how many members, of each role too, in words; "" where it is not shown."""

    place: str
    name: str
    members: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A country as it is drawn; `shade` is 0 where nothing is shown of it, `says` its name and number."""

    path: str
    shade: int
    says: str


@dataclass(frozen=True, slots=True)
class Map:
    """The published map; `at` is its day, None before the first."""

    at: date | None
    size: tuple[int, int]
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    roles: tuple[str, ...]
    shades: tuple[tuple[int, str], ...]


def on_the_map(now: datetime) -> QuerySet[Member]:
    """Who is counted in a release made now: who chose it some days after joining, and has not withdrawn anywhere."""
    since = now - timedelta(days=limits().member_days_before_counted)
    agreed = agreeing(Person.objects.all(), "map").values("pk")
    refusing = Tie.objects.filter(kind=Tie.Kind.SELF).exclude(person__in=agreed).values("user")
    chosen = Member.objects.exclude(on_map="").exclude(country="").filter(joined__lte=since, user__is_active=True)
    return chosen.exclude(user__in=refusing)


def publish_map(now: datetime) -> Release:
    """Publish the map of who is on it now."""
    return publish(Release.Kind.MAP, _counts(now), now)


def the_map() -> Map:
    """The map as it is published now."""
    release = Release.objects.filter(kind=Release.Kind.MAP).first()
    cells: dict[str, dict[str, Cell]] = {}
    for cell in release.cells.filter(table=_TABLE) if release else ():
        cells.setdefault(cell.cell, {})[cell.part] = cell
    lines = sorted((_line(place, parts) for place, parts in cells.items()), key=lambda line: line.name)
    return Map(
        at=release.at.date() if release else None,
        size=world().size,
        shapes=tuple(_shapes(cells)),
        lines=tuple(lines),
        roles=tuple(str(Member.Role(role).label) for role in PARTS[_TABLE]),
        shades=tuple((n + 1, _("from %(n)d members") % {"n": least}) for n, least in enumerate(_SHADES)),
    )


def _counts(now: datetime) -> Iterator[Count]:
    for member in on_the_map(now).iterator():
        country = world().countries.get(member.country)
        if country is not None:
            place = country.code if member.on_map == Member.Grain.COUNTRY else country.part
            yield Count(member, _TABLE, place, member.role)


def _line(place: str, parts: dict[str, Cell]) -> Line:
    told = tuple((str(Member.Role(role).label), _between(parts.get(role))) for role in PARTS[_TABLE])
    return Line(place, world().name(place), _between(parts[""]), told)


def _between(cell: Any) -> str:
    if cell is None:
        return ""
    return _("%(low)d to %(high)d") % {"low": cell.low, "high": cell.high}


def _shapes(cells: dict[str, dict[str, Cell]]) -> Iterator[Shape]:
    for code, country in world().countries.items():
        if not country.path:
            continue
        whole = cells.get(code, {}).get("")
        shade = sum(whole.rounded >= least for least in _SHADES) if whole else 0
        says = ""
        if whole:
            told = {"name": world().name(code), "low": whole.low, "high": whole.high}
            says = _("%(name)s: %(low)d to %(high)d members") % told
        yield Shape(country.path, shade, says)
