"""The demo's page: which accounts there are, and how to sign in with them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from openpoems.web.accounts.gate import public
from openpoems.web.demo.accounts import accounts, is_demo_database


@public
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The accounts, each with its code of this half minute; not found where there are none."""
    if not settings.DEMO or not is_demo_database():
        raise Http404
    return render(request, "demo/accounts.html", {"accounts": accounts()})


def banner(request: HttpRequest) -> dict[str, Any]:
    """For every template: whether to say that this is a demo."""
    return {"demo": settings.DEMO}
