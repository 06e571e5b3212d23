"""Which stories an account may read, and how they are shown."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from openpoems.web.accounts import rights
from openpoems.web.community.identifying import suggests_danger
from openpoems.web.community.models import Block, Member, Story
from openpoems.web.registry.consent import agreeing, agrees
from openpoems.web.registry.models import Person, Tie

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a reader sees it; `author` is None where it was handed on without a name."""

    story: Story
    author: Member | None
    warnings: tuple[str, ...]
    danger: bool


def readable_by(user: Any, member: Member | None) -> QuerySet[Story]:
    """The published stories that an account may read now, newest first.

    A story of somebody with a record of their own is shown as long as they agree to that; each time it is asked.
    """
    open_to = Q(audience="public")
    if member is not None:
        open_to |= Q(audience="members")
    if user.is_authenticated and rights.has_on_site(user, "research"):
        open_to |= Q(audience="research")
    own = Person.objects.filter(ties__user=OuterRef("member__user"), ties__kind=Tie.Kind.SELF)
    may_show = ~Exists(own) | Exists(agreeing(own, "stories"))
    found = Story.objects.filter(open_to, may_show, state="published")
    if member is not None:
        found = found.exclude(member__in=Block.objects.filter(member=member).values("blocked"))
    return found.select_related("member")


def without(stories: QuerySet[Story], unwanted: Collection[str]) -> QuerySet[Story]:
    """Those without any of these warnings."""
    for warning in Story.Warned.values:
        if warning in unwanted:
            stories = stories.exclude(flags__contains=f",{warning},")
    return stories


def told(story: Story) -> Told:
    """A story as it is shown."""
    words = f"{story.title}\n{story.happened}\n{story.difference}"
    warnings = tuple(str(Story.Warned(each).label) for each in story.warnings)
    return Told(story, story.member, warnings, suggests_danger(words) or "despair" in story.warnings)


def queue() -> QuerySet[Story]:
    """What waits for a moderator: sent and not taken up, or taken up too long ago; the oldest first."""
    lapsed = Q(state="claimed", claimed_until__lt=timezone.now())
    return Story.objects.filter(Q(state="waiting") | lapsed).order_by("changed", "pk")


def reported() -> QuerySet[Story]:
    """Published stories that a reader reported."""
    return Story.objects.filter(state="published", reports__closed=None, reports__isnull=False).distinct()


def settle(member: Member) -> None:
    """When a member leaves, or the record behind it is erased: stories go, or stay unnamed, as the member chose.

    Without a name nobody could withdraw them any more: those of somebody who withdrew before are gone for good.
    """
    person = Person.objects.filter(ties__user=member.user, ties__kind=Tie.Kind.SELF).first()
    if member.stories_after == "anonymous" and (person is None or agrees(person, "stories")):
        for story in member.stories.filter(state="published"):
            story.steps.update(by=None)
        member.stories.filter(state="published").update(member=None, digest="")
    member.stories.all().delete()
