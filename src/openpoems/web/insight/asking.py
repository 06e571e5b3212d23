"""What to ask at the next visit: one sentence for each thing that the record leaves open, and none besides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from openpoems.web.clinic.followup import Due
from openpoems.web.insight import words
from openpoems.web.insight.answer import Current
from openpoems.web.insight.shown import series_name

Json = dict[str, Any]
MOST_TESTS = 3


@dataclass(frozen=True, slots=True, repr=False)
class Open:
    """What is open in a record beside its assessment: what is due, what nobody verified, what contradicts itself."""

    due: tuple[Due, ...] = ()
    unverified: int = 0
    conflicts: int = 0

    def __repr__(self) -> str:
        return "<Open>"


def questions(document: Json, now: Current | None, beside: Open) -> tuple[str, ...]:
    """The questions, the most pressing first."""
    return (
        *_turned(now),
        *_alarms(document, now),
        *_worse(now),
        *map(due_words, beside.due),
        *_unsettled(document["diagnosis"][0]),
        *_entries(beside),
    )


def _turned(now: Current | None) -> Iterator[str]:
    for turn in now.turns if now else ():
        told = {"name": turn.name, "kind": words.TURNS[turn.kind], "when": words.day(turn.when)}
        if turn.confirmed:
            yield gettext("%(name)s showed a %(kind)s on %(when)s. What does it mean for the treatment?") % told
        else:
            yield gettext("%(name)s showed a %(kind)s on %(when)s. When is it measured again, to confirm it?") % told


def _alarms(document: Json, now: Current | None) -> Iterator[str]:
    for each in now.alarms if now else ():
        told = {"name": series_name(each["series"], document["response"]), "says": gettext(each["says"])}
        yield gettext("A simple rule asks to look again at %(name)s: %(says)s. Is a second sample needed?") % told


def _worse(now: Current | None) -> Iterator[str]:
    turned = {turn.name for turn in now.turns} if now else set()
    for each in now.seen if now else ():
        if each.direction in ("worse", "worse-again") and each.name not in turned:
            yield gettext("%(name)s is worse since the treatment began. What can be done?") % {"name": each.name}


def due_words(due: Due) -> str:
    """What is due, in a sentence with its question."""
    told = {"title": gettext(due.rule.title), "last": words.day(due.last.isoformat()) if due.last else ""}
    if due.last is None:
        return gettext("%(title)s is not in the record. Has it been measured?") % told
    return ngettext(
        "%(title)s was last measured on %(last)s; once in %(months)d month is proposed. Is it due?",
        "%(title)s was last measured on %(last)s; once in %(months)d months is proposed. Is it due?",
        due.rule.every_months,
    ) % (told | {"months": due.rule.every_months})


def _unsettled(head: Json) -> Iterator[str]:
    if head["status"] == "undetermined" and head["next_tests"]:
        tests = words.listed(gettext(each["name"]) for each in head["next_tests"][:MOST_TESTS])
        yield gettext("The criteria are not settled. Have these been done: %(tests)s?") % {"tests": tests}


def _entries(beside: Open) -> Iterator[str]:
    if beside.conflicts:
        yield ngettext(
            "In %(n)d place the record says two things. Which is right?",
            "In %(n)d places the record says two things. Which is right?",
            beside.conflicts,
        ) % {"n": beside.conflicts}
    if beside.unverified:
        yield ngettext(
            "%(n)d entry was not yet looked at by a clinician. Can it be checked?",
            "%(n)d entries were not yet looked at by a clinician. Can they be checked?",
            beside.unverified,
        ) % {"n": beside.unverified}
