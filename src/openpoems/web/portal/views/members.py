"""Who belongs to a centre and to the site: for its lead, and for the administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre, Invitation, Membership
from openpoems.web.portal.forms import CentreForm, MemberForm, StaffForm
from openpoems.web.portal.inviting import send_invitation
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.centres import make_centre
from openpoems.web.registry.actions.invitations import end_membership, open_invitations, take_back


@guard("lead-centre")
def staff(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The members of a centre, invitations that are out, and inviting a clinician or an abstractor."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_invitation(request, centre=centre, **form.cleaned_data)
        return redirect("staff", centre.slug)
    shown = {
        "centre": centre,
        "form": form,
        "memberships": centre.memberships.select_related("user").order_by("role", "pk"),
        "invitations": open_invitations().filter(centre=centre),
    }
    return render(request, "portal/staff.html", shown)


@guard("lead-centre")
@require_POST
def end_staff(request: HttpRequest, centre: Centre, number: int) -> HttpResponse:
    """A clinician or abstractor of the centre is no longer one; its leads are the administrator's affair."""
    membership = get_object_or_404(centre.memberships, pk=number, role__in=StaffForm.ROLES)
    end_membership(by=request.user, membership=membership)
    messages.success(request, _("This member can no longer open the centre's records."))
    return redirect("staff", centre.slug)


@guard("lead-centre")
@require_POST
def end_staff_invitation(request: HttpRequest, centre: Centre, number: int) -> HttpResponse:
    """An invitation to the centre is taken back."""
    take_back(by=request.user, invitation=get_object_or_404(centre.invitations, pk=number))
    messages.success(request, _("The invitation is taken back."))
    return redirect("staff", centre.slug)


@guard("administer")
def site_centres(request: HttpRequest) -> HttpResponse:
    """Every centre, and making one."""
    form = CentreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        make_centre(by=request.user, **form.cleaned_data)
        messages.success(request, _("The centre is made. Invite its lead next."))
        return redirect("site-members")
    return render(request, "portal/site-centres.html", {"form": form, "centres": Centre.objects.all()})


@guard("administer")
def site_members(request: HttpRequest) -> HttpResponse:
    """Everybody with a role, invitations that are out, and inviting to any role."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_invitation(request, **form.cleaned_data)
        return redirect("site-members")
    shown = {
        "form": form,
        "memberships": Membership.objects.select_related("user", "centre").order_by("centre__name", "role", "pk"),
        "invitations": open_invitations().filter(person=None).select_related("centre"),
    }
    return render(request, "portal/site-members.html", shown)


@guard("administer")
@require_POST
def end_member(request: HttpRequest, number: int) -> HttpResponse:
    """Take any role away; never the last administrator's."""
    try:
        end_membership(by=request.user, membership=get_object_or_404(Membership, pk=number))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role is taken away."))
    return redirect("site-members")


@guard("administer")
@require_POST
def end_member_invitation(request: HttpRequest, number: int) -> HttpResponse:
    """An invitation to a role is taken back; those to carers are their person's affair."""
    take_back(by=request.user, invitation=get_object_or_404(Invitation, pk=number, person=None))
    messages.success(request, _("The invitation is taken back."))
    return redirect("site-members")
