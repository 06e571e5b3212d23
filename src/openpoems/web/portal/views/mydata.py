"""Taking all the data of a record away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.portal.mydata import FORMS, left_out, take
from openpoems.web.registry.models import Person


@guard("export-record")
@require_safe
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Every form in which the data can be taken away."""
    shown = {"person": person, "forms": FORMS.values(), "left_out": len(left_out(person))}
    return render(request, "portal/mydata.html", shown)


@guard("export-record")
@require_safe
def download(request: HttpRequest, person: Person, form: str) -> HttpResponse:
    """One form as a file."""
    if form not in FORMS:
        raise Http404
    name, content = take(by=request.user, person=person, form=FORMS[form])
    response = HttpResponse(content, content_type=FORMS[form].type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
