"""The way of a story: begun, kept while it is written, sent, decided by a moderator, appealed, taken back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openpoems.web.accounts.mail import write_to
from openpoems.web.accounts.models import User
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.actions.safety import is_new
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Member, Story, StoryStep
from openpoems.web.community.models.stories import LONGEST
from openpoems.web.community.stories import is_final, may_decide, shown, taken_up
from openpoems.web.community.words import cleaned, says_something
from openpoems.web.community.workflow import workflow
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import answer
from openpoems.web.registry.consent import agrees

WRITTEN = ("title", "happened", "difference")


class ChangedElsewhere(Refused):
    """The words were changed in another window since this one showed them; `kept` are those."""

    def __init__(self, kept: str) -> None:
        super().__init__(_("This was changed in another window meanwhile. Press a button to see both."))
        self.kept = kept


_WAITING = gettext_lazy("Something is waiting for you")
_BODY = gettext_lazy(
    "Hello,\n\nsomething is waiting for you. Sign in on the site where you have your account to read it.\n"
)
_MOVED = "This story was moved on in the meantime. Open it again and look where it stands."


@transaction.atomic
def begin(*, by: Any, member: Member) -> Story:
    """A new draft; one that is still empty is taken instead."""
    empty = member.stories.filter(state="draft", title="", happened="", difference="").first()
    now = timezone.now()
    return empty or Story.objects.create(member=member, begun=now, changed=now, language=get_language() or "en")


def version_of(words: str) -> str:
    """By what a form tells which words it showed."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def keep(*, by: Any, story: Story, fields: Mapping[str, Any], was: str = "") -> Story:
    """Keep what stands in a form, at each pause; `was` is the version of the words that the form showed.

    Raises `Refused` where they are too long, no longer the author's, or were changed in another window meanwhile.
    """
    row = _locked(story)
    if workflow().owners[row.state] != "author" or row.state == "published":
        raise Refused(_("This story is with the moderators. Take it back first, then change it."))
    for name in WRITTEN:
        if name in fields:
            words, before = _short_enough(name, cleaned(str(fields[name]))), getattr(row, name)
            if was and words != before and was != version_of(before):
                raise ChangedElsewhere(before)
            setattr(row, name, words)
    if "audience" in fields:
        row.audience = fields["audience"] if fields["audience"] in Story.Audience.values else ""
    if "warnings" in fields:
        wanted = [each for each in Story.Warned.values if each in fields["warnings"]]
        row.flags = f",{','.join(wanted)}," if wanted else ""
    row.changed = timezone.now()
    row.save()
    return row


def missing(story: Story) -> tuple[str, ...]:
    """What a story still lacks before it can be sent, as the steps of writing that ask for it."""
    there = {
        "happened": says_something(story.happened),
        "title": says_something(story.title),
        "readers": story.audience,
    }
    return tuple(step for step, given in there.items() if not given)


@transaction.atomic
def submit(*, by: Any, story: Story, agreed: bool = False, words: str = "") -> Story:
    """Send a story to the moderators, with a reply to what they asked; sent once more as it stands, nothing happens.

    Raises `Refused` with what is missing; nothing written is lost by it.
    """
    row = _locked(story)
    if missing(row):
        raise Refused(_("A story needs a title, what happened, and who may read it."))
    digest = hashlib.sha256(json.dumps([row.title, row.happened, row.difference]).encode()).hexdigest()
    if row.state in ("waiting", "claimed") and row.digest == digest:
        return row
    Member.objects.select_for_update().filter(
        pk=row.member_id or 0
    ).first()  # two windows are counted one after the other
    if Story.objects.filter(member=row.member, digest=digest).exclude(pk=row.pk).exists():
        raise Refused(_("You have sent this very story before."))
    _within_the_day(row)
    person = own_record(by)
    if person is not None and not agrees(person, "stories"):
        if not agreed:
            raise Refused(_("Please agree that your story is shown, or leave it unsent."))
        answer(by=by, person=person, choices={"stories": True}, language=get_language() or "en")
    if row.digest != digest:
        row.declined_by = None  # other words: whoever declined those before may read these
    row.digest = digest
    return _go(row, "submit", by, words)


@transaction.atomic
def take_back(*, by: Any, story: Story) -> Story:
    """The author takes a story back: nobody else reads it from now on."""
    return _go(_locked(story), "take-back", by)


@transaction.atomic
def appeal(*, by: Any, story: Story, words: str) -> Story:
    """The author asks for a second opinion, by another moderator. Raises `Refused` where that was given."""
    row = _locked(story)
    if is_final(row):
        raise Refused(_("A second moderator has read it already. Take it back and change it, then send it anew."))
    return _go(row, "appeal", by, words)


