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

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import guard
from openpoems.web.community.actions import reading, safety
from openpoems.web.community.actions import stories as actions
from openpoems.web.community.complaints import open_to
from openpoems.web.community.danger import help_for
from openpoems.web.community.frame import unlisted
from openpoems.web.community.identifying import KINDS, pieces
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Alert
from openpoems.web.community.stories import (
    A_PAGE,
    for_moderators,
    may_decide,
    moderators,
    queue,
    reported,
    shown,
    taken_up,
    told,
)
from openpoems.web.community.workflow import STATES, STEPS
from openpoems.web.community.world import world
from openpoems.web.registry.actions import Refused


@unlisted
@guard("moderate-stories")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, what I took up, what was reported; guidance and limits."""
    me, stories = request.user.pk, for_moderators(request.user)
    waiting, all_moderators = list(queue(stories)[:A_PAGE]), moderators()
    alerts, sees_alerts = (
        Alert.objects.filter(seen=None).select_related("user"),
        rights.has_on_site(request.user, "see-alerts"),
    )
    context = {
        "waiting": sorted(
            (told(story) for story in waiting if may_decide(story, {me})), key=lambda each: not each.danger
        ),
        "for_another": [told(story) for story in waiting if not may_decide(story, {me})],
        "mine": [told(story) for story in taken_up(stories, request.user)],
        "elsewhere": stories.filter(state="claimed", claimed_until__gte=timezone.now()).exclude(claimed_by=me).count(),
        "reported": [told(story) for story in reported(stories)[:A_PAGE]],
        "complaints": open_to(request.user),
        "stuck": any(not may_decide(story, all_moderators) for story in queue(shown())[:A_PAGE]),
        "alerts": [(each, world().name(each.about)) for each in alerts[:A_PAGE]] if sees_alerts else (),
        "may_invite": rights.has_on_site(request.user, "administer"),
        "limits": limits(),
    }
    return render(request, "community/desk.html", context)


@unlisted
@guard("moderate-stories")
@require_safe
def look(request: HttpRequest, number: Any) -> HttpResponse:
    """One story that waits, was taken up or was reported, with its way."""
    return _page(request, number)


@unlisted
@guard("moderate-stories")
@require_POST
def act(request: HttpRequest, number: Any, deed: str) -> HttpResponse:
    """Take a story up, decide on it, or answer a report."""
    story, words = for_moderators(request.user).filter(public_id=number).first(), request.POST.get("words", "")
    if story is None:
        return _gone(request)
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
        return _page(request, number, refusal=str(refusal), words=words, status=400)
    if deed == "claim":
        return redirect("community-moderate", number)
    messages.success(request, _("Done."))
    return redirect("community-desk")


@unlisted
@guard("see-alerts")
@require_POST
def seen(request: HttpRequest, number: int) -> HttpResponse:
    """An alert was looked at."""
    safety.saw(by=request.user, alert=get_object_or_404(Alert, pk=number))
    return redirect("community-desk")


def _page(request: HttpRequest, number: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    stories = for_moderators(request.user).filter(public_id=number)
    story = stories.first()
    if story is None:
        return _gone(request)
    parts = {name: pieces(getattr(story, name)) for name in actions.WRITTEN}
    found = [(piece.text, KINDS[piece.kind]) for cut in parts.values() for piece in cut if piece.kind]
    context = {
        "told": told(story),
        "parts": parts,
        "limits": limits(),
        "mine": story.state == "claimed" and story.claimed_by_id == request.user.pk,
        "taken": story.state == "claimed" and not queue(stories).exists(),
        "may_decide": bool(may_decide(story, {request.user.pk})),
        "nobody_may": not may_decide(story, moderators()),
        "found": list(dict.fromkeys(found)),
        "state": STATES[story.state],
        "steps": [(step, STEPS[step.step]) for step in story.steps.all()],
        "reports": story.reports.filter(closed=None),
        "help": help_for(),
        **more,
    }
    return render(request, "community/moderate.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """A story that a moderator may not see, or no longer: the answer does not tell whether there is one."""
    messages.error(request, _("There is no such story to decide on: its author may have taken it back."))
    return redirect("community-desk")
