"""The words of the knowledge in other languages: the same findings and rules, with names and sentences a reader knows.

Only what stands in a result is put into another language. What records are read by (codes, other names, the names of
drugs and procedures) stays as it is, so that a record means the same whoever looks at it; so do places and sources.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import msgspec

from openpoems.knowledge import response as course
from openpoems.knowledge.model import (
    Caveat,
    Clue,
    CriteriaSet,
    Cutoff,
    DiagnosticTest,
    Finding,
    Form,
    Frequency,
    Group,
    LookAlike,
    Measure,
    PublishedDelay,
    Regimen,
    Remark,
)
from openpoems.knowledge.options import Setting
from openpoems.knowledge.prognosis import PrognosticFactor, PrognosticModel
from openpoems.knowledge.store import Knowledge
from openpoems.language import ENGLISH, gettext, spoken, told_once

# Of each form, the fields that a person reads.
WORDS: dict[type, tuple[str, ...]] = {
    Finding: ("name", "plain"),
    Remark: ("says",),
    Cutoff: ("note",),
    Frequency: ("population",),
    Measure: ("name",),
    Regimen: ("doubt",),
    CriteriaSet: ("name", "conclusion"),
    Group: ("name",),
    Caveat: ("present", "unknown"),
    DiagnosticTest: ("name", "order"),
    LookAlike: ("name",),
    Clue: ("says",),
    PublishedDelay: ("says", "population"),
    course.ResponseRule: ("name", "note"),
    course.ResponseCategory: ("says",),
    course.Progression: ("says",),
    course.InitialWorsening: ("says",),
    course.AlarmRule: ("name", "says"),
    course.Confirmation: ("says",),
    course.Reassurance: ("says",),
    course.PublishedOrder: ("says",),
    course.Confounder: ("name", "says"),
    PrognosticModel: ("name", "predicts", "says", "baseline", "population", "not_told"),
    PrognosticFactor: ("name",),
    Setting: ("name", "plain", "says", "cannot_tell"),
}
_PARTS = (
    "findings", "measures", "regimens", "criteria", "tests", "look_alikes", "delays", "response", "confounders",
    "prognosis", "settings",
)  # fmt: skip


def worded(knowledge: Knowledge) -> Knowledge:
    """The same knowledge with its words in the language of this context."""
    return knowledge if spoken() == ENGLISH else _worded(knowledge)


@told_once(maxsize=None)
def _worded(knowledge: Knowledge) -> Knowledge:
    said = _Said(gettext)
    return replace(knowledge, **{part: said(getattr(knowledge, part)) for part in _PARTS})


def words(knowledge: Knowledge) -> Iterator[str]:
    """Every word that `worded` looks for, and the names that are put into a language where they are shown."""
    found: dict[str, None] = {}

    def hear(word: str) -> str:
        found[word] = None
        return word

    said = _Said(hear)
    for part in _PARTS:
        said(getattr(knowledge, part))
    drugs = (each.name for each in knowledge.agents.values())
    procedures = (each.name for each in knowledge.procedures.values())
    levels = (level.name for each in knowledge.criteria.values() for level in each.levels)
    specimens = (each.specimen for each in knowledge.measures.values())
    categories = [each for rule in knowledge.response.rule.values() for each in rule.category]
    graded = (each.name for each in categories)
    yield from dict.fromkeys(
        (*found, *drugs, *procedures, *filter(None, (*levels, *specimens)), *graded, *_looked_for(knowledge))
    )


def _looked_for(knowledge: Knowledge) -> Iterator[str]:
    """What response looks for beside values: sentences call it by its id."""
    for rule in knowledge.response.rule.values():
        ids = {rule.finding, *(each.finding for each in rule.progression)} - {""}
        for each in rule.category:
            ids.update(each.excluded, each.negative, each.positive)
            yield from each.positive
        yield from (id.replace("-", " ") for id in sorted(ids))


class _Said:
    """Puts the words of a value into a language; what stands in several places stays one and the same."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self.say = say
        self.made: dict[int, Any] = {}

    def __call__(self, value: Any) -> Any:
        if id(value) not in self.made:
            self.made[id(value)] = self._made(value)
        return self.made[id(value)]

    def _made(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(map(self, value))
        if isinstance(value, Form):
            names = value.__struct_fields__
            return msgspec.structs.replace(value, **self._changed(value, names))
        if is_dataclass(value) and type(value).__module__ == CriteriaSet.__module__:
            return replace(value, **self._changed(value, tuple(each.name for each in fields(value))))  # type: ignore[type-var]
        return value

    def _changed(self, value: Any, names: tuple[str, ...]) -> dict[str, Any]:
        spoken_of = WORDS.get(type(value), ())
        parts = {name: getattr(value, name) for name in names}
        return {name: self.say(part) if name in spoken_of and part else self(part) for name, part in parts.items()}
