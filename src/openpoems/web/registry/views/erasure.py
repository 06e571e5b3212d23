"""Erasing a record: what that means, in plain words, and the way to do it."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.web.accounts.gate import guard
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.models import Person


class ErasureForm(forms.Form):
    """The word that confirms, and whether the account goes too."""

    confirmation = forms.CharField(
        label=gettext_lazy("To erase the record, write the word: erase"),
        error_messages={"required": gettext_lazy("Nothing was erased: the word is missing.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    with_account = forms.BooleanField(
        label=gettext_lazy("Erase my account too: my e-mail address and how I sign in"), required=False
    )

    def clean_confirmation(self) -> str:
        """The word itself, in capitals or not."""
        word = str(self.cleaned_data["confirmation"]).strip().casefold()
        if word not in {"erase", _("erase")}:
            raise forms.ValidationError(_("Nothing was erased: the word must be “erase”."))
        return word


@guard("erase-record")
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Say what erasing does and cannot do; erase when it is confirmed. Asks for the password again first."""
    form = ErasureForm(request.POST or None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        answer = {"person": person, "form": form}
        return render(request, "registry/erase.html", answer, status=400 if form.errors else 200)
    with_account = form.cleaned_data["with_account"]
    erase(by=request.user, person=person, with_account=with_account)
    if with_account:
        logout(request)
    messages.success(request, _("Your record was erased."))
    return redirect("home")
