"""The moderators' pages: guidance, the queue, one story with its way, deciding."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.community.actions import reading, safety
from openpoems.web.community.actions import stories as actions
from openpoems.web.community.frame import unlisted
from openpoems.web.community.identifying import KINDS, help_link, pieces
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Alert, Story
from openpoems.web.community.stories import queue, reported, told
from openpoems.web.community.workflow import STATES, STEPS
from openpoems.web.registry.actions import Refused


@unlisted
@guard("moderate-stories")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, what I took up, what was reported; guidance and limits."""
    mine = Story.objects.filter(state="claimed", claimed_by=request.user.pk, claimed_until__gte=timezone.now())
    context = {
        "waiting": [told(story) for story in queue()[:50]],
        "mine": [told(story) for story in mine],
        "reported": [told(story) for story in reported()[:50]],
        "alerts": Alert.objects.filter(seen=None)[:50],
        "limits": limits(),
    }
    return render(request, "community/desk.html", context)


@unlisted
@guard("moderate-stories")
@require_safe
def look(request: HttpRequest, number: Any) -> HttpResponse:
    """One story that waits, was taken up or was reported, with its way."""
    story = _open_to_moderators(number)
    found = [
        (piece.text, KINDS[piece.kind])
        for name in actions.WRITTEN
        for piece in pieces(getattr(story, name))
        if piece.kind
    ]
    context = {
        "told": told(story),
        "mine": story.state == "claimed" and story.claimed_by_id == request.user.pk,
        "found": list(dict.fromkeys(found)),
        "state": STATES[story.state],
        "steps": [(step, STEPS[step.step]) for step in story.steps.all()],
        "reports": story.reports.filter(closed=None),
        "help_link": help_link(),
    }
    return render(request, "community/moderate.html", context)


@unlisted
@guard("moderate-stories")
@require_POST
def act(request: HttpRequest, number: Any, deed: str) -> HttpResponse:
    """Take a story up, decide on it, or answer a report."""
    story, words = _open_to_moderators(number), request.POST.get("words", "")
    deeds: dict[str, Callable[[], Any]] = {
        "claim": lambda: actions.claim(by=request.user, story=story),
        "take-down": lambda: actions.take_down(by=request.user, story=story, words=words),
        "leave-up": lambda: reading.close_reports(by=request.user, story=story),
        **{
            step: partial(actions.decide, by=request.user, story=story, step=step, words=words)
            for step in ("publish", "return", "decline", "give-back")
        },
    }
    if deed not in deeds:
        raise Http404
    try:
        deeds[deed]()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-moderate", number)
    if deed == "claim":
        return redirect("community-moderate", number)
    messages.success(request, _("Done."))
    return redirect("community-desk")


@unlisted
@guard("moderate-stories")
@require_POST
def seen(request: HttpRequest, number: int) -> HttpResponse:
    """An alert was looked at."""
    safety.saw(by=request.user, alert=get_object_or_404(Alert, pk=number))
    return redirect("community-desk")


def _open_to_moderators(number: Any) -> Story:
    """A story that is theirs to look at: what is being written is the author's alone."""
    story = get_object_or_404(Story.objects.select_related("member"), public_id=number)
    if story.state in ("draft", "returned"):
        raise Http404
    return story
