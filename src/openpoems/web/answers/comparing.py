"""Versions side by side, sentence by sentence: what was taken away, what was added, what stayed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from openpoems.web.answers.models import Answer, Review, Version
from openpoems.web.answers.presenter import shown


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of either version."""

    how: Literal["same", "added", "taken"]
    words: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A version, its reviews, and how it differs from the one before."""

    version: Version
    reviews: tuple[Review, ...]
    sentences: tuple[Sentence, ...]

    @property
    def changes(self) -> int:
        """How many sentences differ."""
        return sum(each.how != "same" for each in self.sentences)


def compared(before: Version | None, after: Version) -> tuple[Sentence, ...]:
    """The sentences of two versions in the order they are read."""
    return tuple(_compare(shown(before).sentences if before else [], shown(after).sentences))


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[Sentence]:
    for what, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (Sentence("same", words) for words in before[start:end])
        else:
            yield from (Sentence("taken", words) for words in before[start:end])
            yield from (Sentence("added", words) for words in after[begin:stop])


def history_of(name: str, *, all_versions: bool = False) -> list[Compared]:
    """The versions of an answer, the newest first: those readers saw, or all of them, each against the one before."""
    answer = Answer.objects.get(name=name)
    versions = list(answer.versions.order_by("number").prefetch_related("reviews__reviewer"))
    if not all_versions:
        versions = [each for each in versions if _was_shown(answer, each)]
    befores: list[Version | None] = [None, *versions]
    pairs = zip(befores, versions, strict=False)
    found = [Compared(after, tuple(after.reviews.all()), compared(before, after)) for before, after in pairs]
    return found[::-1]


def _was_shown(answer: Answer, version: Version) -> bool:
    ours = version.by_id is None and answer.author_id is None
    return ours or any(review.verdict == Review.Verdict.APPROVED for review in version.reviews.all())
