"""What a simple model looks at: the numbers known of each person at a landmark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openpoems.dynamics.data import Cohort, Course, Visit
from openpoems.dynamics.interface import Array, CannotFit
from openpoems.language import gettext_noop

# How far back, in years, the slope looks; and the slope of n values is trusted (n - 1) / (n + 1).
SLOPE_YEARS = 2.0
# Landmarks stand at multiples of the first of these steps (years) that gives no more than so many of them.
STEPS = (1 / 12, 0.25, 0.5, 1.0, 2.0, 5.0)
MOST_LANDMARKS = 40
# A landmark with fewer people or later events teaches nothing.
FEWEST_PEOPLE = 10
FEWEST_EVENTS = 5
NO_VALUE = gettext_noop("cannot tell: no value before the landmark")
NEW_ASSAY = gettext_noop("cannot tell: the last value is from an assay that the model has not seen")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names behind the numbers: `assays` beyond the first get an indicator each, then come the covariates."""

    assays: tuple[str, ...]
    covariates: tuple[str, ...]
    slope: bool

    @classmethod
    def of(cls, cohort: Cohort, *, slope: bool) -> "Columns":
        """The columns that the names of a cohort ask for."""
        return cls(cohort.assays, cohort.covariate_names, slope)

    def row(self, course: Course, landmark: float) -> list[float] | None:
        """The numbers of one person, or None when there is no value that can be used.

        They are the last log10 value, the slope if asked, the assay indicators and the covariates.

        A value beyond a limit of detection stands at that limit.
        """
        visits = [visit for visit in course.visits if visit.time <= landmark]
        if not visits or visits[-1].assay not in self.assays or course.unknown(self.covariates):
            return None
        last = visits[-1]
        return [
            log_value(last),
            *([slope_of(visits)] if self.slope else []),
            *(float(last.assay == name) for name in self.assays[1:]),
            *course.covariates,
        ]

    def rows(self, courses: Sequence[Course], landmark: float) -> tuple[Array, list[str]]:
        """The numbers (n, p) of many, NaN where there is no value, and the reason why ("" elsewhere)."""
        width = 1 + self.slope + len(self.assays) - 1 + len(self.covariates)
        rows = [self.row(course, landmark) for course in courses]
        values = np.array([row if row else [math.nan] * width for row in rows], dtype=float)
        reasons = ["" if row else self._why_not(each, landmark) for row, each in zip(rows, courses, strict=True)]
        return values.reshape(len(courses), width), reasons

    def _why_not(self, course: Course, landmark: float) -> str:
        if unknown := course.unknown(self.covariates):
            return f"cannot tell: {', '.join(unknown)} not known"
        return NEW_ASSAY if course.until(landmark).visits else NO_VALUE


def log_value(visit: Visit) -> float:
    """The log10 of a value, or of the limit it lies beyond."""
    return math.log10(visit.bound()[1])


def slope_of(visits: Sequence[Visit]) -> float:
    """The least-squares slope (log10 per year) of the last value's own assay over the last years, shrunk to 0."""
    last = visits[-1]
    near = [v for v in visits if v.assay == last.assay and v.time > last.time - SLOPE_YEARS]
    times = np.array([visit.time for visit in near])
    values = np.array([log_value(visit) for visit in near])
    away = times - times.mean()
    if not away.any():
        return 0.0
    trust = (len(near) - 1) / (len(near) + 1)
    return float(trust * (away @ (values - values.mean())) / (away @ away))


def landmark_grid(cohort: Cohort) -> Array:
    """Landmarks (years) at round times at which enough people are at risk and have enough events to come."""
    if not any(course.event for course in cohort.courses):
        raise CannotFit("no events: a hazard cannot be learned from people who all stayed free of it")
    entries = np.array([course.entry for course in cohort.courses])
    times = np.array([course.time for course in cohort.courses])
    events = np.array([course.event for course in cohort.courses])
    last = times[events].max()
    step = next((s for s in STEPS if last / s <= MOST_LANDMARKS), last / MOST_LANDMARKS)
    grid = [
        s
        for s in np.arange(0, last + step, step)
        if ((entries <= s) & (times > s)).sum() >= FEWEST_PEOPLE
        and ((entries <= s) & (times > s) & events).sum() >= FEWEST_EVENTS
    ]
    if not grid:
        raise CannotFit(
            f"too few: at no time are {FEWEST_PEOPLE} people at risk with {FEWEST_EVENTS} events still to come"
        )
    return np.array(grid)
