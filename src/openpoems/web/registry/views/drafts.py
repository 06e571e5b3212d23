"""Forms that were begun: kept at each pause, thrown away on demand."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.registry.actions import Refused, drafts
from openpoems.web.registry.models import Person
from openpoems.web.registry.views.page import fields_of, say


@guard("write-record")
@require_POST
def keep(request: HttpRequest, person: Person, form: str) -> JsonResponse:
    """Keep what stands in a form; answers when."""
    try:
        draft = drafts.keep(by=request.user, person=person, form=form, fields=fields_of(request))
    except Refused as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=422)
    saved = date_format(timezone.localtime(draft.saved), "H:i")
    return JsonResponse({"says": gettext("Kept at %s.") % saved})


@guard("write-record")
@require_POST
def throw_away(request: HttpRequest, person: Person, form: str) -> HttpResponse:
    """Throw away what was begun, and begin anew."""
    drafts.forget(by=request.user, person=person, form=form)
    say(request, gettext("Thrown away."))
    return redirect("record", person.pseudonym)
