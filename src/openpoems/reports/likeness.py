"""By what one person is similar to others, and what was done and came of it: coarse groups, each person in one.

The groups partition everybody, so that none is the sum of others; the choices stand in `likeness.toml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Literal

import msgspec

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.logic import Truth
from openpoems.record.time import days
from openpoems.response.respond import ResponseAssessment
from openpoems.risk.age import is_older

DAYS_A_YEAR = 365.25
OUTCOMES = ("CR", "PR", "NR", "cannot-tell")
TURNED = ("turned", "not-seen", "cannot-tell")
_AGE = {Truth.TRUE: "older", Truth.FALSE: "younger"}


class _Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    any_of: frozenset[str]


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, read strictly."""

    made_by: Literal["engineering"]
    older_than_years: int
    years_since_diagnosis: tuple[int, int]
    outcome: str
    done: tuple[_Done, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Likeness:
    """One person: `group` is by what they are similar ("" where something of it is unknown); the rest is counted."""

    group: str
    done: str
    outcome: str
    turned: str

    def __repr__(self) -> str:
        return "<Likeness>"


@cache
def choices() -> Choices:
    """The choices that ship. Raises `msgspec.ValidationError` for a file that does not say what it must."""
    return msgspec.toml.decode(files("openpoems.reports").joinpath("likeness.toml").read_bytes(), type=Choices)


def groups() -> tuple[str, ...]:
    """Every group there can be."""
    parts = (("younger", "older"), ("female", "male"), ("early", "later", "long"), ("none", "one", "several"))
    return tuple("/".join(each) for each in product(*parts))


def done_names() -> tuple[str, ...]:
    """Everything that can be counted as done."""
    return (*(each.id for each in choices().done), "other", "nothing", "cannot-tell")


def likeness(assessment: DiagnosisAssessment, course: ResponseAssessment) -> Likeness:
    """The group of one person as of the day of the assessment, and how the person counts in it."""
    parts = (_age(assessment, course), assessment.record.sex, _since(assessment), _lines(course))
    group = "/".join(parts)
    return Likeness(group if group in groups() else "", _done(course), _outcome(course), _turned(course))


def _age(assessment: DiagnosisAssessment, course: ResponseAssessment) -> str:
    when, record = assessment.delay.diagnosed, assessment.record
    older = is_older(record.birth, when, course.start.days, assessment.as_of, choices().older_than_years)
    return _AGE.get(older, "")


def _since(assessment: DiagnosisAssessment) -> str:
    """How long ago the diagnosis was; "" where imprecise dates leave it open."""
    span = days(assessment.delay.diagnosed, assessment.record.birth)
    bands = {_band(day, assessment.as_of) for day in span or ()}
    return bands.pop() if len(bands) == 1 else ""


def _band(day: int, as_of: date) -> str:
    first, second = choices().years_since_diagnosis
    years = (as_of.toordinal() - day) / DAYS_A_YEAR
    return "early" if years < first else "later" if years < second else "long"


def _lines(course: ResponseAssessment) -> str:
    """How many treatments of the disease were begun; "" where that is in doubt or a treatment has no date."""
    if any(bar.doubt for bar in course.bars):
        return ""
    if not any(bar.counts for bar in course.bars):
        return "none"
    if course.start.days is None:
        return ""
    return "several" if course.lines else "one"


def _done(course: ResponseAssessment) -> str:
    if any(bar.doubt for bar in course.bars):
        return "cannot-tell"
    given = frozenset(part for bar in course.bars if bar.counts for part in bar.parts)
    if not given:
        return "nothing"
    return next((each.id for each in choices().done if each.any_of & given), "other")


def _outcome(course: ResponseAssessment) -> str:
    best = {result.best.category for result in course.of(choices().outcome) if result.best}
    return next((each for each in OUTCOMES if each in best), "cannot-tell")


def _turned(course: ResponseAssessment) -> str:
    if any(result.turns for result in course.results):
        return "turned"
    return "not-seen" if any(result.category for result in course.results) else "cannot-tell"


def tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is counted of each group, and into which parts."""
    yield "similar-done", done_names()
    yield "similar-outcome", OUTCOMES
    yield "similar-turned", TURNED
