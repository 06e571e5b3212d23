"""The Cox model by partial likelihood: tied events, delayed entry, strata, a little ridge, the baseline hazard.

Small on purpose: it serves the rival models, the calibration slope and the published hazard ratios. The sums over the
people at risk come from cumulative sums, so that a fit of many thousand rows takes a fraction of a second.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.interface import CannotFit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ties = Literal["efron", "breslow"]

# Where the search for the coefficients ends: the change of the log-likelihood that no longer matters.
TOLERANCE = 1e-10
MOST_STEPS = 60
MOST_HALVINGS = 30
# The linear predictor is kept where its exponential is a number.
LARGEST_PREDICTOR = 200.0
# ... and a sum over people at risk stays above 0 where rounding would take it there.
LEAST_SUM = 1e-300
# A covariate that varies by less than this, of its size, does not vary: what is seen is rounding.
LEAST_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Counting:
    """Rows in counting-process form: at risk in (`start`, `stop`], with `event` at `stop`.

    `start`, `stop`, `event` and `stratum` have shape (n,), `x` has shape (n, p). Times are in years; a person may
    have many rows that do not overlap (values that change over time) or that do, in different strata (landmarks).
    """

    start: Floats
    stop: Floats
    event: NDArray[np.bool_]
    x: Floats
    stratum: Integers

    @classmethod
    def of(
        cls, stop: object, event: object, x: object, start: object | None = None, stratum: object | None = None
    ) -> "Counting":
        """Rows from anything array-like. Raises `CannotFit` when a row or the whole cannot be used."""
        end = np.asarray(stop, dtype=float)
        values = np.asarray(x, dtype=float)
        made = cls(
            np.full(end.shape, -np.inf) if start is None else np.asarray(start, dtype=float),
            end,
            np.asarray(event, dtype=bool),
            values.reshape(len(end), -1),
            np.zeros(end.shape, dtype=np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64),
        )
        made.check()
        return made

    def check(self) -> None:
        """Raise `CannotFit` for lengths that differ, a row that ends before it starts, or a value not finite."""
        n = len(self.stop)
        if any(len(column) != n for column in (self.start, self.event, self.x, self.stratum)):
            raise CannotFit("the columns of a Cox model must have one entry per row")
        if not (self.start < self.stop).all():
            raise CannotFit("a row of a Cox model must end after it starts")
        if not np.isfinite(self.x).all():
            raise CannotFit("a covariate of a Cox model is not a finite number")
        if not self.event.any():
            raise CannotFit("no events: a hazard cannot be learned from people who all stayed free of it")


@dataclass(frozen=True, slots=True)
class CoxFit:
    """What was learned: `beta` (p,), its covariance (p, p), the log partial likelihood, and the baseline hazard.

    The baseline is that of a person with covariates equal to `centre`: in stratum `baseline_stratum[j]` the
    cumulative hazard rises by `baseline_step[j]` at `baseline_time[j]`.
    """

    beta: Floats
    covariance: Floats
    log_likelihood: float
    centre: Floats
    baseline_time: Floats
    baseline_step: Floats
    baseline_stratum: Integers

    def predictor(self, x: Floats) -> Floats:
        """The linear predictor (n,) of covariates (n, p), against the centre."""
        return np.asarray((x - self.centre) @ self.beta)

    def cumulative(self, times: Floats, *, after: float = -np.inf, stratum: int = 0) -> Floats:
        """The baseline cumulative hazard in (`after`, t] for every t of `times`."""
        mine = (self.baseline_stratum == stratum) & (self.baseline_time > after)
        return _running_at(self.baseline_time[mine], self.baseline_step[mine], times)

    def cumulative_error(self, times: Floats, *, after: float = -np.inf, stratum: int = 0) -> Floats:
        """The standard error of `cumulative`, the coefficients taken as known."""
        mine = (self.baseline_stratum == stratum) & (self.baseline_time > after)
        return np.sqrt(_running_at(self.baseline_time[mine], self.baseline_step[mine] ** 2, times))

    def predictor_error(self, x: Floats) -> Floats:
        """The standard error (n,) of the linear predictor of covariates (n, p)."""
        away = x - self.centre
        return np.asarray(np.sqrt(np.maximum(np.einsum("ni,ij,nj->n", away, self.covariance, away), 0.0)))


def _running_at(places: Floats, steps: Floats, times: Floats) -> Floats:
    """The sum of the `steps` whose place is not after each of `times`."""
    order = np.argsort(places, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(steps[order])])
    return np.asarray(total[np.searchsorted(places[order], times, side="right")])


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each row stands when the rows are sorted by stratum and time, and who shares an event time."""

    by_stop: Integers
    by_start: Integers
    stops_from: Integers
    stops_to: Integers
    starts_from: Integers
    starts_to: Integers
    events: Integers
    group: Integers
    fraction: Floats


