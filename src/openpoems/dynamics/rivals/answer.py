"""From a hazard to the answer every model gives: the risk, its band and its curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openpoems.dynamics.cox import CoxFit
from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import Array, Risk
from openpoems.dynamics.rivals.known import Columns
from openpoems.language import gettext_noop

# Half the width of a 90 % band in standard errors: the .95 quantile of the normal distribution.
BAND = 1.6448536269514722
TOO_FAR = gettext_noop("cannot tell: nobody was followed that long")


def asked(horizon: float, times: Array | None) -> Array:
    """The times at which the curve is wanted, the horizon always last."""
    return np.concatenate([np.empty(0) if times is None else np.asarray(times, dtype=float), [horizon]])


def from_hazard(
    ids: Sequence[str], landmark: float, at: Array, hazard: Array, error: Array, reasons: Sequence[str]
) -> Risk:
    """The answer for cumulative hazards (n, k) by the times `at` with standard errors (n, k) of their logarithm."""
    wide = np.exp(BAND * error)
    curves = [1.0 - np.exp(-hazard * factor) for factor in (1.0, 1.0 / wide, wide)]
    # The relative error of a cumulative hazard shrinks as it grows; the band may not turn back with it.
    risk, lower, upper = (np.maximum.accumulate(curve, axis=1) for curve in curves)
    return Risk(
        ids=tuple(ids),
        landmark=landmark,
        horizon=float(at[-1]),
        risk=risk[:, -1],
        lower=lower[:, -1],
        upper=upper[:, -1],
        reasons=tuple(reasons),
        times=at[:-1],
        curve=risk[:, :-1],
        curve_lower=lower[:, :-1],
        curve_upper=upper[:, :-1],
    )


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked about (`ids`, with their numbers `x` (n, p) and why they may be missing), and from when to when."""

    ids: tuple[str, ...]
    landmark: float
    at: Array
    x: Array
    reasons: Sequence[str]


def question(columns: Columns, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Question:
    """The question about everybody at risk at `landmark`, the horizon last among the times asked for."""
    people = cohort.at_risk(landmark).courses
    x, reasons = columns.rows(people, landmark)
    return Question(tuple(course.id for course in people), landmark, asked(horizon, times), x, reasons)


def cox_answer(asks: Question, fitted: CoxFit, *, clock: float, followed: float, copies: float = 1.0) -> Risk:
    """The answer of a Cox model whose baseline runs on a clock that shows `clock` at the landmark.

    Nobody's risk is told beyond `followed`, the time on that clock to which people were followed. `copies` says how
    often an event stood in the rows: the band is as wide as if it had stood there once.
    """
    at, x = asks.at, asks.x
    reasons = list(asks.reasons)
    if clock + at[-1] > followed:
        reasons = [reason or TOO_FAR for reason in reasons]
    base = fitted.cumulative(clock + at, after=clock)
    relative = fitted.cumulative_error(clock + at, after=clock) / np.maximum(base, 1e-12)
    base = np.where(clock + at > followed, np.nan, base)
    hazard = base[None, :] * np.exp(fitted.predictor(x))[:, None]
    error = np.hypot(relative[None, :], fitted.predictor_error(x)[:, None]) * np.sqrt(copies)
    return from_hazard(asks.ids, asks.landmark, at, hazard, error, reasons)


def fit_to_json(fitted: CoxFit) -> dict[str, Any]:
    """The numbers of a Cox fit as plain lists."""
    return {
        "beta": fitted.beta.tolist(),
        "covariance": fitted.covariance.tolist(),
        "log_likelihood": fitted.log_likelihood,
        "centre": fitted.centre.tolist(),
        "baseline_time": fitted.baseline_time.tolist(),
        "baseline_step": fitted.baseline_step.tolist(),
    }


def fit_from_json(document: dict[str, Any]) -> CoxFit:
    """The Cox fit that `fit_to_json` wrote. Raises KeyError, TypeError or ValueError."""
    beta = np.array(document["beta"], dtype=float)
    return CoxFit(
        beta=beta,
        covariance=np.array(document["covariance"], dtype=float).reshape(len(beta), len(beta)),
        log_likelihood=float(document["log_likelihood"]),
        centre=np.array(document["centre"], dtype=float),
        baseline_time=np.array(document["baseline_time"], dtype=float),
        baseline_step=np.array(document["baseline_step"], dtype=float),
        baseline_stratum=np.zeros(len(document["baseline_time"]), dtype=np.int64),
    )
