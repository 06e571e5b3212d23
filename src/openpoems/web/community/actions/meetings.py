"""Wishing to meet somebody like oneself; agreeing, declining, writing, ending. Nobody is named before both agreed."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.community.actions.members import own_record
from openpoems.web.community.actions.safety import is_new
from openpoems.web.community.actions.stories import tell
from openpoems.web.community.likeness import wishes_for
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Meeting, Member, Message, Wish
from openpoems.web.community.words import cleaned
from openpoems.web.registry.actions import Refused

_LONGEST = 4000


@transaction.atomic
def choose_findable(*, by: Any, member: Member, findable: bool) -> None:
    """Be told of others like oneself and let them be told, or not any more: open wishes end with it."""
    member.findable = findable
    member.save(update_fields=["findable"])
    if not findable:
        member.wishes.filter(closed=None).update(closed=timezone.now())


@transaction.atomic
def wish(*, by: Any, member: Member) -> Wish:
    """Wish to meet somebody like oneself. Raises `Refused`."""
    Member.objects.select_for_update().get(pk=member.pk)
    if not member.findable or own_record(by) is None:
        raise Refused(_("Agree first that your record is compared; you need a record of your own."))
    if member.wishes.filter(closed=None).exists():
        raise Refused(_("Your wish is open already."))
    most = limits().contacts_a_day_new if is_new(member) else limits().contacts_a_day
    if member.wishes.filter(at__gte=timezone.now() - timedelta(days=1)).count() >= most:
        raise Refused(_("You asked often today. Please wait until tomorrow."))
    return Wish.objects.create(member=member, at=timezone.now())


@transaction.atomic
def answer(*, by: Any, member: Member, wish: Wish, agreed: bool, today: date) -> Meeting | None:
    """Agree to meet whoever wished, who is named from then on, or decline unseen. Raises `Refused`."""
    row = Wish.objects.select_for_update().select_related("member__user").filter(pk=wish.pk, closed=None).first()
    if row is None or row not in wishes_for(member, today):
        raise Refused(_("This wish is no longer open."))
    if not agreed:
        row.declined.add(member)
        return None
    _agrees_within_the_day(member)
    row.closed = timezone.now()
    row.save(update_fields=["closed"])
    meeting = Meeting.objects.create(asked=row.member, agreed=member, at=timezone.now())
    tell(row.member)
    return meeting


def _agrees_within_the_day(member: Member) -> None:
    """An account that agrees to everybody's wish collects who they are: it is held back like one that asks often."""
    Member.objects.select_for_update().get(pk=member.pk)
    most = limits().contacts_a_day_new if is_new(member) else limits().contacts_a_day
    if member.meetings_agreed.filter(at__gte=timezone.now() - timedelta(days=1)).count() >= most:
        raise Refused(_("You agreed often today. Please wait until tomorrow: the wish stays open."))


@transaction.atomic
def write(*, by: Any, member: Member, meeting: Meeting, text: str) -> Message:
    """Write to the other. Raises `Refused` where it is ended, empty, too long or too much."""
    row = Meeting.objects.select_for_update().select_related("asked__user", "agreed__user").get(pk=meeting.pk)
    said = cleaned(text).strip()
    if row.ended is not None:
        raise Refused(_("This conversation was ended."))
    if not said or len(said) > _LONGEST:
        raise Refused(_("Write between one sign and %(most)d.") % {"most": _LONGEST})
    since = timezone.now() - timedelta(days=1)
    if Message.objects.filter(by=member, at__gte=since).count() >= limits().messages_a_day:
        raise Refused(_("You wrote many messages today. Please go on tomorrow."))
    tell(row.agreed if row.asked_id == member.pk else row.asked)
    return Message.objects.create(meeting=row, by=member, at=timezone.now(), text=said)


@transaction.atomic
def end(*, by: Any, meeting: Meeting) -> None:
    """End a conversation, for both; what was written goes."""
    Meeting.objects.filter(pk=meeting.pk, ended=None).update(ended=timezone.now())
    Message.objects.filter(meeting=meeting).delete()
