"""The front page, and whether the site lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from openpoems.web.accounts.gate import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what this is for a visitor, one's records and centres for an account."""
    return render(request, "portal/home.html")


@public
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
