"""The page on which an account makes keys for its programs, and ends them."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.api.actions import make_key, revoke_key
from openpoems.web.api.models import Key
from openpoems.web.api.scopes import SCOPES, offered
from openpoems.web.registry.actions import Refused

_LASTS = [
    ("7", gettext_lazy("one week")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("one year")),
]


class KeyForm(forms.Form):
    """What a key is called, what it may do, and how long."""

    name = forms.CharField(
        label=gettext_lazy("Which program is it for?"),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the key a name, so that you know later what it is for.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may it do?"),
        error_messages={"required": gettext_lazy("Choose at least one thing that the key may do.")},
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=gettext_lazy("How long?"), choices=_LASTS, coerce=int, initial="30")

    def __init__(self, sent: Any = None, *, user: Any) -> None:
        super().__init__(sent, label_suffix="")
        self.fields["scopes"].choices = list(offered(user).items())  # type: ignore[attr-defined]


@guard("use-api")
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the account; a new one is shown this once. Asks for the password again first."""
    form, secret = KeyForm(request.POST if request.method == "POST" else None, user=request.user), ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = make_key(by=request.user, **form.cleaned_data)
            form = KeyForm(user=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
    shown = {"form": form, "secret": secret, "lines": [_line(key) for key in request.user.keys.all()]}  # type: ignore[union-attr]
    return render(request, "api/keys.html", shown, status=400 if form.errors else 200)


@guard("use-api")
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """End a key."""
    revoke_key(by=request.user, key=get_object_or_404(Key, pk=number, user=request.user))
    messages.success(request, _("The key is revoked: it opens nothing any more."))
    return redirect("keys")


def _line(key: Key) -> dict[str, Any]:
    return {"key": key, "may": [SCOPES[scope] for scope in key.scopes if scope in SCOPES]}
