"""Verifying, taking back, deciding between facts; the history of each."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.registry import people, presenters
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.conflicts import conflicts
from openpoems.web.registry.history import chain
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.row_numbers import row_numbers
from openpoems.web.registry.views.page import say


@guard("view-record")
def fact(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """One fact with its history: who said what when, and why it was changed."""
    row = get_object_or_404(person.facts, pk=pk)
    may_verify = people.may(request.user, "verify-record", person)
    lines = [presenters.line(each, request.user, may_verify=may_verify) for each in reversed(chain(row))]
    return render(request, "registry/fact.html", {"person": person, "lines": lines, "now": lines[0]})


@guard("verify-record")
@require_POST
def verify(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Say that a fact is right as it stands."""
    row = get_object_or_404(person.facts, pk=pk)
    refusal = _tried(lambda: facts.verify(by=request.user, row=row))
    if request.headers.get("HX-Request"):
        against = conflicts(person)
        clashes = any(pk == other.pk for group in against for other in group)
        verified = presenters.with_people(person.facts).get(pk=pk)
        shown = presenters.line(verified, request.user, clashes=clashes, may_verify=True)
        left = {"conflicts": len(against), "unverified": presenters.unverified(person).count()}
        context = {"person": person, "line": shown, "refusal": refusal, "fresh": True, **left}
        return render(request, "registry/verified.html", context)
    if refusal:
        messages.error(request, refusal)
    else:
        say(request, gettext("Verified."))
    return redirect(_back(request, person, pk))


@guard("write-record")
def take_back(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Take a fact back, with the reason."""
    row = get_object_or_404(person.facts, pk=pk)
    line = presenters.line(presenters.with_people(person.facts).get(pk=pk), request.user)
    why, refusal = request.POST.get("why", "").strip(), ""
    if request.method == "POST":
        refusal = _tried(lambda: facts.retract(by=request.user, row=row, why=why)) if why else gettext("Say why.")
        if not refusal:
            say(request, gettext("Taken back. It stays in the history."))
            return redirect("record", person.pseudonym)
    return render(request, "registry/take_back.html", {"person": person, "line": line, "why": why, "refusal": refusal})


@guard("view-record")
def review(request: HttpRequest, person: Person) -> HttpResponse:
    """What a clinician looks at: facts that stand against each other, and those nobody verified."""
    may_verify = people.may(request.user, "verify-record", person)
    groups = [[presenters.line(row, request.user, clashes=True) for row in group] for group in conflicts(person)]
    rows = presenters.with_people(presenters.unverified(person)).order_by("-entered")
    lines = [presenters.line(row, request.user, may_verify=may_verify) for row in rows]
    context = {"person": person, "groups": groups, "lines": lines, "may_decide": may_verify}
    return render(request, "registry/review.html", context)


@guard("verify-record")
@require_POST
def prefer(request: HttpRequest, person: Person) -> HttpResponse:
    """Decide which of some facts counts, with the reason."""
    numbers = row_numbers(request.POST.getlist("among"))
    rows = {str(row.pk): row for row in person.facts.filter(pk__in=numbers)}
    chosen, why = rows.get(request.POST.get("chosen", "")), request.POST.get("why", "").strip()
    others = [row for row in rows.values() if row is not chosen]
    if chosen is None or not others or len(rows) != len(set(numbers)):
        messages.error(request, gettext("Choose the value that counts."))
    elif not why:
        messages.error(request, gettext("Say why this value counts: whoever reads the record later wants to know."))
    elif refusal := _tried(lambda: _decide(request, chosen, others, why)):
        messages.error(request, refusal)
    else:
        say(request, gettext("Decided. The other values stay in the history."))
    return redirect("record-review", person.pseudonym)


def _decide(request: HttpRequest, chosen: Fact, others: list[Fact], why: str) -> None:
    facts.prefer(by=request.user, row=chosen, over=others, why=why)


def _tried(action: Callable[[], None]) -> str:
    """Why an action was refused; "" where it was done."""
    try:
        action()
    except Refused as refused:
        return str(refused)
    return ""


def _back(request: HttpRequest, person: Person, pk: int) -> str:
    """The page of this site one came from, else the record."""
    came = request.POST.get("next", "")
    if came.startswith("/") and url_has_allowed_host_and_scheme(
        came, {request.get_host()}, require_https=request.is_secure()
    ):
        return came
    return f"{reverse('record', args=[person.pseudonym])}#fact-{pk}"
