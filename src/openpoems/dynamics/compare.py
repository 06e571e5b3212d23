"""All models side by side on the same people, with what chance alone could do to the difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from openpoems.dynamics import interface
from openpoems.dynamics.alarms import AlarmReport, alarm_report, threshold_for
from openpoems.dynamics.evaluate import AtLandmark, Fitter, Predictions
from openpoems.dynamics.interface import Array
from openpoems.dynamics.metrics import Outcome, weighted_auc, weighted_brier
from openpoems.dynamics.rivals import rule

REPLICATES = 500
# The interval holds the middle 95 % of the replicates.
TAILS = (2.5, 97.5)
RULE = "rule"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over the landmarks with its bootstrap interval; `lower` and `upper` are NaN without replicates."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One model: mean AUC and Brier score over the landmarks, and both minus those of the reference model."""

    model: str
    auc: Mean
    brier: Mean
    auc_difference: Mean
    brier_difference: Mean


@dataclass(frozen=True, slots=True)
class Ringing:
    """The alarms of a model at the sensitivity of the rule, and its false alarms over those of the rule."""

    model: str
    report: AlarmReport
    false_share: float


def fitters(limits: Mapping[str, float] | None = None, names: tuple[str, ...] | None = None) -> dict[str, Fitter]:
    """How to fit each model, the rule last; `limits` are the upper limits per assay that the rule needs."""
    known: dict[str, Fitter] = {name: partial(interface.fit, name) for name in interface.MODELS if name != RULE}
    known[RULE] = partial(rule.fit, limits=limits)
    return {name: known[name] for name in (names or tuple(known))}


def standings(
    predictions: Predictions, reference: str, *, replicates: int = REPLICATES, seed: int = 1
) -> list[Standing]:
    """Every model against `reference`, by a bootstrap of people.

    Each replicate draws the people anew and judges all models on the same draw (paired); the fits stay as they are,
    so the interval is about the people judged, not about the people learned from.
    """
    names, rng = predictions.models(), np.random.default_rng(seed)
    weights = [np.ones(predictions.people)]
    for _ in range(replicates):
        drawn = rng.integers(0, predictions.people, predictions.people)
        weights.append(np.bincount(drawn, minlength=predictions.people).astype(float))
    means = np.array([_means(predictions, names, weight) for weight in weights])
    base = means[:, names.index(reference)]
    return [
        Standing(
            name,
            _mean(means[:, k, 0]),
            _mean(means[:, k, 1]),
            _mean(means[:, k, 0] - base[:, 0]),
            _mean(means[:, k, 1] - base[:, 1]),
        )
        for k, name in enumerate(names)
    ]


def ringing(predictions: Predictions) -> list[Ringing]:
    """The alarms of every model at the sensitivity of the rule (whose threshold is any between 0 and 1)."""
    mark = alarm_report(predictions.watches[RULE], 0.5)
    found = []
    for name in predictions.models():
        watch = predictions.watches[name]
        report = mark if name == RULE else alarm_report(watch, threshold_for(watch, mark.sensitivity))
        share = report.false_per_year / mark.false_per_year if mark.false_per_year else float("nan")
        found.append(Ringing(name, report, share))
    return found


def _means(predictions: Predictions, names: tuple[str, ...], weight: Array) -> Array:
    """The mean AUC and Brier score over the landmarks, (models, 2)."""
    per = np.array([_at(at, names, predictions.plan.horizon, weight) for at in predictions.landmarks])
    return np.asarray(per.mean(axis=0))


def _at(at: AtLandmark, names: tuple[str, ...], horizon: float, weight: Array) -> Array:
    mine = weight[at.places]
    case, control = Outcome(at.outcome.time, at.outcome.event, mine).known(horizon)
    risks = [at.curves[name][:, -1] for name in names]
    return np.array(
        [(weighted_auc(case, control, r), weighted_brier(case, control, r, float(mine.sum()))) for r in risks]
    )


def _mean(values: Array) -> Mean:
    """The first entry is the people as they are, the others are the replicates."""
    drawn = values[1:][~np.isnan(values[1:])]
    lower, upper = np.percentile(drawn, TAILS) if len(drawn) else (np.nan, np.nan)
    return Mean(float(values[0]), float(lower), float(upper))
