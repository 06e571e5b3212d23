"""Counting what an account may do only so often, where nothing that it takes back begins the count anew."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.accounts.models import User
from openpoems.web.community.complaints import barred
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Deed
from openpoems.web.registry.actions import Refused


def done(by: Any, kind: Deed.Kind, *, days: int = 1) -> int:
    """How often an account did this in the last days; its requests side by side wait for each other from here on."""
    User.objects.select_for_update().get(pk=by.pk)
    return Deed.objects.filter(user=by, kind=kind, at__gt=timezone.now() - timedelta(days=days)).count()


def may_meet(by: Any) -> None:
    """Raises `Refused` for whom a moderator let meet nobody for a time; a decision that is being made is waited for."""
    User.objects.select_for_update().get(pk=by.pk)
    if barred(by, timezone.now()) is not None:
        raise Refused(_("A moderator decided that you meet nobody through this site for a time."))


def note(by: Any, kind: Deed.Kind) -> None:
    """It does this now; what no limit looks at any more goes."""
    now = timezone.now()
    Deed.objects.filter(user=by, at__lte=now - timedelta(days=limits().compared_anew_days)).delete()
    Deed.objects.create(user=by, kind=kind, at=now)
