"""The map: who is counted on it, publishing it, and what its page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from openpoems.disclosure import rule
from openpoems.web.community.counting import PARTS, Count, publish
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Alert, Cell, Member, Release
from openpoems.web.community.world import world
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

# From how many members on a country is drawn, and drawn darker.
_SHADES = (rule("map").floor, 10, 25, 50)
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
    drawing: str
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
    """Publish the map of who is on it now, and point out places that filled at once."""
    release = publish(Release.Kind.MAP, _counts(now), now, still=on_the_map(now))
    _point_out(release, now)
    return release


def the_map() -> Map:
    """The map as it is published now."""
    release = Release.objects.filter(kind=Release.Kind.MAP).first()
    cells: dict[str, dict[str, Cell]] = {}
    for cell in release.cells.filter(table=_TABLE) if release else ():
        cells.setdefault(cell.cell, {})[cell.part] = cell
    lines = sorted((_line(place, parts) for place, parts in cells.items()), key=lambda line: line.name)
    return Map(
        at=release.at.date() if release else None,
        drawing=_drawn(_of_countries(cells), get_language() or "en"),
        lines=tuple(lines),
        roles=tuple(str(Member.Role(role).label) for role in PARTS[_TABLE]),
        shades=tuple((n + 1, _("from %(n)d members") % {"n": least}) for n, least in enumerate(_SHADES)),
    )


def members_shown() -> tuple[int, int]:
    """How many members there are at least, and in how many countries, of what the map shows: sums of that alone."""
    cells = Cell.objects.filter(release__kind=Release.Kind.MAP, table=_TABLE, part="").values_list("cell", "low")
    return sum(low for _place, low in cells), sum(place in world().countries for place, _low in cells)


def _point_out(release: Release, now: datetime) -> None:
    """Somebody with several accounts can make a place visible, and so the last of its true members."""
    since = now - timedelta(days=limits().place_fills_days)
    recent = release.counted.filter(member__joined__gte=since).values("cell").annotate(n=models.Count("pk"))
    for place in recent.filter(n__gte=limits().place_fills_with).values_list("cell", flat=True):
        if not Alert.objects.filter(kind=Alert.Kind.PLACE, about=place, seen=None).exists():
            Alert.objects.create(kind=Alert.Kind.PLACE, about=place, at=now)


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


def _of_countries(cells: dict[str, dict[str, Cell]]) -> tuple[tuple[str, int, int], ...]:
    known = world().countries
    return tuple(sorted((place, parts[""].low, parts[""].high) for place, parts in cells.items() if place in known))


@lru_cache(maxsize=16)
def _drawn(shown: tuple[tuple[str, int, int], ...], language: str) -> str:
    """The drawing of what is shown, in a language; kept, since it is the same for every reader until a number falls."""
    with override(language):
        context = {"size": world().size, "shapes": list(shapes(shown))}
        return render_to_string("community/world.svg", context)


def shapes(shown: tuple[tuple[str, int, int], ...]) -> Iterator[Shape]:
    """Every country that has an outline; those of which something is shown, as place, low and high, in their shade."""
    numbers = {place: (low, high) for place, low, high in shown}
    for code, country in world().countries.items():
        if not country.path:
            continue
        low, high = numbers.get(code, (0, 0))
        shade = sum(low >= least for least in _SHADES)
        told = {"name": world().name(code), "low": low, "high": high}
        yield Shape(country.path, shade, _("%(name)s: %(low)d to %(high)d members") % told if shade else "")
