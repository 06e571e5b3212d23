"""By what one person is like another: six coarse traits, each in wide bands, unknown where the record does not tell.

Two are alike when enough of the traits known of both are the same. Nobody is compared of whom fewer than one more are
known, so that "like" never tells a single trait of the other (`docs/decisions/0011`). The bands stand in
`likeness.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.reports.likeness import band, choices, since_diagnosis
from openpoems.response.respond import ResponseAssessment

_SEXES = ("female", "male")


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """What is compared of one person; None where the record gives nothing to compare.

    `age` is the band of the age reached in the year, `since` that of the years since the diagnosis; `nerves` is what
    the arms and hands do, `walking` how the person walks; `treatments` are the groups of `likeness.toml` ever given.
    """

    age: int | None = None
    sex: str | None = None
    since: int | None = None
    nerves: int | None = None
    walking: int | None = None
    treatments: frozenset[str] | None = None

    def __repr__(self) -> str:
        return "<Traits>"

    @property
    def known(self) -> tuple[str, ...]:
        """The names of the traits that are known."""
        return tuple(name for name in NAMES if getattr(self, name) is not None)

    @property
    def enough(self) -> bool:
        """Whether so much is known that "like" tells no single trait of the other."""
        return len(self.known) >= choices().compared.known


NAMES = tuple(each.name for each in fields(Traits))


def traits(assessment: DiagnosisAssessment, course: ResponseAssessment, grades: Mapping[str, int]) -> Traits:
    """The traits of a record as of the day of its assessment; `grades` are those of the latest ONLS, by part."""
    record, by = assessment.record, choices().compared
    return Traits(
        age=band(assessment.as_of.year - record.birth.year, by.age_reached) if record.birth else None,
        sex=record.sex if record.sex in _SEXES else None,
        since=since_diagnosis(assessment),
        nerves=band(grades["arms"], by.arms) if "arms" in grades else None,
        walking=band(grades["legs"], by.legs) if "legs" in grades else None,
        treatments=_treatments(course),
    )


def alike(one: Traits, other: Traits) -> bool:
    """Whether two people are like each other; treatments are the same when one group of them is."""
    if not (one.enough and other.enough):
        return False
    return sum(_same(getattr(one, name), getattr(other, name)) for name in NAMES) >= choices().compared.same


def treatment_groups() -> tuple[str, ...]:
    """The groups of treatments that are told apart."""
    return tuple(each.id for each in choices().done)


def _treatments(course: ResponseAssessment) -> frozenset[str] | None:
    """The groups given; None where none of them was, or what was given is in doubt: there is nothing to compare."""
    if any(bar.doubt for bar in course.bars):
        return None
    given = frozenset(part for bar in course.bars if bar.counts for part in bar.parts)
    return frozenset(each.id for each in choices().done if each.any_of & given) or None


def _same(mine: object, theirs: object) -> bool:
    if mine is None or theirs is None:
        return False
    if isinstance(mine, frozenset) and isinstance(theirs, frozenset):
        return bool(mine & theirs)
    return mine == theirs
