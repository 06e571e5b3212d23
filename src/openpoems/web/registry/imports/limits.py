"""What one account may send: so many bytes at once, so many imports in an hour."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

_HOUR_S = 60 * 60


class LargeBodyMiddleware:
    """Refuses what is too large before a byte of it is read, on every page of the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is small enough."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.IMPORT_MAX_BYTES + settings.IMPORT_ROOM_FOR_FIELDS:
            return render(request, "imports/413.html", {"megabytes": settings.IMPORT_MAX_BYTES // 1024**2}, status=413)
        return self.get_response(request)


def takes_turn(user: Any) -> bool:
    """Count an import of this account; False when it had its number of this hour."""
    key = f"imports.{user.pk}.{timezone.now():%Y%m%d%H}"
    cache.add(key, 0, _HOUR_S)
    try:
        return int(cache.incr(key)) <= settings.IMPORTS_PER_HOUR
    except ValueError:  # the hour ended between the two
        return True
