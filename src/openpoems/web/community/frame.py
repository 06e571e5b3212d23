"""What every page of the community hands to its template, and the gate of those that are for members."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openpoems.web.accounts.gate import View, guard
from openpoems.web.community.models import Member


def member_of(request: HttpRequest) -> Member | None:
    """The member that the account is, if it is one."""
    if not request.user.is_authenticated:
        return None
    return Member.objects.filter(user=request.user).first()


def members_only(view: Callable[..., HttpResponse]) -> View:
    """Only who joined the community reaches the view, which gets the member; nobody's search engine keeps the page."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = member_of(request)
        if member is None:
            return redirect("community-join")
        return view(request, member, *args, **kwargs)

    return unlisted(guard("join-community")(asked))


def unlisted(view: View) -> View:
    """Ask search engines not to keep the page."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return marked
