"""A session that nobody uses ends. A form that was begun is kept as a draft, so nothing typed is lost with it."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

_KEY = "used"
_EVERY_S = 60  # the session is written once a minute at most, not at each request


class IdleMiddleware:
    """Signs out an account whose session was not used for `IDLE_MINUTES`; its page then asks to sign in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End an idle session, or note that it is used."""
        if request.user.is_authenticated:
            used, now = request.session.get(_KEY), int(time())
            if used is not None and now - used > settings.IDLE_MINUTES * 60:
                logout(request)
            elif used is None or now - used >= _EVERY_S:
                request.session[_KEY] = now
        return self.get_response(request)
