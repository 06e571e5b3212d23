"""Joining, one's own profile with what others see of it, others' profiles, the place on the map, leaving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import guard, public
from openpoems.web.community import map as maps
from openpoems.web.community.actions import members, safety
from openpoems.web.community.forms import JoinForm, ProfileForm
from openpoems.web.community.frame import member_of, members_only, unlisted
from openpoems.web.community.models import Member
from openpoems.web.community.profile import profile
from openpoems.web.registry.actions import Refused


@public
def front(request: HttpRequest) -> HttpResponse:
    """What the community is, and where to go."""
    return render(request, "community/front.html", {"member": member_of(request)})


@unlisted
@guard("join-community")
def join(request: HttpRequest) -> HttpResponse:
    """Become a member."""
    if member_of(request) is not None:
        return redirect("community-me")
    form = JoinForm(request.POST or None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return render(request, "community/join.html", {"form": form}, status=400 if form.errors else 200)
    try:
        members.join(by=request.user, **form.cleaned_data)
    except Refused as refusal:  # sent twice
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("You are a member. Others see your name alone until you choose more here."))
    return redirect("community-me")


@members_only
def me(request: HttpRequest, member: Member) -> HttpResponse:
    """One's own profile, and what others see of it."""
    form = ProfileForm(request.POST or None, initial=_said(member), label_suffix="")
    if request.method == "POST" and form.is_valid():
        members.describe(by=request.user, member=member, **form.cleaned_data)
        messages.success(request, _("Saved. Below stands what others see from now on."))
        return redirect("community-me")
    context = {
        "member": member,
        "form": form,
        "seen": profile(member),
        "grains": Member.Grain.choices,
        "kept_away": Member.objects.filter(pk__in=member.blocks.values("blocked")).order_by("name"),
    }
    return render(request, "community/me.html", context, status=400 if form.errors else 200)


@members_only
@require_POST
def place(request: HttpRequest, member: Member) -> HttpResponse:
    """Go on the map, or off it."""
    grain = request.POST.get("grain", "")
    try:
        members.choose_map(by=request.user, member=member, grain=grain if grain in Member.Grain.values else "")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-me")
    off = _("You are counted on the map no longer.")
    messages.success(request, _("You are counted from the next release of the map on.") if grain else off)
    return redirect("community-me")


@members_only
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    """Leave the community, after reading what that means."""
    if request.method != "POST":
        told = member.stories.filter(state="published").exists()
        choices = Member.Stories.choices if told else ()
        return render(request, "community/leave.html", {"member": member, "choices": choices})
    chosen = request.POST.get("stories", "")
    members.leave(by=request.user, member=member, stories=chosen if chosen in Member.Stories.values else "")
    messages.success(request, _("You have left the community. Your account and your record are as they were."))
    return redirect("community")


@members_only
@require_safe
def show(request: HttpRequest, member: Member, other: Any) -> HttpResponse:
    """What a member chose to show."""
    found = get_object_or_404(Member, public_id=other)
    try:
        safety.opens_profile(by=request.user, reader=member, member=found)
    except Refused as refusal:
        return render(request, "community/slow-down.html", {"says": str(refusal)}, status=429)
    kept_away = member.blocks.filter(blocked=found).exists()
    return render(request, "community/member.html", {"member": member, "seen": profile(found), "kept_away": kept_away})


@public
@require_safe
def the_map(request: HttpRequest) -> HttpResponse:
    """The map with its table."""
    return render(request, "community/map.html", {"map": maps.the_map(), "member": member_of(request)})


def _said(member: Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in ("role", "name", "country", "about", "shown", "stories_after")}
