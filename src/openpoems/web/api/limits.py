"""How often one key, or one account's pages, may ask in a minute."""

import time
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from openpoems.web.api.models import Turn

_MINUTE_S = 60


def wait_of(who: str, now: float | None = None) -> int:
    """Count a request; the seconds to wait where there were too many this minute, else 0."""
    seconds = time.time() if now is None else now
    minute = int(seconds // _MINUTE_S)
    row = Turn.objects.filter(who=who, minute=minute)
    if not row.update(count=F("count") + 1):
        _begin(who, minute)
        return 0
    if row.values_list("count", flat=True).get() <= settings.API_PER_MINUTE:
        return 0
    return _MINUTE_S - int(seconds % _MINUTE_S)


def _begin(who: str, minute: int) -> None:
    """The first of a minute; where two begin at once, the second counts for nothing."""
    try:
        with transaction.atomic():
            Turn.objects.update_or_create(who=who, defaults={"minute": minute, "count": 1})
    except IntegrityError:
        return


def who_asks(request: Any) -> str:
    """By what a request is counted: its key, else its account."""
    key = getattr(request, "key", None)
    return f"key.{key.pk}" if key else f"user.{request.user.pk}"
