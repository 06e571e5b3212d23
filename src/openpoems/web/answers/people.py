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

    What was reviewed before keeps the name, profession and organisation that were verified then.
    """
    told = {"name": name, "profession": profession, "organisation": organisation, "proof": proof}
    if not all(word.strip() for word in told.values()):
        raise Refused(gettext("tell your name, profession, organisation, and where that can be seen"))
    before = Reviewer.objects.select_for_update().filter(user=by).first()
    if before is not None and (before.reviews.exists() or Translation.objects.filter(reviewer=before).exists()):
        before.user, before.ended = None, before.ended or at
        before.save()
    reviewer, _made = Reviewer.objects.update_or_create(
        user=by, defaults={**told, "told": at, "verified": None, "verified_by": None, "ended": None}
    )
    return reviewer


@transaction.atomic
def verify_reviewer(*, by: Any, reviewer: Reviewer, at: datetime) -> None:
    """An administrator saw that it is so; nobody verifies themselves. Raises `Refused`."""
    if reviewer.user_id is None:
        raise Refused(gettext("this is what a reviewer said of themselves before: verify what they say now"))
    if reviewer.user_id == by.pk:
        raise Refused(gettext("nobody verifies themselves: another administrator must"))
    reviewer.verified, reviewer.verified_by, reviewer.ended = at, by, None
    reviewer.save()


@transaction.atomic
def end_reviewer(*, by: Any, reviewer: Reviewer, at: datetime) -> None:
    """A reviewer no longer reviews; what they reviewed before keeps their name."""
    reviewer.ended = at
    reviewer.save()


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
