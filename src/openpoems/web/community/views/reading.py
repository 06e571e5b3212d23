"""Reading stories: choosing what not to meet, opening one, following them; reporting; keeping away from a member."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import public
from openpoems.web.community.actions import reading as actions
from openpoems.web.community.danger import help_for
from openpoems.web.community.frame import member_of, members_only
from openpoems.web.community.models import Member, Story
from openpoems.web.community.stories import A_PAGE, FIRST_WORDS, readable_by, told, without
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
        "first_words": FIRST_WORDS,
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
    help_here = help_for(member.country if member else "")
    context = {"told": found, "opened": opened, "member": member, "help": help_here}
    response = _private(request, render(request, "community/story.html", context))
    if found.story.audience != Story.Audience.PUBLIC:
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest public stories as an Atom feed, whoever asks: warnings first, and behind one no word of the story.

    A reader's program keeps what it fetched, also of a story that is taken back: so it gets the first words alone.
    """
    atom = Atom1Feed(
        title=_("openpoems: stories of people with POEMS syndrome"),
        link=request.build_absolute_uri(reverse("community-stories")),
        description=_("What happened, and what made a difference. One person's story is not advice."),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for each in map(told, readable_by(AnonymousUser(), None)[:A_PAGE]):
        address = request.build_absolute_uri(reverse("community-story", args=[each.story.public_id]))
        warned = _("It speaks of: %(warnings)s.") % {"warnings": "; ".join(each.warnings)}
        atom.add_item(
            title=each.story.title,
            link=address,
            description=warned if each.warnings else Truncator(each.story.happened).words(FIRST_WORDS),
            unique_id=address,
            author_name=each.author.name if each.author else _("A former member"),
            categories=each.warnings,
            pubdate=each.story.published,
            updateddate=each.story.published,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


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
