"""How good a predicted risk is among the people at risk at a landmark: discrimination, error, calibration, net benefit.

Times are years since the landmark. People whose follow-up ends before the horizon are not dropped and not counted as
free of the event: those seen to the end stand in for them (inverse probability of censoring weights). Every function
takes `weight`, how often each person counts, so that a bootstrap need not copy anyone. An answer is NaN where the
people at hand cannot give it (nobody with an event, say).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.cox import Counting, fit_cox
from openpoems.dynamics.interface import Array, CannotFit

Truths = NDArray[np.bool_]
# A person is never weighed by more than one over this: one censoring time late in follow-up must not decide a result.
LEAST_UNCENSORED = 1e-3
# A risk of exactly 0 or 1 has no complementary log-log; it is taken this far inside.
INSIDE = 1e-6


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What became of n people after the landmark: `time` (years since it), `event`, `weight`; each of shape (n,)."""

    time: Array
    event: Truths
    weight: Array

    @classmethod
    def of(cls, time: object, event: object, weight: object | None = None) -> "Outcome":
        """An outcome from anything array-like; everyone counts once unless `weight` says otherwise."""
        times = np.asarray(time, dtype=float)
        return cls(
            times,
            np.asarray(event, dtype=bool),
            np.ones(times.shape) if weight is None else np.asarray(weight, dtype=float),
        )

    def known(self, horizon: float) -> tuple[Array, Array]:
        """Weights (n,) of the cases (event by `horizon`) and of the controls (free of it then); 0 for all others."""
        free = censoring(self)
        case = np.where(self.event & (self.time <= horizon), self.weight / free(self.time, before=True), 0.0)
        control = np.where(self.time > horizon, self.weight / free(np.array([horizon])), 0.0)
        return case, control


@dataclass(frozen=True, slots=True)
class StepCurve:
    """A survival curve: it starts at 1 and takes `values[j]` from `times[j]` on."""

    times: Array
    values: Array

    def __call__(self, at: Array, *, before: bool = False) -> Array:
        """The curve at the times `at`, or just before them."""
        place = np.searchsorted(self.times, at, side="left" if before else "right")
        return np.asarray(np.concatenate([[1.0], self.values])[place])


def kaplan_meier(time: Array, event: Truths, weight: Array, *, leaving_first: Truths | None = None) -> StepCurve:
    """The product-limit curve of `event`. `leaving_first` are people who, at a tied time, are no longer at risk."""
    times = np.unique(time[event & (weight > 0)])
    order = np.argsort(time, kind="stable")
    gone = np.concatenate([[0.0], np.cumsum(weight[order])])
    at_risk = gone[-1] - gone[np.searchsorted(time[order], times, side="left")]
    if leaving_first is not None:
        at_risk -= _sum_at(times, time[leaving_first], weight[leaving_first])
    ended = _sum_at(times, time[event], weight[event])
    return StepCurve(times, np.cumprod(1.0 - ended / np.maximum(at_risk, INSIDE)))


def _sum_at(times: Array, time: Array, weight: Array) -> Array:
    """The weight of the people whose `time` is each of `times`."""
    place = np.searchsorted(times, time)
    same = place < len(times)
    same[same] = times[place[same]] == time[same]
    return np.bincount(place[same], weight[same], minlength=len(times)).astype(float)


def censoring(outcome: Outcome) -> StepCurve:
    """The probability of not yet being censored; at a tie the event comes first."""
    curve = kaplan_meier(outcome.time, ~outcome.event, outcome.weight, leaving_first=outcome.event)
    return StepCurve(curve.times, np.maximum(curve.values, LEAST_UNCENSORED))


def auc(outcome: Outcome, risk: Array, horizon: float) -> float:
    """The probability that a case by `horizon` had a higher risk than a control then; a tie counts one half."""
    return weighted_auc(*outcome.known(horizon), risk)


def weighted_auc(case: Array, control: Array, risk: Array) -> float:
    """`auc` from the weights of the cases and of the controls."""
    cases, controls = np.flatnonzero(case), np.flatnonzero(control)
    if not len(cases) or not len(controls):
        return float("nan")
    order = np.argsort(risk[controls], kind="stable")
    ranked, total = risk[controls][order], np.concatenate([[0.0], np.cumsum(control[controls][order])])
    below = total[np.searchsorted(ranked, risk[cases], side="left")]
    not_above = total[np.searchsorted(ranked, risk[cases], side="right")]
    return float((case[cases] * (below + not_above) / 2).sum() / (case[cases].sum() * total[-1]))


