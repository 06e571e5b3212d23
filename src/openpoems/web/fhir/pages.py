"""The letter for systems, beside the letter for people."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.fhir.outcome import respond
from openpoems.web.fhir.summary import summary
from openpoems.web.registry.models import Person


@guard("view-record")
@require_safe
def letter(request: HttpRequest, person: Person) -> HttpResponse:
    """The letter as a FHIR document, to be taken away; it names the person only to who may know."""
    return respond(
        summary(request, person), headers={"Content-Disposition": 'attachment; filename="poems-letter.json"'}
    )
