"""Judge models by people they were not fitted on: cross-validation, landmark by landmark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.alarms import FALSE_AFTER_YEARS, Watch
from openpoems.dynamics.data import Cohort, Course
from openpoems.dynamics.interface import Array, Model, Risk
from openpoems.dynamics.metrics import NetBenefit, Outcome, Score, net_benefit, score
from openpoems.errors import OpenpoemsError

Fitter = Callable[[Cohort], Model]
# The integrated Brier score looks at so many times up to the horizon.
CURVE_POINTS = 8
# Landmarks nobody named stand where these shares of the events have happened.
EVENT_SHARES = (0.2, 0.4, 0.6)
# People are reviewed for alarms every so many years.
REVIEW_YEARS = 0.25
# The decision curve is read at these thresholds.
THRESHOLDS = (0.05, 0.1, 0.2, 0.3)
FEWEST_FOLDS = 2


class CannotEvaluate(OpenpoemsError):
    """A cohort or a question that cannot be evaluated; the message says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked: `landmarks` and `horizon` in years, so many `folds` by `seed`, and whether alarms are reviewed."""

    landmarks: tuple[float, ...]
    horizon: float
    folds: int = 5
    seed: int = 1
    alarms: bool = True

    def times(self) -> Array:
        """The times (years after a landmark) of the risk curve; the last is the horizon."""
        return np.linspace(self.horizon / CURVE_POINTS, self.horizon, CURVE_POINTS)


@dataclass(frozen=True, slots=True, repr=False)
class AtLandmark:
    """The people at risk at one landmark whose risk every model told, and what became of them.

    `places` (n,) are their places in the cohort; `curves` holds (n, k) per model, `lower` and `upper` (n,) its band;
    `untold` people were left out because some model could not tell.
    """

    landmark: float
    places: NDArray[np.int64]
    outcome: Outcome
    curves: Mapping[str, Array]
    lower: Mapping[str, Array]
    upper: Mapping[str, Array]
    untold: int


@dataclass(frozen=True, slots=True, repr=False)
class Predictions:
    """What every model said of people it was not fitted on. `watches` holds the reviews for alarms per model."""

    plan: Plan
    people: int
    landmarks: tuple[AtLandmark, ...]
    watches: Mapping[str, Watch] = field(default_factory=dict)

    def models(self) -> tuple[str, ...]:
        """The names of the models."""
        return tuple(self.landmarks[0].curves)

    def scores(self, model: str) -> tuple[Score, ...]:
        """The measures of one model, landmark by landmark."""
        times = self.plan.times()
        return tuple(score(at.outcome, at.curves[model], times) for at in self.landmarks)

    def decision_curve(self, model: str) -> tuple[tuple[float, NetBenefit], ...]:
        """The net benefit at each landmark and threshold."""
        return tuple(
            (at.landmark, net_benefit(at.outcome, at.curves[model][:, -1], self.plan.horizon, threshold))
            for at in self.landmarks
            for threshold in THRESHOLDS
        )


def default_landmarks(cohort: Cohort) -> tuple[float, ...]:
    """Three landmarks (years, to a twentieth) by which some events have happened. Raises `CannotEvaluate`."""
    times = [course.time for course in cohort.courses if course.event]
    if not times:
        raise CannotEvaluate("no events: nothing can be evaluated")
    return tuple(sorted({max(round(float(np.quantile(times, share)) * 20) / 20, 0.05) for share in EVENT_SHARES}))


def cross_validate(cohort: Cohort, fitters: Mapping[str, Fitter], plan: Plan) -> Predictions:
    """Fit each model on all folds but one and predict that one. Raises `CannotEvaluate` or a model's `CannotFit`."""
    check(cohort, plan)
    fold = assign_folds(cohort, plan.folds, plan.seed)
    parts = []
    for k in range(plan.folds):
        train = cohort.select(np.flatnonzero(fold != k).tolist())
        models = {name: fitter(train) for name, fitter in fitters.items()}
        parts.append((np.flatnonzero(fold == k), models))
    return _collect(cohort, parts, plan)


def validate(cohort: Cohort, models: Mapping[str, Model], plan: Plan) -> Predictions:
    """Judge models that were fitted on other people. Raises `CannotEvaluate`."""
    check(cohort, plan)
    return _collect(cohort, [(np.arange(len(cohort)), dict(models))], plan)


