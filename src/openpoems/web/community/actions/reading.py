"""What readers do: report a story, and keep away from a member."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.community.actions.meetings import end_all
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Block, Member, Story, StoryReport
from openpoems.web.community.words import cleaned, says_something
from openpoems.web.registry.actions import Refused


@transaction.atomic
def report(*, by: Any, member: Member, story: Story, why: str) -> StoryReport:
    """Ask a moderator to look at a story. Raises `Refused` where no reason is given, or it was reported already."""
    Member.objects.select_for_update().get(pk=member.pk)  # sent twice, it is counted one after the other
    said = cleaned(why).strip()[:1000]
    if not says_something(said):
        raise Refused(_("Please say what is wrong: a sentence is enough."))
    since = timezone.now() - timedelta(days=1)
    if StoryReport.objects.filter(member=member, at__gte=since).count() >= limits().reports_a_day:
        raise Refused(_("You reported many stories today. The moderators read those first."))
    if story.reports.filter(member=member, closed=None).exists():
        raise Refused(_("You have reported this story: a moderator will look at it."))
    return StoryReport.objects.create(story=story, member=member, why=said, at=timezone.now())


@transaction.atomic
def close_reports(*, by: Any, story: Story) -> None:
    """A moderator looked, and the story stays. Raises `Refused` for one's own."""
    if story.member is not None and story.member.user_id == by.pk:
        raise Refused(_("This is your own story: another moderator takes it up."))
    story.reports.filter(closed=None).update(closed=timezone.now())


@transaction.atomic
def block(*, by: Any, member: Member, other: Member) -> None:
    """Meet a member no more; their conversation ends, for both. Raises `Refused` for oneself."""
    if member.pk == other.pk:
        raise Refused(_("This is you."))
    Block.objects.get_or_create(member=member, blocked=other)
    end_all(member, other)


@transaction.atomic
def unblock(*, by: Any, member: Member, other: Member) -> None:
    """Meet a member again."""
    Block.objects.filter(member=member, blocked=other).delete()