def _layout(rows: Counting, ties: Ties) -> _Layout:
    times = np.unique(np.concatenate([rows.start, rows.stop]))
    width = len(times) + 1
    stop_key = rows.stratum * width + np.searchsorted(times, rows.stop)
    start_key = rows.stratum * width + np.searchsorted(times, rows.start)
    events = np.flatnonzero(rows.event)
    keys, group, size = np.unique(stop_key[events], return_inverse=True, return_counts=True)
    place = np.empty(len(events))
    place[np.argsort(group, kind="stable")] = np.concatenate([np.arange(count) for count in size])
    by_stop, by_start = np.argsort(stop_key, kind="stable"), np.argsort(start_key, kind="stable")
    ends = (keys // width + 1) * width
    return _Layout(
        by_stop,
        by_start,
        np.asarray(np.searchsorted(stop_key[by_stop], keys)),
        np.asarray(np.searchsorted(stop_key[by_stop], ends)),
        np.asarray(np.searchsorted(start_key[by_start], keys)),
        np.asarray(np.searchsorted(start_key[by_start], ends)),
        events,
        group,
        place / size[group] if ties == "efron" else np.zeros(len(events)),
    )


def _at_risk(layout: _Layout, amounts: Floats) -> Floats:
    """The sum of `amounts` (n, …) over the people at risk at every distinct event time."""
    stops, starts = _onwards(amounts[layout.by_stop]), _onwards(amounts[layout.by_start])
    in_time = stops[layout.stops_from] - stops[layout.stops_to]
    return np.asarray(in_time - (starts[layout.starts_from] - starts[layout.starts_to]))


def _onwards(amounts: Floats) -> Floats:
    """The sum from each row to the last, and 0. Summed from the end: the high risks, who leave first, come in last."""
    return np.concatenate([np.cumsum(amounts[::-1], axis=0)[::-1], np.zeros((1, *amounts.shape[1:]))])


def _tied(layout: _Layout, amounts: Floats) -> Floats:
    """The sum of `amounts` (n, …) over the events at every distinct event time."""
    total = np.zeros((len(layout.stops_from), *amounts.shape[1:]))
    np.add.at(total, layout.group, amounts[layout.events])
    return total


def _shared(layout: _Layout, amounts: Floats) -> Floats:
    """One row per event: the sum at risk, less Efron's share of the events at the same time."""
    share = layout.fraction.reshape(-1, *([1] * (amounts.ndim - 1)))
    return np.asarray(_at_risk(layout, amounts)[layout.group] - share * _tied(layout, amounts)[layout.group])


def _likelihood(rows: Counting, x: Floats, layout: _Layout, beta: Floats) -> tuple[float, Floats, Floats]:
    """The log partial likelihood with its gradient (p,) and information (p, p)."""
    predictor = np.clip(x @ beta, -LARGEST_PREDICTOR, LARGEST_PREDICTOR)
    weight = np.exp(predictor)
    s0 = np.maximum(_shared(layout, weight), LEAST_SUM)
    mean = _shared(layout, weight[:, None] * x) / s0[:, None]
    square = _shared(layout, weight[:, None, None] * x[:, :, None] * x[:, None, :]) / s0[:, None, None]
    value = float((predictor[layout.events] - np.log(s0)).sum())
    gradient = (x[layout.events] - mean).sum(axis=0)
    information = (square - mean[:, :, None] * mean[:, None, :]).sum(axis=0)
    return value, gradient, information


def fit_cox(rows: Counting, *, ridge: float = 0.0, ties: Ties = "efron") -> CoxFit:
    """The coefficients that maximise the (penalised) partial likelihood, by Newton steps that never go down.

    `ridge` is the precision of a normal prior around zero on the coefficients of covariates scaled to standard
    deviation one. Raises `CannotFit` when the rows hold no event.
    """
    rows.check()
    centre, spread = rows.x.mean(axis=0), rows.x.std(axis=0)
    scale = np.where(spread > LEAST_SPREAD * (1 + np.abs(centre)), spread, 1.0)
    x, layout = (rows.x - centre) / scale, _layout(rows, ties)
    beta = _climb(rows, x, layout, ridge)
    value, _, information = _likelihood(rows, x, layout, beta)
    bent = information + ridge * np.eye(len(beta))
    covariance = np.linalg.pinv(bent, hermitian=True) / np.outer(scale, scale)
    none = np.empty(0)
    fitted = CoxFit(beta / scale, covariance, value, centre, none, none, np.empty(0, dtype=np.int64))
    return with_baseline(fitted, rows, ties=ties)


def with_baseline(fitted: CoxFit, rows: Counting, *, ties: Ties = "efron") -> CoxFit:
    """The same coefficients, with Breslow's baseline hazard of `rows` (which may be followed longer than the fit)."""
    layout = _layout(rows, ties)
    predictor = np.clip(fitted.predictor(rows.x), -LARGEST_PREDICTOR, LARGEST_PREDICTOR)
    at = layout.events
    steps = 1.0 / np.maximum(_shared(layout, np.exp(predictor)), LEAST_SUM)
    return replace(fitted, baseline_time=rows.stop[at], baseline_step=steps, baseline_stratum=rows.stratum[at])


def _climb(rows: Counting, x: Floats, layout: _Layout, ridge: float) -> Floats:
    beta = np.zeros(x.shape[1])

    def height(at: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, information = _likelihood(rows, x, layout, at)
        return (
            value - 0.5 * ridge * float(at @ at),
            gradient - ridge * at,
            information + ridge * np.eye(len(at)),
        )

    value, gradient, information = height(beta)
    for _ in range(MOST_STEPS):
        step = np.linalg.pinv(information, hermitian=True) @ gradient
        reached = height(beta + step)
        for _ in range(MOST_HALVINGS):
            if reached[0] >= value - TOLERANCE:
                break
            step = step / 2
            reached = height(beta + step)
        gained = reached[0] - value
        beta, (value, gradient, information) = beta + step, reached
        if gained < TOLERANCE:
            break
    return beta
