"""The best simple rule as a model: at least double its lowest value and above the limit, twice running.

Engineering, not a guideline: no published rule of a rise is validated. Values of different assays are never joined.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openpoems.dynamics.data import Cohort, Visit
from openpoems.dynamics.interface import Array, Risk
from openpoems.dynamics.rivals.answer import asked
from openpoems.dynamics.rivals.known import NO_VALUE

# A rise by 100 % from the lowest value, seen on this many values in a row.
FOLD = 2.0
IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class RiseRule:
    """The rule with the upper limit of normal per assay; where an assay has none, the rise alone counts.

    Its risk is 1 while the alarm stands and 0 otherwise, at every horizon: it promises no probability.
    """

    limits: tuple[tuple[str, float], ...] = ()

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """1 for every subject at risk at `landmark` whose latest values raise the alarm, 0 for the others."""
        people = cohort.at_risk(landmark).courses
        limits = dict(self.limits)
        risk = np.array([float(alarm(c.visits, limits)) if c.visits else np.nan for c in people], dtype=float)
        reasons = tuple("" if course.visits else NO_VALUE for course in people)
        at = asked(horizon, times)
        curve = np.repeat(risk[:, None], len(at) - 1, axis=1)
        ids = tuple(course.id for course in people)
        return Risk(ids, landmark, horizon, risk, risk, risk, reasons, at[:-1], curve, curve, curve)

    def to_json(self) -> str:
        """The rule as a JSON document."""
        return json.dumps({"model": "rule", "limits": dict(self.limits)})


def alarm(visits: Sequence[Visit], limits: Mapping[str, float]) -> bool:
    """Whether the latest values of any assay (visits in order of time) raise the alarm."""
    return any(
        _alarm([v for v in visits if v.assay == assay], limits.get(assay, 0.0)) for assay in {v.assay for v in visits}
    )


def fit(cohort: Cohort, limits: Mapping[str, float] | None = None) -> RiseRule:
    """The rule with the `limits` of the assays that the cohort uses; there is nothing to learn."""
    told = limits or {}
    return RiseRule(tuple((assay, float(told[assay])) for assay in cohort.assays if assay in told))


def from_json(document: dict[str, Any]) -> RiseRule:
    """The rule that `to_json` wrote. Raises KeyError, TypeError or ValueError."""
    return RiseRule(tuple((str(assay), float(limit)) for assay, limit in document["limits"].items()))


def _alarm(series: Sequence[Visit], limit: float) -> bool:
    """A value beyond a limit of detection stands at that limit."""
    values = [visit.bound()[1] for visit in series]
    if len(values) <= IN_A_ROW:
        return False
    lowest = min(values[:-IN_A_ROW])
    return all(value >= FOLD * lowest and value > limit for value in values[-IN_A_ROW:])
