"""Joining, saying what others see, going on the map and off it, leaving."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openpoems.web.accounts.models import User
from openpoems.web.community.models import Member
from openpoems.web.community.withdrawals import off_the_map
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import answer
from openpoems.web.registry.models import Person, Tie


@transaction.atomic
def join(*, by: Any, role: str, name: str) -> Member:
    """Become a member: others see the name alone until more is chosen. Raises `Refused` where one is already."""
    User.objects.select_for_update().get(pk=by.pk)  # sent twice, it is asked one after the other
    if Member.objects.filter(user=by).exists():
        raise Refused(_("You are a member already."))
    return Member.objects.create(user=by, role=role, name=name, joined=timezone.now())


@transaction.atomic
def describe(*, by: Any, member: Member, shown: Sequence[str], **said: Any) -> None:
    """Say who one is in the community, and which of it others see; a country once left is no longer counted there."""
    if said.get("country", member.country) != member.country:
        off_the_map([member])
    for field, value in said.items():
        setattr(member, field, value)
    member.shown = sorted(shown)
    member.save(update_fields=[*said, "shown"])  # no more: the place on the map may have been left in another window
    if not member.country and member.on_map:
        choose_map(by=by, member=member, grain=Member.Grain.NONE)


@transaction.atomic
def choose_map(*, by: Any, member: Member, grain: str) -> None:
    """Be counted on the map from the next release on, or no longer from now on.

    Who has a record of their own agrees or withdraws there as well: one decision, in one place. Raises `Refused`
    where no country is known.
    """
    if grain and not member.country:
        raise Refused(_("Choose your country first: the map needs to know where to count you."))
    if grain != member.on_map:
        off_the_map([member])  # a place once left is not counted until the next release, nor is the new one
    member.on_map = grain
    member.save(update_fields=["on_map"])
    person = own_record(by)
    if person is not None:
        answer(by=by, person=person, choices={"map": bool(grain)}, language=get_language() or "en")


@transaction.atomic
def leave(*, by: Any, member: Member, stories: str = "") -> None:
    """Leave the community: the profile goes, and the stories as is chosen now, or was before."""
    if stories:
        member.stories_after = stories
        member.save(update_fields=["stories_after"])
    member.delete()


def own_record(user: Any) -> Person | None:
    """The account's own record, if it has one."""
    tie = Tie.objects.filter(user=user, kind=Tie.Kind.SELF).select_related("person").first()
    return tie.person if tie else None
