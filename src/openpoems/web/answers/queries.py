"""What is asked of the answers: which ones readers see on a day, how each stands, what waits on the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from openpoems.knowledge.answers import changed
from openpoems.knowledge.store import knowledge
from openpoems.web.answers.documents import read
from openpoems.web.answers.models import ORIGINAL, Answer, Remark, Reviewer, Translation, Version
from openpoems.web.answers.presenter import Shown, shown
from openpoems.web.answers.workflow import Standing, gone_after, months_later, standing, workflow

TOPICS = ("understand", "diagnosis", "vegf", "treatment", "course", "body", "together")
_WITH = ("public", "approval__reviewer", "public__answer")


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as readers meet it on a day: its words, and how it stands.

    `reviewer` is who reviewed the very version that is shown, and None where nobody verified did. `changed` names the
    facts that are no longer what they were when it was reviewed.
    """

    name: str
    topic: str
    shown: Shown
    standing: Standing
    version: Version
    reviewer: Reviewer | None
    reviewed_on: date | None
    review_due: date | None
    changed: tuple[str, ...]
    language: str = "en"
    outdated_translation: bool = False

    @property
    def reviewed(self) -> bool:
        """Whether it may be called medically reviewed: a verified reviewer approved this very version, in time."""
        founded = not self.changed and not self.outdated_translation
        return self.reviewer is not None and self.standing == "reviewed" and founded


def open_on(today: date) -> "QuerySet[Answer]":
    """The answers that readers see on a day."""
    oldest = months_later(today, -workflow().times.withdrawn_months)
    kept = Answer.objects.exclude(public=None).filter(Q(review_due=None) | Q(review_due__gt=oldest))
    return kept.select_related(*_WITH)


def reading(name: str, today: date, language: str = ORIGINAL) -> Reading | None:
    """One answer on a day, in a language where a reviewed translation exists; None where readers do not see it."""
    answer = open_on(today).filter(name=name).first()
    if answer is None or (answer.review_due and today >= gone_after(answer.review_due)):
        return None
    return read_in(language, [answer], today)[0]


def readings(today: date, language: str = ORIGINAL) -> list[Reading]:
    """Every answer that readers see on a day, each in a language where a reviewed translation exists."""
    return read_in(language, open_on(today), today)


def read_in(language: str, answers: Iterable[Answer], today: date) -> list[Reading]:
    """How some answers with a public version are read, each in a language where a reviewed translation exists."""
    found = list(answers)
    translated = _translations(language, found)
    return [_translated(of(each, today), translated.get(each.pk)) for each in found]


def of(answer: Answer, today: date) -> Reading:
    """How an answer with a public version is read on a day."""
    version, review = answer.public, answer.approval
    assert version is not None  # noqa: S101 - asked for by those who call
    approved = review is not None and review.version_id == version.pk
    return Reading(
        name=answer.name,
        topic=answer.topic,
        shown=shown(version),
        standing=standing(answer.review_due, today),
        version=version,
        reviewer=review.reviewer if review and approved else None,
        reviewed_on=review.at.date() if review and approved else None,
        review_due=answer.review_due,
        changed=tuple(_changed(answer)),
    )


def _changed(answer: Answer) -> Iterable[str]:
    if answer.approval is None or answer.public is None:
        return ()
    return changed(answer.approval.resting, read(answer.public.document), knowledge().figures)


def _translations(language: str, answers: list[Answer]) -> dict[int, Translation]:
    """The newest reviewed translation of each, by its answer."""
    if language == ORIGINAL:
        return {}
    reviewed = Translation.objects.filter(answer__in=answers, language=language).exclude(reviewed=None)
    return {each.answer_id: each for each in reviewed.select_related("reviewer").order_by("pk")}


def _translated(original: Reading, found: Translation | None) -> Reading:
    """A translation in the place of the words; the original where there is none."""
    if found is None or found.reviewed is None:
        return original
    return replace(
        original,
        shown=shown(found),
        reviewer=found.reviewer,
        reviewed_on=found.reviewed.date(),
        language=found.language,
        outdated_translation=found.of_id != original.version.pk,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer on the desk: what it is called, its state and owner, and what presses."""

    answer: Answer
    question: str
    state: str
    owner: str
    standing: Standing
    changed: tuple[str, ...]
    remarks: int


def desk(today: date) -> list[Waiting]:
    """Every answer with what waits for whom; what presses first."""
    open_remarks: dict[int, int] = {}
    for answer_id in Remark.objects.filter(replied=None).values_list("version__answer", flat=True):
        open_remarks[answer_id] = open_remarks.get(answer_id, 0) + 1
    rows = [_waiting(each, today, open_remarks) for each in Answer.objects.select_related("working", *_WITH)]
    return sorted(rows, key=lambda row: (-_presses(row), row.answer.rank, row.answer.name))


def _waiting(answer: Answer, today: date, remarks: dict[int, int]) -> Waiting:
    state = workflow().state[answer.state]
    question = str(answer.working.document["question"]) if answer.working else answer.name
    stands = standing(answer.review_due, today) if answer.public_id else "gone"
    return Waiting(
        answer, question, state.says, state.owner, stands, tuple(_changed(answer)), remarks.get(answer.pk, 0)
    )


def _presses(row: Waiting) -> int:
    return (
        4 * (row.standing == "overdue") + 2 * bool(row.changed) + 2 * bool(row.remarks) + (row.answer.state != "draft")
    )


def waiting_translations() -> "QuerySet[Translation]":
    """The translations that wait for a reviewer, the oldest first: the newest of what readers see, in each language."""
    newest = Translation.objects.filter(answer=OuterRef("answer"), language=OuterRef("language")).order_by("-pk")
    waits = Translation.objects.filter(reviewed=None, sent_back=None, of=F("answer__public"))
    found = waits.filter(pk=Subquery(newest.values("pk")[:1]))
    return found.select_related("answer", "of").order_by("made")


def may_review(user: Any) -> bool:
    """Whether an account is a verified reviewer."""
    return Reviewer.objects.filter(user=user, ended=None).exclude(verified=None).exists()
