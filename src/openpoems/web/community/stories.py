"""Which stories an account may read, and how they are shown."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Membership
from openpoems.web.community.danger import suggests_danger
from openpoems.web.community.models import Block, Member, Story
from openpoems.web.registry.consent import agreeing, agrees
from openpoems.web.registry.models import Person, Tie

A_PAGE = 20
FIRST_WORDS = 30  # of a story, where it is not opened yet


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a reader sees it; `author` is None where it was handed on without a name."""

    story: Story
    author: Member | None
    warnings: tuple[str, ...]
    danger: bool


def shown() -> QuerySet[Story]:
    """The stories that somebody other than their author may meet, moderators too.

    A story of somebody with a record of their own is shown as long as they agree to that; each time it is asked.
    """
    own = Person.objects.filter(ties__user=OuterRef("member__user"), ties__kind=Tie.Kind.SELF)
    return Story.objects.filter(~Exists(own) | Exists(agreeing(own, "stories"))).select_related("member")


def readable_by(user: Any, member: Member | None) -> QuerySet[Story]:
    """The published stories that an account may read now, newest first."""
    open_to = Q(audience="public")
    if member is not None:
        open_to |= Q(audience="members")
    if user.is_authenticated and rights.has_on_site(user, "research"):
        open_to |= Q(audience="research")
    found = shown().filter(open_to, state="published")
    if member is not None:
        found = found.exclude(member__in=Block.objects.filter(member=member).values("blocked"))
    return found


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


def for_moderators(user: Any) -> QuerySet[Story]:
    """The stories that a moderator may look at: sent, and not the moderator's own."""
    return shown().exclude(state__in=("draft", "returned")).exclude(member__user=user)


def queue(stories: QuerySet[Story]) -> QuerySet[Story]:
    """What of these waits for a moderator: sent and not taken up, or taken up too long ago; the oldest first."""
    lapsed = Q(state="claimed", claimed_until__lt=timezone.now())
    return stories.filter(Q(state="waiting") | lapsed).order_by("changed", "pk")


def taken_up(stories: QuerySet[Story], by: Any) -> QuerySet[Story]:
    """What of these a moderator has taken up; what was taken up first comes first."""
    return stories.filter(state="claimed", claimed_by=by, claimed_until__gte=timezone.now()).order_by("claimed_until")


def reported(stories: QuerySet[Story]) -> QuerySet[Story]:
    """What of these is published and was reported; `open_reports` counts by how many readers."""
    open_reports = Count("reports", filter=Q(reports__closed=None))
    return stories.filter(state="published").annotate(open_reports=open_reports).filter(open_reports__gt=0)


def moderators() -> set[int]:
    """The accounts that may decide on stories."""
    roles = rights.rights()["moderate-stories"].roles("site")
    return set(Membership.objects.filter(role__in=roles, user__is_active=True).values_list("user", flat=True))


def may_decide(story: Story, who: Collection[Any]) -> set[Any]:
    """Who of these accounts may decide on a story: nobody on their own, and nobody twice against the same words."""
    author = story.member.user_id if story.member else None
    return set(who) - {author, story.declined_by_id}


def is_final(story: Story) -> bool:
    """Whether a second moderator declined a story as well: then it is changed before it is sent anew."""
    begun = story.steps.filter(step__in=("submit", "take-down", "appeal")).last()
    return story.state == "declined" and begun is not None and begun.step == "appeal"


def settle(member: Member) -> None:
    """When a member leaves, or the record behind it is erased: stories go, or stay unnamed, as the member chose.

    Without a name nobody could withdraw them any more: those of somebody who withdrew before are gone for good.
    """
    person = Person.objects.filter(ties__user=member.user, ties__kind=Tie.Kind.SELF).first()
    if member.stories_after == "anonymous" and (person is None or agrees(person, "stories")):
        for story in member.stories.filter(state="published"):
            story.steps.filter(by=member.user).update(says="")  # what the author replied may tell who it was
            story.steps.update(by=None)
        member.stories.filter(state="published").update(member=None, digest="")
    member.stories.all().delete()
