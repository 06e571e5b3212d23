"""Reporting a conversation, and the moderator's page on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.community.actions import complaints as actions
from openpoems.web.community.complaints import open_to
from openpoems.web.community.frame import members_only, unlisted
from openpoems.web.community.likeme import conversations
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Member
from openpoems.web.registry.actions import Refused


@members_only
@require_POST
def report(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Ask a moderator to look at a conversation."""
    found = get_object_or_404(conversations(member), pk=number)
    try:
        actions.report(by=request.user, member=member, meeting=found, why=request.POST.get("why", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. A moderator will look at it. The other member is not told."))
    return redirect("community-meeting", number)


@unlisted
@guard("moderate-conversations")
def look(request: HttpRequest, number: int) -> HttpResponse:
    """What was reported of a conversation, and deciding on it."""
    found = get_object_or_404(open_to(request.user).select_related("by"), pk=number)
    reason, refused = request.POST.get("reason", ""), ""
    if request.method == "POST":
        leave = partial(actions.leave, by=request.user, complaint=found)
        decide: Callable[[], Any] = partial(actions.bar, by=request.user, complaint=found, reason=reason)
        try:
            (leave if "leave" in request.POST else decide)()
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Done."))
            return redirect("community-desk")
    context = {"complaint": found, "limits": limits(), "reason": reason, "refused": refused}
    return render(request, "community/complaint.html", context, status=400 if refused else 200)
