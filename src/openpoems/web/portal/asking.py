"""Asking for consent where it is wanted: a banner on one's pages, and a gate before anything is entered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openpoems.web.registry.actions.facts import NotAgreed
from openpoems.web.registry.consent import agrees, open_questions
from openpoems.web.registry.models import Person, Tie
from openpoems.web.registry.people import may


def questions(request: HttpRequest) -> dict[str, Any]:
    """The records of the account on which a decision is wanted, for the banner; nothing for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"consent_wanted": []}
    return {"consent_wanted": [tie.person for tie in user.ties.select_related("person") if open_questions(tie.person)]}


class ConsentMiddleware:
    """Nothing is entered into a record that the person did not agree to have kept, or withdrew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead the person to the consent page; tell staff that entering is closed. Whoever may not see it passes on."""
        if getattr(view, "right", "") != "write-record" or not request.user.is_authenticated:
            return None
        if getattr(view, "machine", False):  # it answers no page: its own gate says so (`api.gate`)
            return None
        person = Person.objects.filter(pseudonym=kwargs.get("pseudonym")).first()
        return None if person is None or agrees(person, "care") else _not_agreed(request, person)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same answer where the person withdrew after the gate was passed: the action stored nothing."""
        match = request.resolver_match
        if not isinstance(exception, NotAgreed) or match is None or "pseudonym" not in match.kwargs:
            return None
        return _not_agreed(request, Person.objects.get(pk=match.kwargs["pseudonym"]))


def _not_agreed(request: HttpRequest, person: Person) -> HttpResponse | None:
    if request.user.is_authenticated and Tie.objects.filter(user=request.user, person=person).exists():
        messages.info(request, _("Nothing is entered before you agree that your record is kept."))
        return redirect("consent", person.pseudonym)
    if not may(request.user, "write-record", person):
        return None
    return render(request, "portal/closed.html", status=403)
