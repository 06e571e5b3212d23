"""Who reviews, and what readers say: changes that are no step of an answer."""

import secrets
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from openpoems.web.answers.models import Remark, Reviewer, Translation, Version
from openpoems.web.registry.actions import Refused

LONGEST_REMARK = 2_000
REMARKS_PER_HOUR = 10
_HOUR_S = 60 * 60
_TOKEN_BYTES = 12


@transaction.atomic
def tell_profession(*, by: Any, name: str, profession: str, organisation: str, proof: str, at: datetime) -> Reviewer:
    """A reviewer says who they are; until an administrator verified exactly that, it counts for nothing.

    What is told is never changed: to tell something else makes another row, which waits to be verified. What was
    reviewed before keeps the row, and so the name, profession and organisation, that were verified then.
    """
    told = {"name": name, "profession": profession, "organisation": organisation, "proof": proof}
    if not all(word.strip() for word in told.values()):
        raise Refused(gettext("tell your name, profession, organisation, and where that can be seen"))
    before = Reviewer.objects.select_for_update().filter(user=by).first()
    if before is not None:
        if before.ended is None and all(getattr(before, part) == word for part, word in told.items()):
            return before
        _part_from(before, at)
    return Reviewer.objects.create(user=by, **told, told=at)


def _part_from(before: Reviewer, at: datetime) -> None:
    """What somebody no longer says of themselves stays where something was reviewed under it, and only there."""
    if before.reviews.exists() or Translation.objects.filter(reviewer=before).exists():
        before.user, before.ended = None, before.ended or at
        before.save()
    else:
        before.delete()


def forget_the_gone() -> None:
    """Forget who said that they review, reviewed nothing, and has no account any more."""
    named = Translation.objects.exclude(reviewer=None).values("reviewer")
    Reviewer.objects.filter(user=None, reviews=None).exclude(pk__in=named).delete()


@transaction.atomic
def verify_reviewer(*, by: Any, number: int, at: datetime) -> None:
    """An administrator saw that the person of row `number` is who that row says. Nobody verifies themselves.

    Raises `Refused`, also where that person has said something else since: it was not what the administrator saw.
    """
    reviewer = Reviewer.objects.select_for_update().filter(pk=number).first()
    if reviewer is None or reviewer.user_id is None:
        raise Refused(gettext("this person no longer says this of themselves: look at what stands here now"))
    if reviewer.user_id == by.pk:
        raise Refused(gettext("nobody verifies themselves: another administrator must"))
    reviewer.verified, reviewer.verified_by, reviewer.ended = at, by, None
    reviewer.save()


@transaction.atomic
def end_reviewer(*, by: Any, number: int, at: datetime) -> None:
    """The reviewer of row `number` no longer reviews; what they reviewed before keeps their name. Raises `Refused`."""
    reviewer = Reviewer.objects.select_for_update().filter(pk=number).first()
    if reviewer is None or reviewer.user_id is None:
        raise Refused(gettext("this person no longer says this of themselves: look at what stands here now"))
    reviewer.ended = at
    reviewer.save()


def verified(by: Any) -> Reviewer:
    """Who an account is to those who read what it approves, held until that is kept. Raises `Refused`."""
    reviewer = Reviewer.objects.select_for_update().filter(user=by).first()
    if reviewer is None or not reviewer.counts:
        raise Refused(gettext("your profession is not verified yet: an administrator does that"))
    return reviewer


@transaction.atomic
def say(*, by: Any, version: Version, kind: str, words: str, at: datetime, whence: str) -> Remark:
    """A reader says that an answer is out of date, unclear or wrong. Raises `Refused` for too much or too many."""
    if kind not in Remark.Kind.values:
        raise Refused(_("Say whether it is out of date, unclear or wrong."))
    if len(words) > LONGEST_REMARK:
        raise Refused(_("At most %(most)d characters, please: nothing was sent.") % {"most": LONGEST_REMARK})
    if not _takes_turn(whence, at):
        raise Refused(_("That were many remarks within an hour: please come back later."))
    return Remark.objects.create(
        version=version,
        kind=kind,
        words=words.replace("\0", "").strip(),
        by=by,
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        at=at,
    )


@transaction.atomic
def reply(*, by: Any, remark: Remark, words: str, at: datetime) -> None:
    """An editor replies to a reader. Raises `Refused` for an empty reply."""
    if not words.strip() or len(words) > LONGEST_REMARK:
        raise Refused(gettext("a reply has from one to %d characters") % LONGEST_REMARK)
    remark.reply, remark.replied_by, remark.replied = words.replace("\0", "").strip(), by, at
    remark.save()


def _takes_turn(whence: str, at: datetime) -> bool:
    key = f"remarks.{whence}.{at:%Y%m%d%H}"
    cache.add(key, 0, _HOUR_S)
    try:
        return int(cache.incr(key)) <= REMARKS_PER_HOUR
    except ValueError:  # the hour ended between the two
        return True
