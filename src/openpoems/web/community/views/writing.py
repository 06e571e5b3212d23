"""Writing a story in steps, each kept at every pause; sending it; what became of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import View
from openpoems.web.community.actions import stories as actions
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.danger import help_for
from openpoems.web.community.frame import members_only
from openpoems.web.community.identifying import KINDS, pieces
from openpoems.web.community.models import Member, Story
from openpoems.web.community.stories import is_final, may_decide, moderators, told
from openpoems.web.community.workflow import STATES, STEPS
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.consent import agrees, current_document

# The steps of writing, in order; each names what it asks for.
WRITING = {
    "happened": ("happened",),
    "difference": ("difference",),
    "title": ("title", "warnings"),
    "readers": ("audience",),
    "look": (),
}


def own_story(view: Callable[..., HttpResponse]) -> View:
    """The author alone reaches the view, which gets the story."""

    @wraps(view)
    def mine(request: HttpRequest, member: Member, number: Any, **kwargs: Any) -> HttpResponse:
        return view(request, get_object_or_404(Story, public_id=number, member=member), **kwargs)

    return members_only(mine)


@members_only
def mine(request: HttpRequest, member: Member) -> HttpResponse:
    """One's own stories and where each stands; begin a new one."""
    if request.method == "POST":
        story = actions.begin(by=request.user, member=member)
        return redirect("community-write", story.public_id, "happened")
    rows = [(story, STATES[story.state]) for story in member.stories.order_by("-changed")]
    return render(request, "community/my-stories.html", {"member": member, "rows": rows})


@own_story
def write(request: HttpRequest, story: Story, step: str) -> HttpResponse:
    """One step of writing; what is sent is kept, and the next step follows."""
    if step not in WRITING:
        raise Http404
    if request.method != "POST":
        return _page(request, story, step)
    try:
        actions.keep(by=request.user, story=story, fields=_fields(request, step), was=request.POST.get("was", ""))
    except Refused as refusal:
        typed = {name: request.POST.get(name, "") for name in actions.WRITTEN if name in request.POST}
        other = refusal.kept if isinstance(refusal, actions.ChangedElsewhere) else ""
        return _page(request, story, step, refusal=str(refusal), typed=typed, other=other, status=400)
    order = list(WRITING)
    place = order.index(step) + (-1 if "back" in request.POST else 1)
    if "later" in request.POST:
        messages.success(request, _("Kept for later."))
        return redirect("community-my-stories")
    return redirect("community-write", story.public_id, order[max(0, min(place, len(order) - 1))])


@own_story
@require_POST
def keep(request: HttpRequest, story: Story, step: str) -> HttpResponse:
    """Keep what stands in a form; answers when."""
    if step not in WRITING:
        raise Http404
    try:
        row = actions.keep(by=request.user, story=story, fields=_fields(request, step), was=request.POST.get("was", ""))
    except Refused as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=422)
    said = _("Kept at %s.") % date_format(timezone.localtime(row.changed), "H:i")
    return JsonResponse({"says": said, "was": _version(row, step)})


@own_story
@require_POST
def send(request: HttpRequest, story: Story) -> HttpResponse:
    """Send the story to the moderators."""
    agreed, words = "agreed" in request.POST, request.POST.get("words", "")
    try:
        actions.submit(by=request.user, story=story, agreed=agreed, words=words)
    except Refused as refusal:
        return _page(request, story, "look", refusal=str(refusal), words=words, status=400)
    messages.success(request, _("Sent. A moderator reads it, and you get a mail when it is decided."))
    return redirect("community-my-story", story.public_id)


@own_story
@require_safe
def way(request: HttpRequest, story: Story) -> HttpResponse:
    """Where a story stands, what was said of it, and what its author can do."""
    steps = [(step, STEPS[step.step]) for step in story.steps.all()]
    nobody = story.state in ("waiting", "declined") and not is_final(story) and not may_decide(story, moderators())
    context = {
        "told": told(story),
        "state": STATES[story.state],
        "steps": steps,
        "final": is_final(story),
        "nobody_may": nobody,
    }
    return render(request, "community/my-story.html", context)


@own_story
@require_POST
def act(request: HttpRequest, story: Story, deed: str) -> HttpResponse:
    """Take a story back, appeal, or throw it away."""
    deeds: dict[str, Callable[[], Any]] = {
        "take-back": lambda: actions.take_back(by=request.user, story=story),
        "appeal": lambda: actions.appeal(by=request.user, story=story, words=request.POST.get("words", "")),
        "discard": lambda: actions.discard(by=request.user, story=story),
    }
    if deed not in deeds:
        raise Http404
    try:
        deeds[deed]()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("community-my-story", story.public_id)
    said: dict[str, Callable[[], str]] = {
        "take-back": lambda: _("Taken back. Nobody else reads it, and you can go on writing."),
        "appeal": lambda: _who_reads(story),
        "discard": lambda: _("Thrown away."),
    }
    messages.success(request, said[deed]())
    return redirect("community-my-stories")


def _who_reads(story: Story) -> str:
    story.refresh_from_db()
    return (
        _("Another moderator will read it.")
        if may_decide(story, moderators())
        else _("Your reply is kept. It waits until there is another moderator to read it.")
    )


def _fields(request: HttpRequest, step: str) -> dict[str, Any]:
    several = {"warnings": request.POST.getlist("warnings")}
    return {
        name: several[name] if name in several else request.POST.get(name, "")
        for name in WRITING[step]
        if name in request.POST or name in several
    }


def _version(story: Story, step: str) -> str:
    """The version of the words that a step shows; "" where it shows none."""
    return next((actions.version_of(getattr(story, name)) for name in WRITING[step] if name in actions.WRITTEN), "")


def _asked(story: Story) -> str:
    """What a moderator asked when sending the story back."""
    last = story.steps.last()
    return last.says if last is not None and story.state == "returned" else ""


def _page(request: HttpRequest, story: Story, step: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "story": story,
        "step": step,
        "number": list(WRITING).index(step) + 1,
        "steps": len(WRITING),
        "was": _version(story, step),
        "question": _asked(story),
        "audiences": Story.Audience.choices,
        "warnings": Story.Warned.choices,
        **{name: getattr(story, name) for name in actions.WRITTEN},
        **more.pop("typed", {}),
        **more,
    }
    if step == "look":
        context |= _looked_at(request, story)
    return render(request, "community/write.html", context, status=status)


def _looked_at(request: HttpRequest, story: Story) -> dict[str, Any]:
    """The story as readers will see it, with what could tell who somebody is marked and listed."""
    parts = [(name, pieces(getattr(story, name))) for name in actions.WRITTEN]
    found = [(piece.text, KINDS[piece.kind]) for _name, cut in parts for piece in cut if piece.kind]
    person = own_record(request.user)
    wanted = person is not None and not agrees(person, "stories")
    purpose = current_document().worded(get_language()).purpose("stories") if wanted else None
    return {
        "parts": dict(parts),
        "missing": actions.missing(story),
        "found": list(dict.fromkeys(found)),
        "told": told(story),
        "help": help_for(story.member.country if story.member else ""),
        "purpose": purpose,
    }
