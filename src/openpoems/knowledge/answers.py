"""The forms of an answer: a question, a short answer, sections of claims, what is not known, what to ask.

A claim is a sentence in plain words that rests on facts: those it names under `rests_on`, and those whose figures it
draws by their names in braces, `{delay.uclh-2022}`. No figure is typed into the words, so that a changed fact changes
the answer; `fingerprint` tells that it did.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from openpoems.knowledge.drawing import DRAWN, OF_THE_REGISTRY
from openpoems.knowledge.evidence import Fact
from openpoems.knowledge.model import Form

LONGEST_SHORT_ANSWER = 60
Topic = Literal["understand", "diagnosis", "vegf", "treatment", "course", "body", "together"]


class Claim(Form, frozen=True, kw_only=True):
    """A sentence or two, and the facts it rests on beside those whose figures it draws."""

    says: str
    rests_on: tuple[str, ...] = ()

    @property
    def drawn(self) -> list[tuple[str, str]]:
        """Every figure it draws: the fact and which part of it, in the order it is read."""
        return [(match[1], match[2] or "") for match in DRAWN.finditer(self.says)]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it rests on, once; figures of the registry are none."""
        named = (*(name for name, _part in self.drawn), *self.rests_on)
        return tuple(dict.fromkeys(name for name in named if name not in OF_THE_REGISTRY))


class Section(Form, frozen=True, kw_only=True):
    """A part of the full answer."""

    title: str
    claim: tuple[Claim, ...]


class Answer(Form, frozen=True, kw_only=True):
    """One question and its answer; `also` are other ways to ask it."""

    question: str
    topic: Topic
    short: Claim
    section: tuple[Section, ...]
    unknown: tuple[Claim, ...]
    ask: tuple[str, ...]
    written: date
    also: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    rank: int = 100

    @property
    def claims(self) -> Iterator[Claim]:
        """Every claim, in the order it is read."""
        yield self.short
        for section in self.section:
            yield from section.claim
        yield from self.unknown

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it rests on, once, in the order it is read."""
        return tuple(dict.fromkeys(name for claim in self.claims for name in claim.facts))


def fingerprint(answer: Answer, figures: Mapping[str, Fact]) -> str:
    """A digest of everything the answer rests on as it is now: when it differs, a fact has changed since."""
    resting = {name: _told_whole(figures[name]) for name in sorted(answer.facts) if name in figures}
    return hashlib.sha256(json.dumps(resting, sort_keys=True).encode()).hexdigest()


def changed(resting_on: Mapping[str, str], answer: Answer, figures: Mapping[str, Fact]) -> list[str]:
    """The facts of an answer that are no longer what they were (see `resting`), or are gone."""
    now = resting(answer, figures)
    return sorted(name for name in resting_on if now.get(name) != resting_on[name])


def resting(answer: Answer, figures: Mapping[str, Fact]) -> dict[str, str]:
    """A digest of each fact the answer rests on."""
    names = [name for name in answer.facts if name in figures]
    return {name: hashlib.sha256(_told_whole(figures[name]).encode()).hexdigest()[:16] for name in names}


def _told_whole(fact: Fact) -> str:
    figure = (fact.value, fact.low, fact.high, fact.unit, fact.n, fact.after and (fact.after.value, fact.after.unit))
    return json.dumps([fact.says, *figure, fact.cite.ref, fact.cite.where, fact.cite.verified])
