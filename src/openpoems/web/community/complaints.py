"""Queries for conversations that were reported: what waits for a moderator, and who may meet nobody for now."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from openpoems.web.community.limits import limits
from openpoems.web.community.models import Complaint


def open_to(moderator: Any) -> QuerySet[Complaint]:
    """What a moderator may decide on: not what is about them, nor what they reported themselves."""
    return Complaint.objects.filter(decided=None).exclude(about=moderator).exclude(by__user=moderator)


def barred(user: Any, now: datetime) -> Complaint | None:
    """The decision by which an account may meet nobody for now, if there is one."""
    since = now - timedelta(days=limits().barred_days)
    return Complaint.objects.filter(about=user, outcome="barred", decided__gt=since).order_by("decided").last()


def barred_until(decision: Complaint) -> datetime | None:
    """When it ends."""
    return decision.decided + timedelta(days=limits().barred_days) if decision.decided else None