def brier(outcome: Outcome, risk: Array, horizon: float) -> float:
    """The mean squared distance between the risk and what happened by `horizon`; 0 is perfect."""
    return weighted_brier(*outcome.known(horizon), risk, float(outcome.weight.sum()))


def weighted_brier(case: Array, control: Array, risk: Array, people: float) -> float:
    """`brier` from the weights of the cases and of the controls, and the number of people."""
    if not people:
        return float("nan")
    return float((case * (1 - risk) ** 2 + control * risk**2).sum() / people)


def integrated_brier(outcome: Outcome, curve: Array, times: Array) -> float:
    """The Brier score averaged over (0, last of `times`] by the trapezium rule; `curve` (n, k) is the risk by them."""
    scores = [0.0, *(brier(outcome, curve[:, k], float(time)) for k, time in enumerate(times))]
    return float(np.trapezoid(scores, np.concatenate([[0.0], times])) / times[-1])


def observed(outcome: Outcome, horizon: float) -> float:
    """The Kaplan-Meier risk of the event by `horizon`."""
    if not outcome.weight.sum():
        return float("nan")
    curve = kaplan_meier(outcome.time, outcome.event, outcome.weight)
    return float(1.0 - curve(np.array([horizon]))[0])


def observed_to_expected(outcome: Outcome, risk: Array, horizon: float) -> float:
    """The Kaplan-Meier risk by `horizon` over the mean predicted risk; above 1 the model promised too much."""
    weight = outcome.weight.sum()
    expected = float((outcome.weight * risk).sum() / weight) if weight else 0.0
    return observed(outcome, horizon) / expected if expected > 0 else float("nan")


def calibration_slope(outcome: Outcome, risk: Array, horizon: float) -> float:
    """The Cox coefficient of the complementary log-log of the risk, follow-up cut at `horizon`.

    1 is right; below 1 the predicted risks are too far apart.
    """
    counted = np.repeat(np.arange(len(risk)), outcome.weight.astype(int))
    inside = np.clip(risk[counted], INSIDE, 1 - INSIDE)
    time, event = outcome.time[counted], outcome.event[counted]
    if inside.size == 0 or np.ptp(inside) == 0:
        return float("nan")
    try:
        rows = Counting.of(np.minimum(time, horizon), event & (time <= horizon), np.log(-np.log1p(-inside)))
        return float(fit_cox(rows, ties="breslow").beta[0])
    except CannotFit:
        return float("nan")


@dataclass(frozen=True, slots=True)
class NetBenefit:
    """Net benefit per person of acting at a risk of `threshold` or more, beside acting on everybody (on nobody: 0)."""

    threshold: float
    model: float
    everybody: float


def net_benefit(outcome: Outcome, risk: Array, horizon: float, threshold: float) -> NetBenefit:
    """One point of the decision curve: true positives less false positives at the odds of `threshold`, per person."""
    case, control = outcome.known(horizon)
    odds, people = threshold / (1 - threshold), outcome.weight.sum()
    acted = risk >= threshold
    model = (case[acted].sum() - odds * control[acted].sum()) / people
    return NetBenefit(threshold, float(model), float((case.sum() - odds * control.sum()) / people))


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of one model at one landmark. `people` were at risk, `events` of them happened by the horizon."""

    people: int
    events: int
    auc: float
    brier: float
    integrated_brier: float
    observed: float
    observed_to_expected: float
    slope: float


def score(outcome: Outcome, curve: Array, times: Array) -> Score:
    """All measures at the last of `times` (years since the landmark); `curve` (n, k) is the risk by each of them."""
    horizon, risk = float(times[-1]), curve[:, -1]
    return Score(
        people=len(risk),
        events=int((outcome.event & (outcome.time <= horizon)).sum()),
        auc=auc(outcome, risk, horizon),
        brier=brier(outcome, risk, horizon),
        integrated_brier=integrated_brier(outcome, curve, times),
        observed=observed(outcome, horizon),
        observed_to_expected=observed_to_expected(outcome, risk, horizon),
        slope=calibration_slope(outcome, risk, horizon),
    )
