"""Translations of answers, by people: each says claim by claim what its original says, and has its own reviewer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from openpoems.knowledge.answers import Answer as Words
from openpoems.knowledge.answers import Claim
from openpoems.knowledge.check_answers import problems
from openpoems.knowledge.store import knowledge
from openpoems.web.answers.documents import read, stored
from openpoems.web.answers.index import enter_translation
from openpoems.web.answers.models import ORIGINAL, Answer, Translation
from openpoems.web.answers.people import verified
from openpoems.web.registry.actions import Refused

LONGEST_WORDS = 4_000
MOST_TOLD = 5  # lines that were left, in one refusal
# What a claim rests on, and which figures it draws.
_Rests: TypeAlias = tuple[list[str], list[tuple[str, str]]]


@transaction.atomic
def translate(*, by: Any, answer: Answer, language: str, words: Words, at: datetime) -> Translation:
    """A person's translation of the version that readers see, which waits for a reviewer.

    Raises `Refused` where the words are not founded, or do not say claim by claim what the original says.
    """
    if answer.public is None:
        raise Refused(gettext("only what readers see is translated"))
    if language == ORIGINAL or language not in dict(settings.LANGUAGES):
        raise Refused(gettext("this site has no pages in that language"))
    found = [sentence for _place, sentence in problems(answer.name, words, knowledge())]
    found += _strays(read(answer.public.document), words)
    if found:
        raise Refused("; ".join(found))
    return Translation.objects.create(
        answer=answer, language=language, of=answer.public, document=stored(words), by=by, made=at
    )


def _strays(original: Words, words: Words) -> list[str]:
    """Where a translation leaves its original, each as a sentence: the reviewer reads the two side by side."""
    if _shape(original) != _shape(words):
        return [
            gettext(
                "a translation has the same sections as the original, with as many claims in each, and as many lines "
                "of what is not known and what to ask: none may be missing, none may be added"
            )
        ]
    claims = list(zip(original.claims, words.claims, strict=True))
    astray = [
        gettext("“%s” draws other facts than the original does there") % after.says[:60]
        for before, after in claims
        if _rests(before) != _rests(after)
    ]
    left = [f"“{line[:40]}”" for line, again in zip(_lines(original), _lines(words), strict=True) if line == again]
    if left:
        told = ", ".join(left[:MOST_TOLD]) + (" …" if len(left) > MOST_TOLD else "")
        astray.append(gettext("still in the words of the original: %s") % told)
    return astray


def _lines(words: Words) -> Iterator[str]:
    """Every line that a reader meets."""
    yield from (words.question, *(claim.says for claim in words.claims))
    yield from (*(section.title for section in words.section), *words.ask)


def _shape(words: Words) -> tuple[list[int], int, int]:
    return [len(section.claim) for section in words.section], len(words.unknown), len(words.ask)


def _rests(claim: Claim) -> _Rests:
    return sorted(claim.rests_on), sorted(claim.drawn)


@transaction.atomic
def send_back_translation(*, by: Any, translation: Translation, words: str, at: datetime) -> Translation:
    """A verified reviewer says what should change in a translation that waits. Raises `Refused`."""
    verified(by)
    waiting = _waiting(translation)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(
            gettext("say what should change, in at most %d characters: the translator reads it") % LONGEST_WORDS
        )
    waiting.sent_back, waiting.words = at, words.replace("\0", "").strip()
    waiting.save()
    return waiting


def _waiting(translation: Translation) -> Translation:
    """The translation, held: of two reviewers the first decides. Raises `Refused` where one did."""
    held = Translation.objects.select_for_update().get(pk=translation.pk)
    if held.reviewed or held.sent_back:
        raise Refused(gettext("this translation does not wait any more"))
    return held


@transaction.atomic
def approve_translation(*, by: Any, translation: Translation, at: datetime) -> Translation:
    """A verified reviewer, who is not its translator, approves a translation. Raises `Refused`."""
    reviewer = verified(by)
    if translation.by_id == by.pk:
        raise Refused(gettext("whoever translated an answer does not approve it: another reviewer must"))
    waiting = _waiting(translation)
    if waiting.of_id != Answer.objects.get(pk=waiting.answer_id).public_id:
        raise Refused(gettext("the original has changed since: translate it anew"))
    if list(problems(waiting.answer.name, read(waiting.document), knowledge())):
        raise Refused(gettext("a fact of this translation is gone since it was written: translate it anew"))
    waiting.reviewer, waiting.reviewed = reviewer, at
    waiting.save()
    enter_translation(waiting)
    return waiting
