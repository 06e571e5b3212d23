"""Someone like me: agreeing to be compared, wishing, answering, and the conversation of two who both agreed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.community.actions import meetings as actions
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.frame import members_only
from openpoems.web.community.likeness import wishes_for
from openpoems.web.community.models import Meeting, Member, Wish
from openpoems.web.registry.actions import Refused


@members_only
def like_me(request: HttpRequest, member: Member) -> HttpResponse:
    """What can be done to meet somebody alike, and whom one met."""
    if request.method == "POST":
        try:
            _do(request, member)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("community-like-me")
    context = {
        "member": member,
        "has_record": own_record(request.user) is not None,
        "mine": member.wishes.filter(closed=None).first(),
        "wishes": wishes_for(member, timezone.localdate()),
        "meetings": _meetings(member),
    }
    return render(request, "community/like-me.html", context)


@members_only
@require_POST
def answer(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Agree to meet whoever wished, or decline; they do not learn of a refusal."""
    wish, agreed = get_object_or_404(Wish, pk=number), "agree" in request.POST
    try:
        met = actions.answer(by=request.user, member=member, wish=wish, agreed=agreed, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-like-me")
    return redirect("community-meeting", met.pk) if met else redirect("community-like-me")


@members_only
def meeting(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """The conversation of two who both agreed."""
    found = get_object_or_404(_meetings(member), pk=number)
    typed, refused = "", ""
    if request.method == "POST":
        if "end" in request.POST:
            actions.end(by=request.user, meeting=found)
            messages.success(request, _("Ended. What was written is gone."))
            return redirect("community-like-me")
        typed = request.POST.get("text", "")
        try:
            actions.write(by=request.user, member=member, meeting=found, text=typed)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("community-meeting", number)
    other: Any = found.agreed if found.asked_id == member.pk else found.asked
    context = {"met": found, "other": other, "member": member, "typed": typed, "refused": refused}
    return render(request, "community/meeting.html", context, status=400 if refused else 200)


def _do(request: HttpRequest, member: Member) -> None:
    if "wish" in request.POST:
        actions.wish(by=request.user, member=member)
        messages.success(request, _("Your wish is open. When somebody like you agrees, you get a mail."))
    else:
        findable = request.POST.get("findable") == "yes"
        actions.choose_findable(by=request.user, member=member, findable=findable)
        messages.success(request, _("Saved."))


def _meetings(member: Member) -> QuerySet[Meeting]:
    mine = Q(asked=member) | Q(agreed=member)
    return Meeting.objects.filter(mine, ended=None).select_related("asked", "agreed").order_by("-at")
