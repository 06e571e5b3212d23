"""People similar to one person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.registry.models import Person
from openpoems.web.similar.presenter import Similar, similar


@guard("view-record")
@require_safe
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """How many there are, what was done and what came of it, as the release of this quarter has it."""
    told = similar(person)
    known = {"it": told} if isinstance(told, Similar) else {"why": told}
    return render(request, "similar/similar.html", {"person": person, **known})
