"""What the page "someone like me" shows: what is compared of oneself, one's wish, one wish of another, whom one met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.disclosure import rule
from openpoems.reports.likeness import choices
from openpoems.reports.traits import NAMES, Traits
from openpoems.web.audit import log
from openpoems.web.community.actions.compared import anew_from
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.complaints import barred, barred_until
from openpoems.web.community.likeness import compared, own_wish, traits_of, wishes_for
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Meeting, Member, Wish

TRAITS = {
    "age": gettext_lazy("age this year"),
    "sex": gettext_lazy("sex"),
    "since": gettext_lazy("since the diagnosis"),
    "nerves": gettext_lazy("arms and hands"),
    "walking": gettext_lazy("walking"),
    "treatments": gettext_lazy("treatments so far"),
}
_SEXES = {"female": gettext_lazy("female"), "male": gettext_lazy("male")}
_NERVES = (
    gettext_lazy("do everything as ever"),
    gettext_lazy("some things are harder"),
    gettext_lazy("some things they cannot do"),
)
_WALKING = (
    gettext_lazy("without a support"),
    gettext_lazy("with a stick, an arm or a frame"),
    gettext_lazy("with a wheelchair, or not at all"),
)
_TREATMENTS = {
    "transplantation": gettext_lazy("transplantation of own stem cells"),
    "radiotherapy": gettext_lazy("radiotherapy"),
    "lenalidomide": gettext_lazy("lenalidomide or pomalidomide"),
    "melphalan": gettext_lazy("melphalan or cyclophosphamide"),
    "thalidomide": gettext_lazy("thalidomide"),
    "bortezomib": gettext_lazy("bortezomib or its kind"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Mine:
    """What is compared of oneself, in words: a trait that is not known has none. `ends` is when it is too old."""

    traits: tuple[tuple[Any, str], ...]
    at: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A conversation, with whom, and when it was ended."""

    number: int
    name: str
    ended: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class LikeMe:
    """The page. `anew` is from when on one's record can be compared anew; `wish_ends` when one's open wish ends."""

    has_record: bool
    mine: Mine | None
    anew: datetime | None
    wish_ends: datetime | None
    waiting: UUID | None
    met: tuple[Met, ...]
    barred_until: datetime | None
    barred_why: str
    limits: Any
    floor: int
    known: int
    names: Sequence[Any]


def like_me_of(user: Any, member: Member) -> LikeMe:
    """The page of a member. That it shows what is compared of their record is logged as a read of it."""
    now = timezone.now()
    mine, waiting, decision = compared(member, now), wishes_for(member, now).first(), barred(user, now)
    if mine is not None:
        with transaction.atomic():
            log.record("read", person=mine.person_id, place="community-like-me", row_id=mine.person_id)
    return LikeMe(
        has_record=own_record(user) is not None,
        mine=_mine(mine) if mine else None,
        anew=anew_from(user),
        wish_ends=_ends(own_wish(mine, now)),
        waiting=waiting.public_id if waiting else None,
        met=tuple(_met(member)),
        barred_until=barred_until(decision) if decision else None,
        barred_why=decision.reason if decision else "",
        limits=limits(),
        floor=rule("map").floor,
        known=choices().compared.known,
        names=tuple(TRAITS.values()),
    )


def words(made: Traits) -> dict[str, str]:
    """The traits that are known, in words."""
    by, since = choices().compared, choices().years_since_diagnosis
    return {
        name: said
        for name, said in (
            ("age", "" if made.age is None else _ages(made.age, by.age_reached)),
            ("sex", str(_SEXES[made.sex]) if made.sex else ""),
            ("since", "" if made.since is None else _years(made.since, since)),
            ("nerves", "" if made.nerves is None else str(_NERVES[made.nerves])),
            ("walking", "" if made.walking is None else str(_WALKING[made.walking])),
            ("treatments", "" if made.treatments is None else _treatments(made.treatments)),
        )
        if said
    }


def _mine(row: Compared) -> Mine:
    known = words(traits_of(row))
    ends = row.at + timedelta(days=limits().compared_stands_days)
    return Mine(tuple((TRAITS[name], known.get(name, "")) for name in NAMES), row.at, ends)


def _years(band: int, bounds: tuple[int, ...]) -> str:
    """A band of years: under the first bound, between two, or from the last one on."""
    if band == 0:
        return _("under %(years)d years") % {"years": bounds[0]}
    if band == len(bounds):
        return _("%(years)d years or more") % {"years": bounds[-1]}
    return _("%(years)d years or more, but under %(under)d") % {"years": bounds[band - 1], "under": bounds[band]}


def _ages(band: int, bounds: tuple[int, ...]) -> str:
    """A band of ages, which are full years."""
    if 0 < band < len(bounds):
        return _("%(low)d to %(high)d years") % {"low": bounds[band - 1], "high": bounds[band] - 1}
    return _years(band, bounds)


def _treatments(groups: frozenset[str]) -> str:
    return ", ".join(str(_TREATMENTS[each.id]) for each in choices().done if each.id in groups)


def _ends(wish: Wish | None) -> datetime | None:
    return wish.at + timedelta(days=limits().wish_stands_days) if wish else None


def conversations(member: Member) -> QuerySet[Meeting]:
    """A member's conversations, also those that were ended."""
    found = Meeting.objects.filter(Q(asked=member) | Q(agreed=member))
    return found.select_related("asked__user", "agreed__user")


def _met(member: Member) -> Iterator[Met]:
    rows = sorted(conversations(member), key=lambda met: (met.ended is not None, -met.pk))
    for met in rows:
        yield Met(met.pk, (met.agreed if met.asked_id == member.pk else met.asked).name, met.ended)
