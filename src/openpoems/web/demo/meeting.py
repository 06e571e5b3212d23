"""The demo's meetings: some people agreed to be compared, and one who is like the first of them wishes to meet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openpoems.disclosure import rule
from openpoems.reports.likeness import edition
from openpoems.reports.traits import Traits, alike
from openpoems.web.community.actions.compared import worked_out
from openpoems.web.community.likeness import columns
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Deed, Member, Wish
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

_LOOKED_AT = 60
FIRST = "ada@example.org"


def fill_meetings(members: Sequence[Member], now: datetime) -> None:
    """Keep what is compared of the first person and of so many like them that a wish may be told, and make the wish."""
    at = now - timedelta(days=limits().compared_anew_days + 1)
    found = [each for each in _with_records(members) if each[0].joined < at]
    if not found or found[0][0].user.email != FIRST:
        return
    mine = worked_out(found[0][1], at.date())
    kept = [(found[0], mine), *_alike(found[1:_LOOKED_AT], mine, at)]
    rows = [
        Compared(member=member, person=person, at=at, edition=edition(), **columns(made))
        for (member, person), made in kept
    ]
    Compared.objects.bulk_create(rows)
    Deed.objects.bulk_create(Deed(user=member.user, kind=Deed.Kind.COMPARE, at=at) for (member, _), _made in kept)
    if len(rows) > 1:
        Wish.objects.create(compared=rows[-1], at=now - timedelta(days=2))


def _with_records(members: Sequence[Member]) -> list[tuple[Member, Person]]:
    """Members whose own record is kept, the first person first."""
    ties = Tie.objects.filter(kind=Tie.Kind.SELF, person__in=agreeing(Person.objects.all(), "care"))
    people = {tie.user_id: tie.person for tie in ties.select_related("person")}
    found = [(member, people[member.user_id]) for member in members if member.user_id in people]
    return sorted(found, key=lambda each: each[0].user.email != FIRST)


def _alike(
    others: Sequence[tuple[Member, Person]], mine: Traits, at: datetime
) -> list[tuple[tuple[Member, Person], Traits]]:
    kept = []
    for each in others:
        made = worked_out(each[1], at.date())
        if alike(mine, made):
            kept.append((each, made))
        if len(kept) > rule("map").floor:
            break
    return kept
