"""Holding back accounts that do too much, and telling the site's administrators."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.community.limits import limits
from openpoems.web.community.models import Alert, Member, ProfileRead
from openpoems.web.registry.actions import Refused


def is_new(member: Member) -> bool:
    """Whether a member joined lately."""
    return timezone.now() - member.joined < timedelta(days=limits().new_member_days)


def opens_profile(*, by: Any, reader: Member, member: Member) -> None:
    """Note that a profile is opened. Raises `Refused` beyond the day's limit, and leaves an alert once."""
    if reader.pk == member.pk:
        return
    with transaction.atomic():
        refused = not _noted(by, reader, member)
    if refused:
        raise Refused(_("You opened many profiles today. Please go on tomorrow."))


def _noted(by: Any, reader: Member, member: Member) -> bool:
    today = timezone.localdate()
    Member.objects.select_for_update().get(pk=reader.pk)  # requests side by side are counted one after the other
    mine = ProfileRead.objects.filter(user=by, on=today)
    if mine.filter(member=member).exists():
        return True
    most = limits().profiles_a_day_new if is_new(reader) else limits().profiles_a_day
    if mine.count() < most:
        ProfileRead.objects.create(user=by, member=member, on=today)
        return True
    if not Alert.objects.filter(kind=Alert.Kind.PROFILES, user=by, at__date=today).exists():
        Alert.objects.create(kind=Alert.Kind.PROFILES, user=by, at=timezone.now())
    return False


@transaction.atomic
def saw(*, by: Any, alert: Alert) -> None:
    """An administrator looked at an alert."""
    alert.seen = timezone.now()
    alert.save(update_fields=["seen"])
