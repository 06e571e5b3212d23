"""The models on simulated people whose true risk is known: how far is each from the best that anybody could tell?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openpoems.dynamics.compare import Ringing, ringing
from openpoems.dynamics.evaluate import Fitter, Plan, Predictions, validate
from openpoems.dynamics.interface import Array
from openpoems.dynamics.metrics import auc, brier
from openpoems.dynamics.oracle import Oracle
from openpoems.dynamics.simulate import simulate
from openpoems.dynamics.truth import poems_truth

# The people tested are others than the people fitted on, and the particles have seeds of their own.
TEST_SEED_STEP = 10_000
PARTICLES = 2000


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one model comes to the oracle over all landmarks.

    `rmse` is the root mean squared difference of the risks, `covered` the share of people whose oracle risk lies in
    the model's 90 % band.
    """

    model: str
    auc: float
    brier: float
    rmse: float
    covered: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: fitted on `train` people, judged on `test` others. `oracle_error` is the oracle's Monte Carlo error."""

    train: int
    test: int
    plan: Plan
    oracle_error: float
    nearness: tuple[Nearness, ...]
    ringing: tuple[Ringing, ...]
    predictions: Predictions


def run_trial(train: int, test: int, seed: int, fitters: Mapping[str, Fitter], plan: Plan) -> Trial:
    """Fit on `train` simulated people, judge on `test` others, beside the oracle.

    Raises the `CannotFit` of a model and `CannotEvaluate`.
    """
    truth = poems_truth()
    taught = simulate(train, seed, truth).cohort
    judged = simulate(test, seed + TEST_SEED_STEP, truth).cohort
    predictions = validate(judged, {name: fitter(taught) for name, fitter in fitters.items()}, plan)
    best, errors = [], []
    for at in predictions.landmarks:
        two = [Oracle(truth, PARTICLES, s).risk(judged, at.landmark, plan.horizon).risk for s in (seed, seed + 1)]
        asked = [k for k, course in enumerate(judged.courses) if course.at_risk(at.landmark)]
        told = np.isin(asked, at.places)
        best.append((two[0] + two[1])[told] / 2)
        # Half the difference of two runs is the error of their mean.
        errors.append((two[0] - two[1])[told] / 2)
    nearness = tuple(_nearness(predictions, name, best) for name in predictions.models())
    noise = float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))
    rings = tuple(ringing(predictions)) if plan.alarms and "rule" in fitters else ()
    return Trial(train, test, plan, noise, (_oracle(predictions, best), *nearness), rings, predictions)


def _nearness(predictions: Predictions, model: str, best: list[Array]) -> Nearness:
    away, inside = [], []
    for at, truth in zip(predictions.landmarks, best, strict=True):
        away.append(at.curves[model][:, -1] - truth)
        inside.append((at.lower[model] <= truth) & (truth <= at.upper[model]))
    scores = predictions.scores(model)
    return Nearness(
        model,
        float(np.mean([one.auc for one in scores])),
        float(np.mean([one.brier for one in scores])),
        float(np.sqrt(np.mean(np.concatenate(away) ** 2))),
        float(np.mean(np.concatenate(inside))),
    )


def _oracle(predictions: Predictions, best: list[Array]) -> Nearness:
    horizon = predictions.plan.horizon
    pairs = list(zip(predictions.landmarks, best, strict=True))
    return Nearness(
        "oracle",
        float(np.mean([auc(at.outcome, risk, horizon) for at, risk in pairs])),
        float(np.mean([brier(at.outcome, risk, horizon) for at, risk in pairs])),
        0.0,
        1.0,
    )