def check(cohort: Cohort, plan: Plan) -> None:
    """Raise `CannotEvaluate` for a question that the cohort cannot answer, naming it."""
    if plan.horizon <= 0 or any(landmark < 0 for landmark in plan.landmarks) or not plan.landmarks:
        raise CannotEvaluate("landmarks must be 0 or later and the horizon longer than 0 years")
    events = sum(course.event for course in cohort.courses)
    if plan.folds < FEWEST_FOLDS or plan.folds > events:
        raise CannotEvaluate(f"{plan.folds} folds and {events} events: take 2 folds or more, and no more than events")
    for landmark in plan.landmarks:
        ahead = [c for c in cohort.courses if c.at_risk(landmark) and c.event and c.time <= landmark + plan.horizon]
        if not ahead:
            raise CannotEvaluate(
                f"landmark {landmark:g}: nobody at risk has an event within {plan.horizon:g} years; choose another"
            )


def assign_folds(cohort: Cohort, folds: int, seed: int) -> NDArray[np.int64]:
    """The fold (0 to `folds` - 1) of everybody, events spread evenly; the order of the people does not matter."""
    rng = np.random.default_rng(seed)
    fold = np.empty(len(cohort), dtype=np.int64)
    for event in (True, False):
        places = sorted(
            (k for k, course in enumerate(cohort.courses) if course.event is event),
            key=lambda k: cohort.courses[k].id,
        )
        fold[rng.permutation(np.array(places, dtype=np.int64))] = np.arange(len(places)) % folds
    return fold


Parts = Sequence[tuple[NDArray[np.int64], Mapping[str, Model]]]


def _collect(cohort: Cohort, parts: Parts, plan: Plan) -> Predictions:
    landmarks = tuple(_at_landmark(cohort, parts, landmark, plan) for landmark in plan.landmarks)
    names = tuple(parts[0][1])
    watches = {name: _watch(cohort, parts, name) for name in names} if plan.alarms else {}
    return Predictions(plan, len(cohort), landmarks, watches)


def _at_landmark(cohort: Cohort, parts: Parts, landmark: float, plan: Plan) -> AtLandmark:
    answers = [
        (
            places,
            {
                name: model.risk(cohort.select(places.tolist()), landmark, plan.horizon, plan.times())
                for name, model in models.items()
            },
        )
        for places, models in parts
    ]
    asked = np.concatenate([_asked(cohort, places, landmark) for places, _ in answers])
    joined = {name: _joined([risks[name] for _, risks in answers]) for name in answers[0][1]}
    told = np.all([~np.isnan(curve).any(axis=1) for curve, _, _ in joined.values()], axis=0)
    if not told.any():
        raise CannotEvaluate(f"landmark {landmark:g}: there is nobody whose risk every model can tell")
    people = [cohort.courses[k] for k in asked[told]]
    return AtLandmark(
        landmark,
        asked[told],
        Outcome.of([course.time - landmark for course in people], [course.event for course in people]),
        {name: curve[told] for name, (curve, _, _) in joined.items()},
        {name: lower[told] for name, (_, lower, _) in joined.items()},
        {name: upper[told] for name, (_, _, upper) in joined.items()},
        int((~told).sum()),
    )


def _asked(cohort: Cohort, places: NDArray[np.int64], landmark: float) -> NDArray[np.int64]:
    """The places of those at risk at the landmark, in the order in which a model answers."""
    return np.array([k for k in places if cohort.courses[k].at_risk(landmark)], dtype=np.int64)


def _joined(risks: Sequence[Risk]) -> tuple[Array, Array, Array]:
    return (
        np.vstack([risk.curve for risk in risks]),
        np.concatenate([risk.lower for risk in risks]),
        np.concatenate([risk.upper for risk in risks]),
    )


def review_times(courses: Sequence[Course]) -> Array:
    """When people are reviewed for alarms (years): regularly, from the first entry to the end of the longest course."""
    first = min(course.entry for course in courses)
    start = np.ceil(first / REVIEW_YEARS - 1e-9) * REVIEW_YEARS
    return np.arange(start, max(course.time for course in courses), REVIEW_YEARS)


def _watch(cohort: Cohort, parts: Parts, name: str) -> Watch:
    """Reviews by the risk within the time in which an alarm must come true."""
    times = review_times(cohort.courses)
    risk = np.full((len(cohort), len(times)), np.nan)
    for places, models in parts:
        some = cohort.select(places.tolist())
        for k, time in enumerate(times):
            asked = _asked(cohort, places, float(time))
            if len(asked):
                risk[asked, k] = models[name].risk(some, float(time), FALSE_AFTER_YEARS).risk
    return Watch(
        times,
        risk,
        np.array([course.entry for course in cohort.courses]),
        np.array([course.time for course in cohort.courses]),
        np.array([course.event for course in cohort.courses], dtype=bool),
    )
