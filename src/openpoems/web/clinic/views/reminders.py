"""What a person was reminded of: the page that the mail leads to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.clinic.reminders import recent
from openpoems.web.registry.models import Person


@guard("view-record")
@require_safe
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """The things of which the centre reminded the person lately."""
    return render(request, "clinic/reminders.html", {"person": person, "rules": recent(person)})
