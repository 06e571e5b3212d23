"""Every change of an answer: written, sent on, approved, published, fallen due; each is one transaction and one step.

The gate asked for the right; what is checked here is what the table of states and the rows themselves demand.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext

from openpoems.knowledge.answers import Answer as Words
from openpoems.knowledge.answers import resting
from openpoems.knowledge.check_answers import problems
from openpoems.knowledge.store import knowledge
from openpoems.web.answers.documents import read, stored
from openpoems.web.answers.index import enter, enter_the_rest
from openpoems.web.answers.models import Answer, Review, Step, Version
from openpoems.web.answers.people import forget_the_gone, verified
from openpoems.web.answers.workflow import By, StepRule, due_after, gone_after, steps_from, workflow
from openpoems.web.registry.actions import Refused

LONGEST_WORDS = 4_000


@transaction.atomic
def write(*, by: Any, name: str, words: Words, at: datetime, note: str = "") -> Version:
    """A new version of an answer that is in the hands of its editors; a new answer where there is none of that name.

    Raises `Refused` where it is not, or where the words are not founded.
    """
    found = [sentence for _place, sentence in problems(name, words, knowledge())]
    if found:
        raise Refused("; ".join(found))
    answer = Answer.objects.select_for_update().filter(name=name).first()
    if answer is None:
        answer = Answer.objects.create(name=name, state="draft", author=by)
    elif answer.state not in ("draft", "changes-asked"):
        raise Refused(gettext("this answer is not being written now: begin a new version first"))
    return _new_version(answer, words, by=by, at=at, note=note)


def _new_version(answer: Answer, words: Words, *, by: Any, at: datetime, note: str) -> Version:
    number = (answer.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = Version.objects.create(
        answer=answer, number=number, document=stored(words), by=by, made=at, note=note[:300]
    )
    answer.working, answer.rank, answer.topic = version, words.rank, words.topic
    answer.save()
    return version


@transaction.atomic
def take_step(*, by: Any, answer: Answer, step: str, at: datetime, words: str = "") -> Answer:
    """An editor's step. Raises `Refused` where the answer's state does not allow it."""
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    rule = _rule(locked, step, "editor", words)
    _take(locked, step, rule, by=by, at=at, words=words)
    if rule.to == "withdrawn":
        _close(locked)
    return locked


def _close(answer: Answer) -> None:
    """Readers see it no more."""
    answer.public = answer.approval = answer.review_due = None
    answer.save()
    enter(answer)


@transaction.atomic
def review(*, by: Any, answer: Answer, step: str, at: datetime, words: str = "", seen: str | None = None) -> Answer:
    """A reviewer's decision on the version in review; `seen` is the number of the one that was read.

    Raises `Refused` where the reviewer is not verified, read another version, wrote any of what is approved, or where
    what would be approved is not founded (any more).
    """
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    rule = _rule(locked, step, "reviewer", words)
    reviewer = verified(by)
    if rule.not_by_author and by.pk in authors(locked):
        raise Refused(gettext("whoever wrote an answer does not approve it: another reviewer must"))
    version = locked.working
    assert version is not None  # noqa: S101 - an answer in review has one
    if seen is not None and seen != str(version.number):
        raise Refused(gettext("this answer has a new version since you opened it: read that one first"))
    if rule.to == "published" and list(problems(locked.name, read(version.document), knowledge())):
        raise Refused(gettext("a fact of this answer is gone since it was written: an editor must begin a new version"))
    verdict = Review.Verdict.APPROVED if rule.to == "published" else Review.Verdict.CHANGES
    now_resting = resting(read(version.document), knowledge().figures)
    made = Review.objects.create(
        version=version, reviewer=reviewer, verdict=verdict, words=words.replace("\0", ""), at=at, resting=now_resting
    )
    _take(locked, step, rule, by=by, at=at, words=words)
    if rule.to == "published":
        locked.public, locked.approval, locked.review_due = version, made, due_after(at.date())
        locked.save()
        enter(locked)
    return locked


def authors(answer: Answer) -> set[int]:
    """The accounts that wrote any of what is being approved: the version, others since readers' one, the beginning."""
    approved = answer.approval.version.number if answer.approval else 0
    approves = Q(number__gt=approved) | Q(pk=answer.working_id)  # a version may be reviewed again as it stands
    written = answer.versions.filter(approves, by__isnull=False).values_list("by", flat=True)
    return set(written) | ({answer.author_id} if answer.author_id else set())


def _rule(answer: Answer, step: str, by: By, words: str) -> StepRule:
    rule = steps_from(answer.state, by).get(step)
    if rule is None:
        says = workflow().state[answer.state].says.lower()
        raise Refused(gettext("this answer is now in the state “%s”, from which this step does not lead") % says)
    if rule.words and not words.strip():
        raise Refused(gettext("say why in a sentence: whoever wrote the answer reads it"))
    if len(words) > LONGEST_WORDS:
        raise Refused(gettext("at most %d characters, please") % LONGEST_WORDS)
    return rule


def _take(answer: Answer, step: str, rule: StepRule, *, by: Any, at: datetime, words: str) -> None:
    version = answer.working
    assert version is not None  # noqa: S101 - an answer begins with its first version
    Step.objects.create(
        answer=answer,
        version=version,
        step=step,
        before=answer.state,
        after=rule.to,
        by=by,
        at=at,
        words=words.replace("\0", ""),
    )
    answer.state = rule.to
    answer.save()


@transaction.atomic
def let_time_pass(*, today: date, at: datetime) -> list[str]:
    """Let reviews fall due, and answers lapse that were overdue for too long; say each. Safe to repeat."""
    said = []
    for answer in Answer.objects.select_for_update().exclude(review_due=None).filter(review_due__lte=today):
        due = answer.review_due
        assert due is not None  # noqa: S101 - asked for above
        gone = today >= gone_after(due)
        for step in ("fall-due", "lapse") if gone else ("fall-due",):
            rule = steps_from(answer.state, "clock").get(step)
            if rule is not None:
                _take(answer, step, rule, by=None, at=at, words="")
                said.append(f"{answer.name}: {rule.says}")
        if gone and answer.public_id:
            _close(answer)
    forget_the_gone()
    return said


@transaction.atomic
def bring(*, at: datetime) -> list[str]:
    """Bring in the answers that ship with this version, as drafts of the project; say what changed. Safe to repeat.

    An answer that people have taken up is theirs: the project's new words then wait as a version and change nothing.
    """
    said = []
    for name, words in knowledge().answers.items():
        answer = Answer.objects.select_for_update().filter(name=name).first()
        if answer is None:
            _show_draft(Answer.objects.create(name=name, state="draft"), words, at=at, note="")
            said.append(f"{name}: brought in as the project's draft, awaiting medical review")
        elif _changed_by_us(answer, words):
            _show_draft(answer, words, at=at, note="the project's new words")
            said.append(f"{name}: the project's draft has new words")
    enter_the_rest()
    return said


def _show_draft(answer: Answer, words: Words, *, at: datetime, note: str) -> None:
    answer.public = _new_version(answer, words, by=None, at=at, note=note)
    answer.save()
    enter(answer)


def _changed_by_us(answer: Answer, words: Words) -> bool:
    """Whether an answer is still the project's own draft, in other words than these."""
    untouched = answer.state == "draft" and answer.approval_id is None and not answer.steps.exists()
    working = answer.working
    if not untouched or working is None or working.by_id is not None or answer.author_id is not None:
        return False
    return read(working.document) != words
