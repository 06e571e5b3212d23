"""The community's figures, and what data led to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from openpoems.knowledge.model import PublishedDelay
from openpoems.knowledge.store import knowledge
from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import guard, public
from openpoems.web.community.actions import answers as actions
from openpoems.web.community.figures import Figures, Study, figures
from openpoems.web.community.forms import CleanField
from openpoems.web.community.models import Outcome


class OutcomeForm(forms.Form):
    """What data led to, in plain words."""

    kind = forms.ChoiceField(label=gettext_lazy("What used the data"), choices=Outcome.Kind.choices)
    title = CleanField(label=gettext_lazy("Title"), max_length=160)
    says = CleanField(
        label=gettext_lazy("What was asked, and whose data were used"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("In words that everybody understands."),
    )
    result = CleanField(
        label=gettext_lazy("What came out"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Also where nothing came out. Leave empty while it runs, and come back."),
    )
    address = forms.URLField(label=gettext_lazy("Where more can be read"), required=False, assume_scheme="https")
    on = forms.DateField(label=gettext_lazy("Day"), help_text=gettext_lazy("For example 2026-11-28."))


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The figures beside the published cohorts."""
    found = figures()
    return render(request, "community/figures.html", {"it": found, **_published(found)})


def _published(found: Figures) -> dict[str, Any]:
    """What was published elsewhere, each with its source."""
    several: dict[str, Sequence[PublishedDelay | Study]] = {
        "published": found.published,
        "named": found.named,
        "studies": found.studies,
    }
    known = knowledge().references
    return {name: [(one, known[one.cite.ref]) for one in each] for name, each in several.items()}


@public
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """What data led to."""
    may_tell = request.user.is_authenticated and rights.has_on_site(request.user, "tell-outcomes")
    return render(request, "community/outcomes.html", {"outcomes": Outcome.objects.all(), "may_tell": may_tell})


@guard("tell-outcomes")
def tell(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Tell what data led to, or tell it better."""
    row = get_object_or_404(Outcome, pk=number) if number is not None else None
    form = OutcomeForm(request.POST or None, initial=_said(row), label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return render(request, "community/outcome-form.html", {"form": form}, status=400 if form.errors else 200)
    if row is None:
        actions.tell_outcome(by=request.user, **form.cleaned_data)
    else:
        actions.correct_outcome(by=request.user, outcome=row, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("community-outcomes")


def _said(row: Outcome | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OutcomeForm.base_fields} if row else {}
