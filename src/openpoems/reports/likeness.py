"""By what one person is similar to others, and what was done and came of it: coarse groups, each person in one.

The groups partition everybody, so that none is the sum of others; the choices stand in `likeness.toml`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
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
_SINCE = ("early", "later", "long")
_AGE = {Truth.TRUE: "older", Truth.FALSE: "younger"}


class _Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    any_of: frozenset[str]


class Compared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the traits of two people are made and compared (`traits.py`)."""

    age_reached: tuple[int, ...]
    arms: tuple[int, ...]
    legs: tuple[int, ...]
    grades_stand_years: int
    same: int
    known: int

    def __post_init__(self) -> None:
        """Refuse choices by which "like" would tell each trait of the other."""
        if self.known <= self.same:
            raise ValueError("likeness.toml: more must be known of a person than must be the same")


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, read strictly."""

    made_by: Literal["engineering"]
    older_than_years: int
    years_since_diagnosis: tuple[int, int]
    outcome: str
    compared: Compared
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


@cache
def edition() -> str:
    """By which choices something was made that is kept: others make others."""
    return sha256(files("openpoems.reports").joinpath("likeness.toml").read_bytes()).hexdigest()[:12]


def groups() -> tuple[str, ...]:
    """Every group there can be."""
    parts = (("younger", "older"), ("female", "male"), _SINCE, ("none", "one", "several"))
    return tuple("/".join(each) for each in product(*parts))


def done_names() -> tuple[str, ...]:
    """Everything that can be counted as done."""
    return (*(each.id for each in choices().done), "other", "nothing", "cannot-tell")


def likeness(assessment: DiagnosisAssessment, course: ResponseAssessment) -> Likeness:
    """The group of one person as of the day of the assessment, and how the person counts in it."""
    since = since_diagnosis(assessment)
    parts = (_age(assessment, course), assessment.record.sex, "" if since is None else _SINCE[since], _lines(course))
    group = "/".join(parts)
    return Likeness(group if group in groups() else "", _done(course), _outcome(course), _turned(course))


def _age(assessment: DiagnosisAssessment, course: ResponseAssessment) -> str:
    when, record = assessment.delay.diagnosed, assessment.record
    older = is_older(record.birth, when, course.start.days, assessment.as_of, choices().older_than_years)
    return _AGE.get(older, "")


def since_diagnosis(assessment: DiagnosisAssessment) -> int | None:
    """In which band of years the time since the diagnosis lies; None where imprecise dates leave it open."""
    span = days(assessment.delay.diagnosed, assessment.record.birth)
    years = [(assessment.as_of.toordinal() - day) / DAYS_A_YEAR for day in span or ()]
    bands = {band(each, choices().years_since_diagnosis) for each in years}
    return bands.pop() if len(bands) == 1 else None


def band(value: float, bounds: Iterable[float]) -> int:
    """How many of the bounds a value has reached.

    >>> band(39, (40, 55)), band(40, (40, 55)), band(90, (40, 55))
    (0, 1, 2)
    """
    return sum(value >= bound for bound in bounds)


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
