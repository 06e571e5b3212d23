"""The last value carried forward: at each landmark of a grid, a Cox model of its own on the last value before it."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from openpoems.dynamics.cox import Counting, CoxFit, fit_cox, with_baseline
from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import Array, CannotFit, Risk
from openpoems.dynamics.rivals.answer import cox_answer, fit_from_json, fit_to_json, question
from openpoems.dynamics.rivals.known import Columns, landmark_grid

# Coefficients are learned from this many years after a landmark; the baseline hazard from all of follow-up.
WINDOW_YEARS = 3.0
# A little shrinkage keeps a landmark with five events from promising certainty.
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class LastValue:
    """The fitted models, one per landmark; a risk is told by the model of the landmark nearest to the one asked for.

    `followed` (years) is the longest follow-up they were taught on.
    """

    columns: Columns
    followed: float
    landmarks: tuple[float, ...]
    fits: tuple[CoxFit, ...]

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark`."""
        nearest = int(np.argmin(np.abs(np.array(self.landmarks) - landmark)))
        asks = question(self.columns, cohort, landmark, horizon, times)
        return cox_answer(asks, self.fits[nearest], clock=0.0, followed=self.followed - self.landmarks[nearest])

    def to_json(self) -> str:
        """The model as a JSON document."""
        return json.dumps(
            {
                "model": "locf",
                "assays": self.columns.assays,
                "covariates": self.columns.covariates,
                "followed": self.followed,
                "landmarks": self.landmarks,
                "fits": [fit_to_json(fitted) for fitted in self.fits],
            }
        )


def fit(cohort: Cohort) -> LastValue:
    """Fit one model per landmark. Raises `CannotFit` when at no landmark there is enough to learn from."""
    columns = Columns.of(cohort, slope=False)
    fits = {float(s): found for s in landmark_grid(cohort) if (found := _fit_at(cohort, columns, float(s)))}
    if not fits:
        raise CannotFit("too few: at no landmark do people with a value have an event within the window")
    followed = max(course.time for course in cohort.courses)
    return LastValue(columns, followed, tuple(fits), tuple(fits.values()))


def from_json(document: dict[str, Any]) -> LastValue:
    """The model that `to_json` wrote. Raises KeyError, TypeError or ValueError."""
    return LastValue(
        Columns(tuple(document["assays"]), tuple(document["covariates"]), slope=False),
        float(document["followed"]),
        tuple(float(landmark) for landmark in document["landmarks"]),
        tuple(fit_from_json(one) for one in document["fits"]),
    )


def _fit_at(cohort: Cohort, columns: Columns, landmark: float) -> CoxFit | None:
    people = cohort.at_risk(landmark).courses
    x, reasons = columns.rows(people, landmark)
    known = np.array([not reason for reason in reasons])
    time = np.array([course.time - landmark for course in people])[known]
    event = np.array([course.event for course in people])[known]
    early = event & (time <= WINDOW_YEARS)
    if not early.any():
        return None
    near = Counting.of(np.minimum(time, WINDOW_YEARS), early, x[known])
    return with_baseline(fit_cox(near, ridge=RIDGE), Counting.of(time, event, x[known]))
