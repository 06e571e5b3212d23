"""What every page with a form does: who is asked, the draft that was begun, the answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from openpoems.record.time import PartialDate
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.drafts import keep
from openpoems.web.registry.forms.fact import Asking
from openpoems.web.registry.forms.treatment import lists
from openpoems.web.registry.models import Person
from openpoems.web.registry.people import speaks_as

# What a browser sends beside the fields of a form.
_NOT_FIELDS = frozenset(("csrfmiddlewaretoken", "keep", "again", "same", "sure"))
Form = forms.Form | Callable[[dict[str, Any]], forms.Form]


def asking(request: HttpRequest, person: Person) -> Asking:
    """Who fills in a form today."""
    birth = PartialDate(person.birth_year) if person.birth_year else None
    return Asking(timezone.localdate(), speaks_as(request.user, person), birth)


def form_page(
    request: HttpRequest,
    person: Person,
    form: Form,
    *,
    key: str,
    title: str,
    template: str = "registry/form.html",
    **more: Any,
) -> HttpResponse:
    """The page of a form: one that was sent and is shown again, or a new one filled in from what was begun."""
    draft = None
    if not isinstance(form, forms.Form):
        draft = person.drafts.filter(user=request.user.pk, form=key).first()
        form = form(draft.fields if draft else {})
    context = {"person": person, "form": form, "key": key, "title": title, "draft": draft, "lists": lists(), **more}
    return render(request, template, context)


def keeps(request: HttpRequest) -> bool:
    """Whether a form is sent to be kept for later, and not to be saved."""
    return request.method == "POST" and "keep" in request.POST


def begun(request: HttpRequest, person: Person, key: str) -> HttpResponse:
    """Keep a form for later and go back to the record."""
    try:
        keep(by=request.user, person=person, form=key, fields=fields_of(request))
        say(request, gettext("Kept for later. You find it at the top of this page."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("record", person.pseudonym)


def fields_of(request: HttpRequest) -> dict[str, str]:
    """What stands in a form."""
    return {name: str(value) for name, value in request.POST.items() if name not in _NOT_FIELDS}


def say(request: HttpRequest, sentence: str) -> None:
    """Tell on the next page."""
    messages.success(request, sentence)
