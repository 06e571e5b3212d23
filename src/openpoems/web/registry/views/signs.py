"""The signs of POEMS on one page."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from openpoems.web.accounts.gate import guard
from openpoems.web.registry import last
from openpoems.web.registry.actions import drafts, facts
from openpoems.web.registry.forms.features import FeaturesForm, nothing_changed
from openpoems.web.registry.guide import guide
from openpoems.web.registry.models import Person
from openpoems.web.registry.views.page import asking, begun, form_page, keeps, say

KEY = "signs"


@guard("write-record")
def signs(request: HttpRequest, person: Person) -> HttpResponse:
    """Each sign: found, looked for and not found, or not looked for."""
    said = last.features(person, [id for group in guide().signs for id in group.ids])
    title, who = gettext("Signs of POEMS"), asking(request, person)
    if keeps(request):
        return begun(request, person, KEY)
    if request.method == "POST":
        sent: Any = request.POST
        if "same" in request.POST:
            sent = nothing_changed(FeaturesForm(asking=who, last=said))
        form = FeaturesForm(sent, asking=who, last=said)
        if form.is_valid():
            return _save(request, person, form)
        return form_page(request, person, form, key=KEY, title=title, template="registry/signs.html", said=len(said))
    return form_page(
        request,
        person,
        lambda begun: FeaturesForm(asking=who, last=said, initial=begun),
        key=KEY,
        title=title,
        template="registry/signs.html",
        said=len(said),
    )


def _save(request: HttpRequest, person: Person, form: FeaturesForm) -> HttpResponse:
    added = 0
    with transaction.atomic():
        for fact in form.facts():
            try:
                facts.enter(by=request.user, person=person, fact=fact)
                added += 1
            except facts.AlreadySaid:
                continue
        drafts.forget(by=request.user, person=person, form=KEY)
    if added:
        say(request, ngettext("Saved: %d sign.", "Saved: %d signs.", added) % added)
    else:
        messages.info(request, gettext("Nothing new was said; nothing was added."))
    return redirect("record", person.pseudonym)
