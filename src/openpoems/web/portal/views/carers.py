"""Who cares for a person, and accepting an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard, public
from openpoems.web.accounts.models import Invitation
from openpoems.web.portal.forms import CarerForm
from openpoems.web.portal.inviting import send_invitation
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.invitations import accept, end_tie, find, open_invitations, take_back
from openpoems.web.registry.models import Person, Tie


@guard("manage-carers")
def carers(request: HttpRequest, person: Person) -> HttpResponse:
    """Carers who act for the person, invitations that are out, and inviting one."""
    form = CarerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_invitation(request, email=form.cleaned_data["email"], role=Invitation.PROXY, person=person)
        return redirect("carers", person.pseudonym)
    shown = {
        "person": person,
        "form": form,
        "ties": person.ties.filter(kind=Tie.Kind.PROXY).select_related("user"),
        "invitations": open_invitations().filter(person=person),
    }
    return render(request, "portal/carers.html", shown)


@guard("manage-carers")
@require_POST
def end_carer(request: HttpRequest, person: Person, tie: int) -> HttpResponse:
    """A carer may no longer act for the person."""
    end_tie(by=request.user, tie=get_object_or_404(person.ties, pk=tie, kind=Tie.Kind.PROXY))
    messages.success(request, _("This carer can no longer open the record."))
    return redirect("carers", person.pseudonym)


@guard("manage-carers")
@require_POST
def end_carer_invitation(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """An invitation is taken back."""
    take_back(by=request.user, invitation=get_object_or_404(Invitation, pk=number, person=person))
    messages.success(request, _("The invitation is taken back."))
    return redirect("carers", person.pseudonym)


@guard("stop-caring")
def stop_caring(request: HttpRequest, person: Person) -> HttpResponse:
    """The carer gives up acting for the person."""
    if request.method != "POST":
        return render(request, "portal/stop-caring.html", {"person": person})
    try:
        end_tie(by=request.user, tie=get_object_or_404(person.ties, user=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("stop-caring", person.pseudonym)
    messages.success(request, _("You no longer act for this person."))
    return redirect("home")


@public
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody is invited to; accepting needs an account that holds the invited address."""
    try:
        offered = find(secret)
        if request.method == "POST" and request.user.is_authenticated:
            accept(by=request.user, secret=secret, name=request.POST.get("name", "").strip()[:120])
            messages.success(request, _("Welcome. You can begin."))
            return redirect("home")
    except Refused as refusal:
        return render(request, "portal/invitation-ended.html", {"why": str(refusal)}, status=410)
    return render(request, "portal/invitation.html", {"offered": offered})
