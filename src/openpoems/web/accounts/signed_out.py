"""Where a request leads that nobody is signed in for, and what becomes of the words that came with it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

_NO_WORDS = ("csrfmiddlewaretoken", "password")


def for_accounts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who is signed in reaches the view; everybody else is led to sign in."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _led_to_sign_in(request)

    return asked


def _led_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the page for signing in, and from there to the page that was asked for, or on which the form stood.

    Whoever was signed out while writing gets the words back, to copy them: they cannot be kept for nobody.
    """
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    typed = _words(request)
    if typed and "text/html" in request.headers.get("Accept", ""):  # a page was sent, not a draft by its script
        page = render(request, "signed-out.html", {"typed": typed, "back": _page_before(request)}, status=403)
        add_never_cache_headers(page)  # the words stay in no cache of a shared computer
        return page
    return redirect_to_login(_page_before(request))


def _words(request: HttpRequest) -> list[str]:
    """What was written in a form: what a person chose from a list has no blank in it."""
    sent = [(name, value.strip()) for name, values in request.POST.lists() for value in values]
    return [value for name, value in sent if len(value.split()) > 1 and not name.startswith(_NO_WORDS)]


def _page_before(request: HttpRequest) -> str:
    """The page on which the form stood: what a form is sent to may be no page."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(before)
    return parts._replace(scheme="", netloc="").geturl()
