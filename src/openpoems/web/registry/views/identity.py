"""Who a person is: to see, and to change. The fields come and go in the body of a request, never in an address."""

from dataclasses import asdict, replace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.web.accounts.gate import guard
from openpoems.web.registry import people
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import who
from openpoems.web.registry.models import Person

_CENTRES_OWN = {"clinician", "lead"}


class IdentityForm(forms.Form):
    """The fields of an identity; each may be left empty."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    birth = forms.CharField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Year, month, day: 1961-04-23. The year alone will do."),
        max_length=10,
        required=False,
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=60, required=False)
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=600, required=False, widget=forms.Textarea({"rows": 3})
    )
    local_number = forms.CharField(
        label=gettext_lazy("Number at the centre"),
        help_text=gettext_lazy("The centre's own number for this person. Imports find the record by it."),
        max_length=64,
        required=False,
    )


@guard("view-identity")
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Who this is, with the way to change it for those who may."""
    rows = [
        {"label": field.label, "value": field.initial, "day": field.name == "birth"} for field in _form(request, person)
    ]
    may_change = people.may(request.user, "write-identity", person)
    return render(request, "registry/identity.html", {"person": person, "rows": rows, "may_change": may_change})


@guard("write-identity")
def change(request: HttpRequest, person: Person) -> HttpResponse:
    """The form, and what it sends."""
    form = _form(request, person)
    if request.method == "POST" and form.is_valid():
        try:
            identify(by=request.user, person=person, who=replace(who(person), **form.cleaned_data))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("identity", person.pseudonym)
    status = 400 if form.errors else 200
    return render(request, "registry/identity_form.html", {"person": person, "form": form}, status=status)


def _form(request: HttpRequest, person: Person) -> IdentityForm:
    """The form of this account: the centre's number is the centre's to say, for imports find a record by it."""
    sent = request.POST if request.method == "POST" else None
    form = IdentityForm(sent, initial=asdict(who(person)), label_suffix="")
    if not people.roles_on(request.user, person) & _CENTRES_OWN:
        del form.fields["local_number"]
    return form
