"""The time-varying Cox model: the hazard follows the last value; a prediction holds that value still."""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from openpoems.dynamics.cox import Counting, CoxFit, fit_cox
from openpoems.dynamics.data import Cohort, Course
from openpoems.dynamics.interface import Array, CannotFit, Risk
from openpoems.dynamics.rivals.answer import cox_answer, fit_from_json, fit_to_json, question
from openpoems.dynamics.rivals.known import Columns

RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class TimeVarying:
    """The fitted model, its baseline on the cohort's clock; `followed` (years) is the longest follow-up it saw."""

    columns: Columns
    followed: float
    fitted: CoxFit

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark`."""
        asks = question(self.columns, cohort, landmark, horizon, times)
        return cox_answer(asks, self.fitted, clock=landmark, followed=self.followed)

    def to_json(self) -> str:
        """The model as a JSON document."""
        return json.dumps(
            {
                "model": "tvcox",
                "assays": self.columns.assays,
                "covariates": self.columns.covariates,
                "followed": self.followed,
                "fit": fit_to_json(self.fitted),
            }
        )


def fit(cohort: Cohort) -> TimeVarying:
    """Fit the model. Raises `CannotFit` without an event of somebody who had a value before it."""
    columns = Columns.of(cohort, slope=False)
    pieces = [piece for course in cohort.courses for piece in _pieces(columns, course)]
    if not any(event for _, _, event, _ in pieces):
        raise CannotFit("no events among people with a value before them: a hazard cannot be learned")
    start, stop, event, x = (np.array(column) for column in zip(*pieces, strict=True))
    rows = Counting.of(stop, event, x, start=start)
    return TimeVarying(columns, float(stop.max()), fit_cox(rows, ridge=RIDGE))


def from_json(document: dict[str, Any]) -> TimeVarying:
    """The model that `to_json` wrote. Raises KeyError, TypeError or ValueError."""
    columns = Columns(tuple(document["assays"]), tuple(document["covariates"]), slope=False)
    return TimeVarying(columns, float(document["followed"]), fit_from_json(document["fit"]))


def _pieces(columns: Columns, course: Course) -> list[tuple[float, float, bool, list[float]]]:
    """The follow-up cut at the visits: (start, stop, event, numbers) of each stretch after a first value."""
    cuts = sorted({visit.time for visit in course.visits if course.entry < visit.time < course.time})
    edges = [course.entry, *cuts, course.time]
    pieces = []
    for start, stop in pairwise(edges):
        row = columns.row(course, start)
        if row and start < stop:
            pieces.append((start, stop, course.event and stop == course.time, row))
    return pieces