@transaction.atomic
def discard(*, by: Any, story: Story) -> None:
    """The author throws a story away for good."""
    _locked(story).delete()


@transaction.atomic
def claim(*, by: Any, story: Story) -> Story:
    """A moderator takes a story up, for some hours. Raises `Refused` where it is another's, or it is too much."""
    row = _locked(story)
    if row.state == "claimed" and row.claimed_until is not None and row.claimed_until < timezone.now():
        _go(row, "give-back", None)
    _not_twice(row, by)
    User.objects.select_for_update().get(pk=by.pk)  # two windows are counted one after the other
    mine = taken_up(shown(), by).count()
    if mine >= limits().claims_at_once:
        raise Refused(_("You have taken up as many as one should at once. Decide on one of them first."))
    since = timezone.now() - timedelta(days=1)
    decided = StoryStep.objects.filter(by=by, step__in=("publish", "return", "decline"), at__gte=since)
    if mine + decided.count() >= limits().decisions_a_day:
        raise Refused(
            _("You decided on many stories today. Please rest: the others wait, or somebody else reads them.")
        )
    row.claimed_by, row.claimed_until = by, timezone.now() + timedelta(hours=limits().claim_hours)
    return _go(row, "claim", by)


@transaction.atomic
def decide(*, by: Any, story: Story, step: str, words: str = "") -> Story:
    """The moderator who took a story up publishes it, sends it back, declines it or gives it back to the queue."""
    row = _locked(story)
    if row.state == "claimed" and row.claimed_by_id != by.pk:
        raise Refused(_("Another moderator has taken this story up."))
    if workflow().steps[step].by != "moderator":
        raise Refused(_("A moderator cannot do this."))
    row.declined_by = by if step == "decline" else row.declined_by
    row.published = timezone.now() if step == "publish" else row.published
    return _go(row, step, by, words)


@transaction.atomic
def take_down(*, by: Any, story: Story, words: str) -> Story:
    """A moderator takes a published story down, after a report. Raises `Refused` for one's own."""
    row = _locked(story)
    _not_twice(row, by)
    row.declined_by = by
    row.reports.filter(closed=None).update(closed=timezone.now())
    return _go(row, "take-down", by, words)


def _not_twice(row: Story, by: Any) -> None:
    """Raises `Refused` where a moderator wrote the story, or decided against these words before."""
    if by.pk not in may_decide(row, {by.pk}):
        raise Refused(
            _("You decided on this story before: another moderator takes it up.")
            if row.declined_by_id == by.pk
            else _("This is your own story: another moderator takes it up.")
        )


def _go(row: Story, id: str, by: Any, words: str = "") -> Story:
    """Take a step of the workflow, note it, and tell the author if it was not the author's own."""
    step = workflow().steps[id]
    if row.state not in step.begins:
        raise Refused(_(_MOVED))
    says = cleaned(words).strip()
    if step.words and not says_something(says):
        raise Refused(_("Please say why: a sentence is enough."))
    row.state = step.leads
    if row.state != "claimed":
        row.claimed_by = row.claimed_until = None
    if row.state == "draft":
        row.published = None
    row.save()
    StoryStep.objects.create(story=row, step=id, state=row.state, by=by, at=timezone.now(), says=says[:2000])
    if step.by != "author" and id in ("publish", "return", "decline", "take-down") and row.member is not None:
        tell(row.member)
    return row


def tell(member: Member) -> None:
    """Write that something waits on the site; the mail says nothing of the disease."""
    user = member.user
    transaction.on_commit(lambda: write_to(user, _WAITING, _BODY))


def _locked(story: Story) -> Story:
    found = Story.objects.select_for_update().filter(pk=story.pk).first()
    if found is None:
        raise Refused(_("This story is gone."))
    return found


def _short_enough(name: str, text: str) -> str:
    most = 120 if name == "title" else LONGEST
    if len(text) > most:
        told = {"most": most, "over": len(text) - most}
        raise Refused(
            _("This is too long to be kept: at most %(most)d signs, and it has %(over)d more. Nothing is lost: "
              "shorten it here, or make two stories of it.") % told
        )  # fmt: skip
    return text


def _within_the_day(row: Story) -> None:
    member = row.member
    if member is None:
        raise Refused(_(_MOVED))
    most = limits().stories_a_day_new if is_new(member) else limits().stories_a_day
    since = timezone.now() - timedelta(days=1)
    sent = StoryStep.objects.filter(story__member=member, step="submit", at__gte=since).exclude(story=row)
    if sent.count() >= most:
        raise Refused(_("You sent stories today already. Your draft is kept: send it tomorrow."))
