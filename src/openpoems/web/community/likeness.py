"""Who is told of whose wish. Only what is kept of members is compared here, never a record.

A wish is told to a member when all of this holds (docs/decisions, 0011):

- the two are alike, by what was worked out of each record when its owner agreed to it;
- what is compared of the member was worked out before the wish was made, so that nobody can change a record and look;
- so many others are like the member that the wish could be of any of them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from openpoems.disclosure import rule
from openpoems.reports.likeness import choices, edition
from openpoems.reports.traits import NAMES, Traits, treatment_groups
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Block, Compared, Meeting, Member, Wish


def compared(member: Member, now: datetime) -> Compared | None:
    """What is compared of a member; None where they did not agree, or it is too old."""
    return _standing(now).filter(member=member).first()


def wishes_for(member: Member, now: datetime) -> QuerySet[Wish]:
    """The open wishes that this member may be told of, the oldest first."""
    mine = compared(member, now)
    if mine is None:
        return Wish.objects.none()
    others = alike_to(mine, _standing(now)).exclude(member__in=_apart(member))
    if not _could_be_any(others, now):
        return Wish.objects.none()
    since = max(mine.at, now - timedelta(days=limits().wish_stands_days))
    told = Wish.objects.filter(compared__in=others, at__gt=since).exclude(declined=member)
    return told.order_by("at", "pk")


def own_wish(mine: Compared | None, now: datetime) -> Wish | None:
    """The open wish of somebody who is compared, until it ends by itself."""
    since = now - timedelta(days=limits().wish_stands_days)
    return Wish.objects.filter(compared=mine, at__gt=since).first() if mine else None


def alike_to(mine: Compared, among: QuerySet[Compared]) -> QuerySet[Compared]:
    """Those who are alike, as `reports.traits.alike` says of two: the same in SQL, for who all are compared."""
    known = {name: value for name, value in columns(traits_of(mine)).items() if value not in (None, "")}
    among = among.exclude(pk=mine.pk).annotate(shared=F("treatments").bitand(known.pop("treatments", 0)))
    terms = [*(Q(**{name: value}) for name, value in known.items()), Q(shared__gt=0)]
    same = sum((Case(When(term, then=1), default=0) for term in terms), start=Value(0))
    return among.annotate(same=same).filter(same__gte=choices().compared.same)


def traits_of(row: Compared) -> Traits:
    """The traits that a row keeps."""
    said: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
    groups = treatment_groups()
    bits = row.treatments
    given = None if bits is None else frozenset(each for n, each in enumerate(groups) if bits >> n & 1)
    return Traits(**{**said, "sex": row.sex or None, "treatments": given})


def columns(made: Traits) -> dict[str, Any]:
    """The columns that keep traits."""
    said: dict[str, Any] = {name: getattr(made, name) for name in NAMES}
    given = made.treatments
    bits = None if given is None else sum(1 << n for n, each in enumerate(treatment_groups()) if each in given)
    return {**said, "sex": made.sex or "", "treatments": bits}


def _standing(now: datetime) -> QuerySet[Compared]:
    since = now - timedelta(days=limits().compared_stands_days)
    return Compared.objects.filter(at__gt=since, edition=edition(), member__user__is_active=True)


def _apart(member: Member) -> set[int]:
    """Whom a member does not meet: who blocked the other, and who met already, even where it ended."""
    blocks = Block.objects.filter(Q(member=member) | Q(blocked=member)).values_list("member", "blocked")
    met = Meeting.objects.filter(Q(asked=member) | Q(agreed=member)).values_list("asked", "agreed")
    return {one for pair in (*blocks, *met) for one in pair} - {member.pk}


def _could_be_any(others: QuerySet[Compared], now: datetime) -> bool:
    """Whether so many are alike that none of them is given away; who joined lately is not counted, as on the map."""
    floor = rule("map").floor
    joined = now - timedelta(days=limits().member_days_before_counted)
    return len(others.filter(member__joined__lte=joined).values_list("pk", flat=True)[:floor]) == floor
