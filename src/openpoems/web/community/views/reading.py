"""Reading stories: choosing what not to meet, opening one, reporting it, keeping away from a member."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import public
from openpoems.web.community.actions import reading as actions
from openpoems.web.community.frame import member_of, members_only
from openpoems.web.community.identifying import help_link
from openpoems.web.community.models import Member, Story
from openpoems.web.community.stories import A_PAGE, readable_by, told, without
from openpoems.web.registry.actions import Refused


@public
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """The stories that the visitor may read, without those that carry an unwanted warning."""
    member = member_of(request)
    unwanted = [each for each in request.GET.getlist("without") if each in Story.Warned.values]
    found = without(readable_by(request.user, member), unwanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": [told(story) for story in page],
        "unwanted": unwanted,
        "warnings": Story.Warned.choices,
        "member": member,
        "kept": "".join(f"&without={each}" for each in unwanted),
    }
    return _private(request, render(request, "community/stories.html", context))


@public
def story(request: HttpRequest, number: Any) -> HttpResponse:
    """One story; where it carries warnings they stand first, and the text follows when it is asked for."""
    member = member_of(request)
    found = told(get_object_or_404(readable_by(request.user, member), public_id=number))
    opened = not found.warnings or "read" in request.GET
    context = {"told": found, "opened": opened, "member": member, "help_link": help_link()}
    response = _private(request, render(request, "community/story.html", context))
    if found.story.audience != Story.Audience.PUBLIC:
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@members_only
@require_POST
def report(request: HttpRequest, member: Member, number: Any) -> HttpResponse:
    """Ask a moderator to look."""
    found = get_object_or_404(readable_by(request.user, member), public_id=number)
    try:
        actions.report(by=request.user, member=member, story=found, why=request.POST.get("why", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. A moderator will look at it."))
    return redirect("community-story", number)


@members_only
@require_POST
def block(request: HttpRequest, member: Member, other: Any) -> HttpResponse:
    """Meet a member no more, or again."""
    found = get_object_or_404(Member, public_id=other)
    if "again" in request.POST:
        actions.unblock(by=request.user, member=member, other=found)
        messages.success(request, _("You meet this member again."))
        return redirect("community-me")
    try:
        actions.block(by=request.user, member=member, other=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-me")
    messages.success(request, _("You meet this member no more: no stories, no messages. They are not told."))
    return redirect("community-stories")


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What depends on who asks stays in no shared cache."""
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    return response
