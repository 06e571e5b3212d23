"""Someone like me: agreeing to be compared, wishing, answering, and the conversation of two who both agreed."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from openpoems.web.community.actions import compared, meetings
from openpoems.web.community.frame import members_only
from openpoems.web.community.likeme import conversations, like_me_of
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Member
from openpoems.web.registry.actions import Refused

_DONE = {
    "compare": gettext_lazy("What is compared of your record was worked out. You see it below."),
    "stop": gettext_lazy("Your record is compared no longer, and what was kept for it is gone."),
    "wish": gettext_lazy("Your wish is open. When somebody like you agrees, you get a mail."),
    "take-back": gettext_lazy("Your wish is taken back. Nobody is told of it any more."),
}


@members_only
def like_me(request: HttpRequest, member: Member) -> HttpResponse:
    """What can be done to meet somebody alike, and whom one met."""
    if request.method == "POST":
        _do(request, member, request.POST.get("deed", ""))
        return redirect("community-like-me")
    return render(request, "community/like-me.html", {"told": like_me_of(request.user, member), "member": member})


@members_only
@require_POST
def answer(request: HttpRequest, member: Member, wish: UUID) -> HttpResponse:
    """Agree to meet whoever wished, or decline; they do not learn of a refusal."""
    try:
        met = meetings.answer(by=request.user, member=member, wish=wish, agreed="agree" in request.POST)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-like-me")
    if met:
        return redirect("community-meeting", met.pk)
    messages.success(request, _("You are not asked this again. They learn nothing of it."))
    return redirect("community-like-me")


@members_only
def meeting(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """The conversation of two who both agreed."""
    found = get_object_or_404(conversations(member), pk=number)
    typed, refused = "", ""
    if request.method == "POST":
        if "end" in request.POST:
            meetings.end(by=request.user, meeting=found)
            messages.success(request, _("Ended. Neither of you can read it any more."))
            return redirect("community-like-me")
        typed = request.POST.get("text", "")
        try:
            meetings.write(by=request.user, member=member, meeting=found, text=typed)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("community-meeting", number)
    other: Any = found.agreed if found.asked_id == member.pk else found.asked
    context = {"met": found, "other": other, "member": member, "typed": typed, "refused": refused, "limits": limits()}
    return render(request, "community/meeting.html", context, status=400 if refused else 200)


def _do(request: HttpRequest, member: Member, deed: str) -> None:
    deeds: dict[str, Callable[[], Any]] = {
        "compare": partial(compared.compare, by=request.user, member=member, today=timezone.localdate()),
        "stop": partial(compared.stop, by=request.user, member=member),
        "wish": partial(meetings.wish, by=request.user, member=member),
        "take-back": partial(meetings.take_back, by=request.user, member=member),
    }
    if deed not in deeds:
        return
    try:
        deeds[deed]()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(_DONE[deed]))
