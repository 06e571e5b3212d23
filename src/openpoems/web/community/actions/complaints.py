"""Reporting a conversation, and what a moderator decides on it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.accounts.models import User
from openpoems.web.community.actions.meetings import end
from openpoems.web.community.actions.stories import tell
from openpoems.web.community.complaints import open_to
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Complaint, Meeting, Member, Message
from openpoems.web.community.words import cleaned
from openpoems.web.registry.actions import Refused

_LONGEST = 1000


@transaction.atomic
def report(*, by: Any, member: Member, meeting: Meeting, why: str) -> Complaint:
    """Show a moderator what the other wrote lately, and say why; nothing of one's own goes. Raises `Refused`."""
    Member.objects.select_for_update().get(pk=member.pk)
    other: Member = meeting.agreed if meeting.asked_id == member.pk else meeting.asked
    said, now = cleaned(why).strip(), timezone.now()
    if not said or len(said) > _LONGEST:
        raise Refused(
            _("Please say what is wrong, in at most %(most)d signs: a sentence is enough.") % {"most": _LONGEST}
        )
    mine = Complaint.objects.filter(by=member)
    if mine.filter(about=other.user_id, decided=None).exists():
        raise Refused(_("You have reported this conversation: a moderator will look at it."))
    if mine.filter(at__gt=now - timedelta(days=1)).count() >= limits().reports_a_day:
        raise Refused(_("You reported many conversations today. The moderators read those first."))
    latest = Message.objects.filter(meeting=meeting, by=other).order_by("-pk")[: limits().messages_shown]
    words = [each.text for each in reversed(latest)]
    return Complaint.objects.create(by=member, about=other.user, meeting=meeting, why=said, words=words, at=now)


@transaction.atomic
def leave(*, by: Any, complaint: Complaint) -> None:
    """A moderator looked, and nothing follows. Raises `Refused`."""
    _decide(by, complaint, Complaint.Outcome.LEFT, "")


@transaction.atomic
def bar(*, by: Any, complaint: Complaint, reason: str) -> None:
    """Let somebody meet nobody for a time, and tell them why; this conversation ends. Raises `Refused`."""
    said = cleaned(reason).strip()
    if not said or len(said) > _LONGEST:
        raise Refused(_("Please say why: a sentence is enough."))
    # In the order in which who writes holds them: the conversation, then the account.
    Meeting.objects.select_for_update().filter(pk=complaint.meeting_id or 0).first()
    User.objects.select_for_update().filter(pk=complaint.about_id).first()
    row = _decide(by, complaint, Complaint.Outcome.BARRED, said)
    if row.meeting is not None:
        end(by=by, meeting=row.meeting)
    Compared.objects.filter(member__user=row.about).delete()
    for member in Member.objects.filter(user=row.about).select_related("user"):
        tell(member)


def _decide(by: Any, complaint: Complaint, outcome: Complaint.Outcome, reason: str) -> Complaint:
    row = open_to(by).select_for_update(of=("self",)).filter(pk=complaint.pk).first()
    if row is None:
        raise Refused(_("This was decided in the meantime, or it is for another moderator."))
    row.outcome, row.reason, row.words = outcome, reason, []
    row.decided, row.decided_by = timezone.now(), by
    row.save()
    return row
