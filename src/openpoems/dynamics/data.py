"""The data of a dynamic prediction: who was measured when, treated when, and what became of them.

Times are years on one clock per subject (time 0 is whatever the centre chose, the start of treatment for instance).
Values are positive and in one unit; every model works on their log10.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Literal, NamedTuple, TypeAlias

Comparator: TypeAlias = Literal["", "<", ">"]


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """One value of the biomarker.

    `time` is in years, `value` in the cohort's unit, `assay` names the assay and specimen ("" when there is only one).
    `comparator` "<" says that the true value lies below `value`, ">" above it. `lod` is the lower limit of detection
    where it was told; a value at or below it counts as "<" that limit.
    """

    time: float
    value: float
    assay: str = ""
    comparator: Comparator = ""
    lod: float | None = None

    def bound(self) -> tuple[Comparator, float]:
        """How the value binds the truth: "" with the value itself, "<" or ">" with the limit it lies beyond."""
        if self.lod is not None and self.comparator != ">" and self.value <= self.lod:
            return "<", self.lod
        return self.comparator, self.value


class Treatment(NamedTuple):
    """The start of a treatment, `time` in years."""

    time: float
    treatment: str


@dataclass(frozen=True, slots=True, repr=False)
class Course:
    """One subject: the visits in order of time, the treatment starts, and the follow-up.

    The subject is at risk from `entry` to `time` (years); `event` says whether the event ended it. `covariates` are
    the numbers that the cohort's `covariate_names` name, NaN where one is not known.
    """

    id: str
    visits: tuple[Visit, ...]
    treatments: tuple[Treatment, ...] = ()
    entry: float = 0.0
    time: float = 0.0
    event: bool = False
    covariates: tuple[float, ...] = ()

    def until(self, landmark: float) -> "Course":
        """What was known at `landmark` (years): later visits and treatments are not there."""
        return replace(
            self,
            visits=tuple(visit for visit in self.visits if visit.time <= landmark),
            treatments=tuple(start for start in self.treatments if start.time <= landmark),
        )

    def unknown(self, names: Sequence[str]) -> tuple[str, ...]:
        """Which of the covariates, whose `names` these are, are not known (NaN)."""
        return tuple(name for name, number in zip(names, self.covariates, strict=True) if isnan(number))

    def at_risk(self, landmark: float) -> bool:
        """Whether the subject had entered, and was still followed without event, at `landmark` (years)."""
        return self.entry <= landmark < self.time


@dataclass(frozen=True, slots=True, repr=False)
class Cohort:
    """Subjects with the names that their assays, treatments and covariates go by.

    The most used assay comes first: models take it as the one whose scale the others are compared with.
    """

    courses: tuple[Course, ...]
    assays: tuple[str, ...] = ("",)
    treatments: tuple[str, ...] = ()
    covariate_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.courses)

    def at_risk(self, landmark: float) -> "Cohort":
        """The subjects at risk at `landmark` (years), with only what was known then."""
        kept = tuple(course.until(landmark) for course in self.courses if course.at_risk(landmark))
        return replace(self, courses=kept)

    def complete(self) -> "Cohort":
        """The subjects of whom every covariate is known: those a model can learn from."""
        kept = tuple(course for course in self.courses if not course.unknown(self.covariate_names))
        return replace(self, courses=kept)

    def select(self, indices: Iterable[int]) -> "Cohort":
        """The subjects at these places, in this order; the names stay those of the whole cohort."""
        return replace(self, courses=tuple(self.courses[index] for index in indices))


def cohort_of(courses: Sequence[Course], covariate_names: Sequence[str] = ()) -> Cohort:
    """A cohort of `courses`, its visits in order of time and its names collected from them."""
    ordered = tuple(
        replace(
            course, visits=tuple(sorted(course.visits, key=_visit_order)), treatments=tuple(sorted(course.treatments))
        )
        for course in courses
    )
    used = Counter(visit.assay for course in ordered for visit in course.visits)
    assays = tuple(sorted(used, key=lambda name: (-used[name], name))) or ("",)
    treatments = tuple(sorted({start.treatment for course in ordered for start in course.treatments}))
    return Cohort(ordered, assays, treatments, tuple(covariate_names))


def _visit_order(visit: Visit) -> tuple[float, str, float, str]:
    return visit.time, visit.assay, visit.value, visit.comparator
