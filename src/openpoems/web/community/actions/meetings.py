"""Wishing to meet somebody like oneself; agreeing, declining, writing, ending. Nobody is named before both agreed."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.community.actions.deeds import done, may_meet, note
from openpoems.web.community.actions.safety import is_new
from openpoems.web.community.actions.stories import tell
from openpoems.web.community.likeness import compared, own_wish, wishes_for
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Deed, Meeting, Member, Message, Wish
from openpoems.web.community.words import cleaned
from openpoems.web.registry.actions import Refused

_LONGEST = 4000


@transaction.atomic
def wish(*, by: Any, member: Member) -> Wish:
    """Wish to meet somebody like oneself. Raises `Refused`."""
    may_meet(by)
    now = timezone.now()
    often = done(by, Deed.Kind.WISH) >= _contacts(member)
    mine = compared(member, now)
    if mine is None:
        raise Refused(_("Agree first that your record is compared; you need a record of your own."))
    if own_wish(mine, now) is not None:
        raise Refused(_("Your wish is open already."))
    if often:
        raise Refused(_("You asked often today. Please wait until tomorrow."))
    note(by, Deed.Kind.WISH)
    Wish.objects.filter(compared=mine).delete()  # one that ended by itself
    return Wish.objects.create(compared=mine, at=now)


@transaction.atomic
def take_back(*, by: Any, member: Member) -> None:
    """Take one's open wish back."""
    Wish.objects.filter(compared__member=member).delete()


@transaction.atomic
def answer(*, by: Any, member: Member, wish: UUID, agreed: bool) -> Meeting | None:
    """Agree to meet whoever wished, who is named from then on, or decline unseen. Raises `Refused`."""
    row = Wish.objects.select_for_update().filter(public_id=wish).first()
    if row is None or not wishes_for(member, timezone.now()).filter(pk=row.pk).exists():
        raise Refused(_("This wish is no longer open."))
    if not agreed:
        row.declined.add(member)
        return None
    _agrees_seldom(by, member)
    other = row.compared.member
    row.delete()
    met = Meeting.objects.create(asked=other, agreed=member, at=timezone.now())
    tell(other)
    return met


def _agrees_seldom(by: Any, member: Member) -> None:
    """An account that agrees to everybody's wish collects who they are: it is held back like one that asks often."""
    if done(by, Deed.Kind.AGREE) >= _contacts(member):
        raise Refused(_("You agreed often today. Please wait until tomorrow: the wish stays open."))
    if done(by, Deed.Kind.AGREE, days=limits().compared_anew_days) >= limits().contacts_a_month:
        raise Refused(_("You agreed to many wishes this month. Please wait some days before you agree to another."))
    note(by, Deed.Kind.AGREE)


def _contacts(member: Member) -> int:
    return limits().contacts_a_day_new if is_new(member) else limits().contacts_a_day


@transaction.atomic
def write(*, by: Any, member: Member, meeting: Meeting, text: str) -> Message:
    """Write to the other. Raises `Refused` where it is ended, empty, too long or too much."""
    row = (
        Meeting.objects.select_for_update(of=("self",)).select_related("asked__user", "agreed__user").get(pk=meeting.pk)
    )
    said = cleaned(text).strip()
    if row.ended is not None:
        raise Refused(_("This conversation was ended."))
    if not said or len(said) > _LONGEST:
        raise Refused(_("Write between one sign and %(most)d.") % {"most": _LONGEST})
    may_meet(by)
    if done(by, Deed.Kind.MESSAGE) >= limits().messages_a_day:
        raise Refused(_("You wrote many messages today. Please go on tomorrow."))
    note(by, Deed.Kind.MESSAGE)
    tell(row.agreed if row.asked_id == member.pk else row.asked)
    return Message.objects.create(meeting=row, by=member, at=timezone.now(), text=said)


@transaction.atomic
def end(*, by: Any, meeting: Meeting) -> None:
    """End a conversation, for both: neither reads it from now on, and the two are not brought together again.

    What was written goes some days later (`tidy`), so that who ends it does not keep the other from reporting it.
    """
    Meeting.objects.filter(pk=meeting.pk, ended=None).update(ended=timezone.now())


def end_all(one: Member, other: Member) -> None:
    """End what conversations two members have, within the caller's transaction."""
    pair = Q(asked=one, agreed=other) | Q(asked=other, agreed=one)
    for each in Meeting.objects.filter(pair):
        end(by=one.user, meeting=each)
