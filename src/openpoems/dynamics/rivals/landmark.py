"""The landmark supermodel: one Cox model over all landmarks at once, whose effects drift smoothly from one to the next.

Every person stands in the data once per landmark at which they were at risk, with the last value and the slope known
then. Time runs on the cohort's clock, and each row is at risk from its landmark on.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from openpoems.dynamics.cox import Counting, CoxFit, fit_cox, with_baseline
from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import Array, CannotFit, Risk
from openpoems.dynamics.rivals.answer import cox_answer, fit_from_json, fit_to_json, question
from openpoems.dynamics.rivals.known import Columns, landmark_grid

WINDOW_YEARS = 3.0
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Supermodel:
    """The fitted model. `reach` (years) is the last landmark it was taught at: it stands for all later ones.

    `followed` (years) is the longest follow-up it was taught on, `middle` the mean value (log10) it was taught on;
    every event it learned from stood at `copies` landmarks on average.
    """

    columns: Columns
    followed: float
    reach: float
    middle: float
    copies: float
    fitted: CoxFit

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark`."""
        asks = question(self.columns, cohort, landmark, horizon, times)
        asks = replace(asks, x=drift(asks.x, min(landmark, self.reach) / self.reach, self.middle))
        return cox_answer(asks, self.fitted, clock=landmark, followed=self.followed, copies=self.copies)

    def to_json(self) -> str:
        """The model as a JSON document."""
        return json.dumps(
            {
                "model": "landmark",
                "assays": self.columns.assays,
                "covariates": self.columns.covariates,
                "followed": self.followed,
                "reach": self.reach,
                "middle": self.middle,
                "copies": self.copies,
                "fit": fit_to_json(self.fitted),
            }
        )


def drift(x: Array, share: float, middle: float) -> Array:
    """The columns (n, p) with what lets the effects change: the value times the landmark, the landmark, its square.

    `share` is the landmark over the last one taught at, so between 0 and 1. The value counts from the `middle`, so that
    its unit changes nothing.
    """
    ones = np.ones((len(x), 1))
    return np.hstack([x, (x[:, :1] - middle) * share, ones * share, ones * share**2])


def fit(cohort: Cohort) -> Supermodel:
    """Fit the model. Raises `CannotFit` when at no landmark there is enough to learn from."""
    columns, grid = Columns.of(cohort, slope=True), landmark_grid(cohort)
    reach = max(float(grid[-1]), 1e-9)
    stacks = [_stack(cohort, columns, float(s)) for s in grid]
    start, time, event = (np.concatenate([stack[place] for stack in stacks]) for place in range(3))
    if not len(time):
        raise CannotFit("too few: at no landmark is there a value")
    middle = float(np.concatenate([stack[3][:, 0] for stack in stacks]).mean())
    x = np.vstack([drift(stack[3], float(s) / reach, middle) for s, stack in zip(grid, stacks, strict=True)])
    early = event & (time <= start + WINDOW_YEARS)
    if not early.any():
        raise CannotFit("too few: at no landmark do people with a value have an event within the window")
    near = Counting.of(np.minimum(time, start + WINDOW_YEARS), early, x, start=start)
    whole = Counting.of(time, event, x, start=start)
    # One event stands in many landmarks: these ties are copies, which Breslow's way counts rightly and Efron's not.
    fitted = with_baseline(fit_cox(near, ridge=RIDGE, ties="breslow"), whole, ties="breslow")
    followed = max(course.time for course in cohort.courses)
    copies = float(early.sum()) / len(np.unique(time[early]))
    return Supermodel(columns, followed, reach, middle, copies, fitted)


def from_json(document: dict[str, Any]) -> Supermodel:
    """The model that `to_json` wrote. Raises KeyError, TypeError or ValueError."""
    columns = Columns(tuple(document["assays"]), tuple(document["covariates"]), slope=True)
    followed, reach, middle, copies = (float(document[name]) for name in ("followed", "reach", "middle", "copies"))
    return Supermodel(columns, followed, reach, middle, copies, fit_from_json(document["fit"]))


def _stack(cohort: Cohort, columns: Columns, landmark: float) -> tuple[Array, Array, Array, Array]:
    people = cohort.at_risk(landmark).courses
    x, reasons = columns.rows(people, landmark)
    known = np.array([not reason for reason in reasons], dtype=bool)
    time = np.array([course.time for course in people])[known]
    event = np.array([course.event for course in people], dtype=bool)[known]
    return np.full(time.shape, landmark), time, event, x[known]
