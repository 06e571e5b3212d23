"""A record as it stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpoems.web.accounts.gate import guard
from openpoems.web.registry.models import Fact, Person


@guard("view-record")
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Every fact that counts, by kind."""
    facts = person.facts.filter(state=Fact.State.CURRENT).select_related("by", "verified_by")
    return render(request, "registry/record.html", {"person": person, "facts": facts})
