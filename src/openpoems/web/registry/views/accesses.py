"""Who opened a record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openpoems.web.accounts.gate import guard
from openpoems.web.registry.accesses import accesses
from openpoems.web.registry.models import Person


@guard("view-accesses")
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Every day on which somebody read or changed the record."""
    found = accesses(person, request.user)  # type: ignore[arg-type]  # the gate lets no visitor in
    return render(request, "registry/accesses.html", {"person": person, "accesses": found})
